import type { EnvironmentState, Release } from '../../../../lambda/domain/model';
import { closeItsPath } from '../../../../lambda/domain/safety-net/close-its-path';
import { closeOwnPath } from '../../../../lambda/domain/safety-net/close-own-path';
import { endOfOwnPath } from '../../../../lambda/domain/safety-net/ended-path';
import { pipelineFinished } from '../../../../lambda/domain/safety-net/ended-pipeline';
import { rescueEnvironment } from '../../../../lambda/domain/safety-net/rescue-environment';
import { rollBackWaves } from '../../../../lambda/domain/safety-net/roll-back-waves';
import { whereItWas } from '../../../../lambda/domain/safety-net/where-it-was';
import { opened } from '../../example-gate';
import { examplePlan, exampleRelease, exampleWorld, liveEnvironment, snapshot, taskInput } from '../../example-path';
import type { InMemoryPorts } from '../../in-memory-ports';
import { GREEN_TASK, inTheShadow, shiftedTo } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';
const PATH = exampleRelease('1.1.0').execution;
const CHILD = taskInput('1.1.0').execution;
const ended = (execution: string, given: object = {}) => ({ execution, release: '1.1.0', how: 'ABORTED', ...given });
const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const release = async (ports: InMemoryPorts, version = '1.1.0') => (await ports.ledger.release(version)) as Release;
const seed = async (ports: InMemoryPorts, given: Partial<EnvironmentState>) => ports.ledger.seed({ ...(await environment(ports)), ...given });
const waits = (version: string, execution: string) => ({ release: version, execution, submittedAt: NOW, since: NOW, until: NOW });

describe('an environment whose machine died', () => {
  test('before it let its release in keeps it out, and says so once', async () => {
    const ports = exampleWorld();
    const { revision, ...before } = await release(ports);
    expect(await rescueEnvironment(ports, ended(CHILD), 'Production')).toBe(false);
    const aborted = { by: CHILD, reason: 'the machine of Production ended: ABORTED', at: NOW };
    expect(await release(ports)).toEqual({ ...before, revision: revision + 1, aborted });
    expect(ports.ledger.commits.flatMap(({ audit }) => audit)).toEqual([]);
    const fields = { release: '1.1.0', environment: 'Production', actual: 'ABORTED' };
    expect(ports.log.lines).toEqual([{ level: 'info', message: 'safety net keeps the release out', fields }]);
  });

  test.each<[string, Partial<Release>, string]>([
    ['has ended', { status: 'stopped' }, CHILD],
    ['is aborted, by somebody else', { aborted: { by: 'arn:service-manager', reason: 'no', at: NOW } }, CHILD],
    ['has been there', { reached: { Production: 'shadow' } }, CHILD],
    ['goes on by another attempt', { execution: 'arn:aws:states:eu-west-2:111111111111:execution:Payments-path:1.1.0-2' }, CHILD],
    ['has its path machine for that', {}, PATH],
  ])('leaves a release as it is that %s', async (_, given, execution) => {
    const ports = exampleWorld();
    ports.ledger.seed({ ...(await release(ports)), ...given });
    const before = snapshot(ports);
    expect(await rescueEnvironment(ports, ended(execution), 'Production')).toBe(false);
    expect(snapshot(ports)).toEqual(before);
    expect(ports.log.lines).toEqual([]);
  });

  test('leaves all as it is where its release is nobody’s', async () => {
    const ports = exampleWorld();
    const before = snapshot(ports);
    for (const version of [undefined, '9.9.9']) expect(await rescueEnvironment(ports, ended(CHILD, { release: version }), 'Production')).toBe(false);
    expect(snapshot(ports)).toEqual(before);
  });

  test('where it waited for its turn leaves the queue to whoever waits behind it', async () => {
    const ports = exampleWorld();
    ports.ledger.seed({ ...(await release(ports)), status: 'stopped' });
    await seed(ports, { waiting: [waits('1.1.0', CHILD), waits('1.2.0', 'other')] });
    await rescueEnvironment(ports, ended(CHILD), 'Production');
    expect((await environment(ports)).waiting).toEqual([waits('1.2.0', 'other')]);
    expect(ports.ledger.commits.flatMap(({ audit }) => audit)).toEqual([]);
    expect(ports.log.lines).toEqual([{ level: 'info', message: 'safety net left the queue', fields: { release: '1.1.0', environment: 'Production' } }]);
  });

  test('while writers hold its live rule one after the other is tried again, and it is said until when they do', async () => {
    const ports = await inTheShadow();
    const take = () => seed(ports, { lease: { owner: 'o', fence: 1, expiresAt: ports.clock.later(90) } });
    await take();
    ports.clock.meanwhile = take;
    const failed = rescueEnvironment(ports, ended(GREEN_TASK.execution), 'Production');
    await expect(failed).rejects.toThrow(/^writers hold the live rule of Production one after the other, now until 2026-01-05T09:0.*Z; try again then$/);
  });

  test('is freed although the ledger knows nothing of its release: what was done is recorded all the same', async () => {
    const ports = await shiftedTo(10);
    await seed(ports, { lock: { ...((await environment(ports)).lock as NonNullable<EnvironmentState['lock']>), release: '9.9.9' } });
    ports.machines.rollingBack = async () => ({ outcome: 'rolledBack' });
    expect(await rescueEnvironment(ports, ended(GREEN_TASK.execution), 'Production')).toBe(true);
    expect(ports.ledger.commits.at(-1)).toMatchObject({ put: [], audit: [{ what: 'SafetyNetActed', release: '9.9.9', detail: { outcome: 'rolledBack' } }] });
  });

  test('records with the release what it did, so that of two safety nets one sees the other', async () => {
    const ports = await inTheShadow();
    await rescueEnvironment(ports, ended(GREEN_TASK.execution), 'Production');
    expect(ports.ledger.commits.at(-1)).toMatchObject({
      put: [{ kind: 'release', version: '1.1.0' }],
      audit: [{ what: 'SafetyNetActed', why: 'the machine of Production', detail: { outcome: 'stopped', found: 'ABORTED' } }],
    });
  });
});

describe('a path machine that died', () => {
  test('is closed once; that of nobody is not', async () => {
    const ports = exampleWorld();
    expect(await closeItsPath(ports, ended(PATH, { release: undefined }))).toBe(false);
    expect(await closeItsPath(ports, ended(CHILD))).toBe(false);
    expect([await closeItsPath(ports, ended(PATH)), await closeItsPath(ports, ended(PATH))]).toEqual([true, false]);
    expect((await release(ports)).status).toBe('stopped');
    expect(await ports.ledger.tickets()).toMatchObject([{ outcome: 'stopped', releases: ['1.1.0'], actual: 'ABORTED' }]);
  });

  test('has the waves of its release go back, newest first, and says of each what became of it', async () => {
    const wave = (name: string, place: number) => examplePlan(name, { wave: { of: 'Production', place, waves: 3 } });
    const ports = exampleWorld([wave('London', 0), wave('Dublin', 1), wave('Paris', 2)]);
    expect(await rollBackWaves(ports, ended(PATH))).toBe(false);
    expect(await rollBackWaves(ports, ended(PATH, { release: undefined }))).toBe(false);
    ports.ledger.seed({ ...(await release(ports)), movedWaves: ['London', 'Dublin'], reached: { London: 'live', Dublin: 'live' } });
    expect(await rollBackWaves(ports, ended(CHILD))).toBe(false);
    expect(await rollBackWaves(ports, ended(PATH))).toBe(true);
    expect(ports.machines.rollBacks).toMatchObject([
      { environment: 'Dublin', release: '1.1.0', execution: PATH, failedIn: 'Paris' },
      { environment: 'London', release: '1.1.0', execution: PATH, failedIn: 'Paris' },
    ]);
    const said = (where: string) => {
      const fields = { release: '1.1.0', environment: where, outcome: 'rolledBack', actual: 'ABORTED' };
      return { level: 'info', message: 'safety net acted', fields };
    };
    expect(ports.log.lines).toEqual([said('Dublin'), said('London')]);
  });

  test('was at the first environment, if nothing is known', () => {
    const plan = ['Integration', 'Preproduction', 'Production'].map((name) => examplePlan(name));
    const reached = { Integration: 'live', Preproduction: 'live', Production: 'live' } as const;
    expect(whereItWas(exampleRelease('1.1.0', plan))).toBe('Integration');
    expect(whereItWas(exampleRelease('1.1.0', plan, { reached }))).toBe('Production');
  });
});

describe('a team’s own machine that ended', () => {
  const detail = (status: string, executionArn = PATH) => ({ executionArn, status });

  test('ends the release that came by it, and no other; twice, once', async () => {
    const ports = exampleWorld();
    const before = snapshot(ports);
    expect(await closeOwnPath(ports, detail('FAILED', CHILD))).toBeUndefined();
    expect(snapshot(ports)).toEqual(before);
    expect(await closeOwnPath(ports, detail('FAILED'))).toBe('1.1.0');
    expect((await release(ports)).status).toBe('stopped');
    const once = snapshot(ports);
    expect(await closeOwnPath(ports, detail('FAILED'))).toBeUndefined();
    expect(snapshot(ports)).toEqual(once);
  });

  test('well leaves it live', async () => {
    const ports = exampleWorld();
    ports.ledger.seed({ ...(await release(ports)), reached: { Production: 'live' } });
    expect(await closeOwnPath(ports, detail('SUCCEEDED'))).toBe('1.1.0');
    expect((await release(ports)).status).toBe('live');
    expect((await release(ports, '1.0.0')).revision).toBe(1);
  });

  test('is looked for among all that are on their way', async () => {
    const ports = exampleWorld();
    ports.ledger.seed(exampleRelease('1.0.5', undefined, { execution: 'arn:other', submittedAt: '2026-01-01T00:00:00.000Z' }));
    expect(await closeOwnPath(ports, detail('FAILED'))).toBe('1.1.0');
    expect((await release(ports, '1.0.5')).status).toBe('submitted');
  });

  test('does not end what has come by another execution meanwhile', async () => {
    const ports = exampleWorld();
    const listed = await release(ports);
    ports.ledger.releasesInFlight = async () => [listed];
    ports.ledger.seed({ ...listed, execution: 'arn:second' });
    const before = snapshot(ports);
    expect(await closeOwnPath(ports, detail('FAILED'))).toBeUndefined();
    expect(snapshot(ports)).toEqual(before);
  });

  test('with a release of no environment has nothing to end', async () => {
    const ports = exampleWorld();
    ports.ledger.seed({ ...(await release(ports)), plan: [] });
    const before = snapshot(ports);
    expect(await closeOwnPath(ports, detail('FAILED'))).toBeUndefined();
    expect(snapshot(ports)).toEqual(before);
  });

  test('ended where its release did, or at the end of its path', () => {
    const plan = ['Integration', 'Preproduction', 'Production'].map((name) => examplePlan(name));
    const end = (given: Partial<Release>) => endOfOwnPath(exampleRelease('1.1.0', plan, { status: 'stopped', ...given }), detail('FAILED'));
    expect(end({ reached: { Integration: 'stopped', Preproduction: 'stopped' } })?.environment).toBe('Preproduction');
    expect(end({})?.environment).toBe('Production');
    expect(end({ plan: [] })?.environment).toBe('');
  });
});

describe('a pipeline that ended', () => {
  const states = [liveEnvironment('1.0.0', 'Integration'), liveEnvironment('1.0.0', 'Production')];
  const finish = (outcome: 'live' | 'stopped', given: Partial<Parameters<typeof pipelineFinished>[0]> = {}) =>
    pipelineFinished(
      {
        input: { release: '1.1.0', execution: PATH, environment: 'Production', outcome },
        release: exampleRelease('1.1.0'),
        state: states[1] as EnvironmentState,
        gates: [],
        audit: [],
        ticket: undefined,
        now: NOW,
        ...given,
      },
      states,
    );

  test('well has its release live in every environment it came to', () => {
    const live = { colour: 'own', version: '1.1.0', digest: 'digest-of-1.1.0' };
    expect(finish('live')?.put).toEqual([
      exampleRelease('1.1.0', undefined, { status: 'live', reached: { Integration: 'live', Production: 'live' } }),
      ...states.map((state) => ({ ...state, live })),
    ]);
  });

  test('and closes the gate that still waits, which stays what it is', () => {
    const gate = opened({ expiresAt: '2026-01-06T09:00:00.000Z' });
    expect(finish('live', { gates: [gate] })?.put[1]).toEqual({ ...gate, status: 'void' });
  });

  test('is recorded once', () => {
    const recorded = { at: NOW, what: 'ReleaseFinished', release: '1.1.0', who: PATH, detail: {} } as const;
    for (const outcome of ['live', 'stopped'] as const) expect(finish(outcome, { audit: [recorded] })).toBeUndefined();
  });

  test('otherwise leaves what is live there', () => {
    expect(finish('stopped')?.put).toEqual([exampleRelease('1.1.0', undefined, { status: 'stopped' })]);
  });
});
