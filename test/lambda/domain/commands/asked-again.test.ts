import { abortBeside } from '../../../../lambda/domain/commands/abort-beside';
import { requeue } from '../../../../lambda/domain/commands/requeue';
import { rollBack } from '../../../../lambda/domain/commands/roll-back';
import { rolledBackBefore } from '../../../../lambda/domain/commands/rolled-back-before';
import { routeOf } from '../../../../lambda/domain/commands/route';
import { stopWaiting } from '../../../../lambda/domain/commands/stop-waiting';
import type { AuditEvent, EnvironmentState, Release } from '../../../../lambda/domain/model';
import { atGate, MANAGER, TOKEN, world } from '../../api/world';
import { opened } from '../../example-gate';
import { exampleRelease, exampleWorld, liveEnvironment } from '../../example-path';
import type { InMemoryPorts } from '../../in-memory-ports';
import { breaking, OutageWorld } from '../../outage-world';

const AT = '2026-01-05T09:00:00.000Z';
const LATER = '2026-01-05T10:00:00.000Z';
const asked = { by: 'arn:manager', reason: 'checkout errors', at: AT };
const lock = { release: '1.1.0', execution: 'arn:run', colour: 'green', since: AT, shifted: false };
const release = async (ports: InMemoryPorts, version = '1.1.0') => (await ports.ledger.release(version)) as Release;

describe('a release in the shadow, beside which what is live is rolled back,', () => {
  const beside = (given: Partial<EnvironmentState> = {}) => liveEnvironment('1.0.0', 'Production', { lock, ...given });

  test('is told to stop, once, with why, in its audit and in the log', async () => {
    const ports = await atGate(await world(), 'goNoGo');
    ports.ledger.seed(beside());
    await abortBeside(ports, await ports.ledger.environment('Production'), asked);
    const reason = '1.0.0 is rolled back in Production, while it was in the shadow: checkout errors';
    expect((await release(ports)).aborted).toEqual({ by: 'arn:manager', at: AT, reason });
    const { digest } = await release(ports);
    const about = { at: AT, release: '1.1.0', environment: 'Production', who: 'arn:manager' };
    expect(ports.bus.published.at(-1)).toEqual({ ...about, what: 'ReleaseAborted', why: reason, detail: { digest } });
    expect(ports.log.lines.at(-1)).toEqual({
      level: 'info',
      message: 'release aborted',
      fields: { release: '1.1.0', environment: 'Production', who: 'arn:manager' },
    });
    expect(ports.machines.answers).toMatchObject([{ token: TOKEN, answer: { success: { outcome: 'refused' } } }]);
    const before = ports.ledger.snapshot();
    await abortBeside(ports, await ports.ledger.environment('Production'), { ...asked, reason: 'once more' });
    expect(ports.ledger.snapshot()).toEqual(before);
  });

  test('and its first shift in the same instant: one sees the other', async () => {
    const ports = exampleWorld();
    ports.ledger.seed(beside());
    const state = await ports.ledger.environment('Production');
    await ports.ledger.commit({ put: [state], audit: [] });
    await expect(abortBeside(ports, state, asked)).rejects.toMatchObject({ name: 'Conflict' });
    expect((await release(ports)).aborted).toBeUndefined();
  });

  test('is nobody where nothing holds the environment, or the ledger does not know who', async () => {
    const ports = exampleWorld();
    const before = ports.ledger.snapshot();
    await abortBeside(ports, liveEnvironment('1.0.0'), asked);
    await abortBeside(ports, beside({ lock: { ...lock, release: '9.9.9' } }), asked);
    expect([ports.ledger.snapshot(), ports.log.lines]).toEqual([before, []]);
  });
});

describe('what waits of a release that was aborted', () => {
  test('is told so, and nothing is where it was not aborted, or waits nowhere', async () => {
    const ports = await atGate(await world());
    const before = ports.ledger.snapshot();
    await stopWaiting(ports, '1.1.0');
    await stopWaiting(ports, '9.9.9');
    expect([ports.ledger.snapshot(), ports.machines.answers]).toEqual([before, []]);
    const contract = { ...opened({ token: 'of the contract' }, 'goNoGo'), gate: 'contract' } as const;
    ports.ledger.seed({ ...(await release(ports)), aborted: asked }, contract);
    const events = ports.ledger.happened();
    await stopWaiting(ports, '1.1.0');
    expect(ports.ledger.happened()).toEqual(events);
    expect(await ports.ledger.gate('1.1.0', 'Production', 'contract')).toMatchObject({ status: 'open' });
    expect(ports.machines.answers).toMatchObject([{ token: TOKEN, answer: { success: { outcome: 'refused' } } }]);
    expect(await ports.ledger.gate('1.1.0', 'Production', 'firebreak')).toMatchObject({ status: 'void' });
    const told = ports.ledger.snapshot();
    await stopWaiting(ports, '1.1.0');
    expect(ports.ledger.snapshot()).toEqual(told);
  });

  test('is taken out of the queue where it waits for its turn', async () => {
    const ports = exampleWorld();
    const turn = { release: '1.1.0', execution: 'e', submittedAt: AT, since: AT, until: LATER, token: 'its turn' };
    ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { waiting: [turn], lock: { ...lock, release: '1.0.1' } }));
    ports.ledger.seed({ ...(await release(ports)), aborted: asked });
    await stopWaiting(ports, '1.1.0');
    expect((await ports.ledger.environment('Production')).waiting).toBeUndefined();
    expect(ports.machines.answers.map(({ token }) => token)).toEqual(['its turn']);
  });
});

describe('a roll back that was done before', () => {
  const event = (given: Partial<AuditEvent>): AuditEvent => {
    const about = { at: AT, what: 'ReleaseRolledBack', release: '1.1.0', environment: 'Production', who: 'arn:first', why: 'slow', detail: {} } as const;
    return { ...about, ...given };
  };
  const previous = { colour: 'green', version: '1.1.0', digest: 'digest-of-1.1.0', rolledBack: true as const };
  const known = async (given: Partial<EnvironmentState>, ...audit: readonly AuditEvent[]) => {
    const ports = exampleWorld();
    await ports.ledger.commit({ put: [], audit });
    return rolledBackBefore(ports, liveEnvironment('1.0.0', 'Production', { previous, ...given }));
  };
  const told = { version: '1.1.0', by: 'arn:first', at: AT, reason: 'slow' };

  test('is the last one of that version in that environment', async () => {
    expect(await known({}, event({}))).toEqual(told);
    const others = [event({ environment: 'Integration', who: 'arn:other' }), event({ what: 'ReleaseStopped', who: 'arn:other' })];
    expect(await known({}, event({}), ...others)).toEqual(told);
    expect(await known({}, event({ who: 'arn:long ago' }), event({}))).toEqual(told);
    expect(await known({}, ...others)).toBeUndefined();
  });

  test.each<[string, Partial<EnvironmentState>]>([
    ['a release has entered since', { lock }],
    ['nothing is live', { live: undefined }],
    ['nothing was live before', { previous: undefined }],
    ['what was live before was not rolled back', { previous: { ...previous, rolledBack: undefined } as never }],
    ['the path is being retired', { retirement: { by: 'arn:owner' } as never }],
  ])('is none where %s', async (_, given) => {
    expect(await known(given, event({}))).toBeUndefined();
  });
});

describe('users who were left without a version', () => {
  test('are given one by a person, which the log has; a refusal is in the words of the writer', async () => {
    const left = await OutageWorld.with(breaking());
    await left.through('1.1.0', 'gates');
    left.ports.log.lines.length = 0;
    const refused: InMemoryPorts['machines']['rollingBack'] = async () => {
      const failure = { step: 's', subject: 'x', expected: 'at least one healthy target', actual: '1.0.0 has none', logs: '' };
      return { outcome: 'refused', failure };
    };
    const { rollingBack } = left.ports.machines;
    left.ports.machines.rollingBack = refused;
    const message = 'Production was not rolled back: expected at least one healthy target, found 1.0.0 has none';
    await expect(rollBack(left.ports, MANAGER, 'Production', { reason: 'enough' })).rejects.toMatchObject({ code: 'CannotRollBack', message });
    left.ports.machines.rollingBack = rollingBack;
    expect(await rollBack(left.ports, MANAGER, 'Production', { reason: ' enough ' })).toMatchObject({
      outcome: 'rolledBack',
      environment: { environment: 'Production', live: { version: '1.0.0' } },
    });
    expect(left.ports.machines.rollBacks.at(-1)).toEqual({ environment: 'Production', who: MANAGER, reason: 'enough' });
    const fields = { environment: 'Production', who: MANAGER };
    expect(left.ports.log.lines.filter((line) => line.message === 'end of the outage asked for')).toEqual([
      { level: 'info', message: 'end of the outage asked for', fields },
      { level: 'info', message: 'end of the outage asked for', fields },
    ]);
  });
});

let run = 0;

test('a route is what it says, from its beginning to its end', () => {
  // Patterns are kept: each run has routes of its own.
  run += 1;
  const things = `/things-${run}`;
  const command = async () => undefined;
  const routes = { [`GET ${things}`]: command, [`GET ${things}/{name}`]: command };
  const found = (method: string, path: string) => {
    const { route, name } = routeOf(routes, method, path) ?? {};
    return [route, name];
  };
  for (const _ of ['made', 'kept']) {
    expect(found('GET', things)).toEqual([`GET ${things}`, '']);
    expect(found('GET', `${things}/1.1.0`)).toEqual([`GET ${things}/{name}`, '1.1.0']);
    for (const other of [`${things}/`, `${things}/1.1.0/abort`, `/hub${things}`]) expect(found('GET', other)).toEqual([undefined, undefined]);
    for (const method of ['POST', 'FORGET']) expect(found(method, things)).toEqual([undefined, undefined]);
  }
});

describe('what an emergency evicted', () => {
  const evicted = { ...asked, superseded: '1.0.1', evicted: true } as const;
  async function world(given: Partial<Release> = {}): Promise<InMemoryPorts> {
    const ports = exampleWorld();
    const ended = { status: 'live' } as const;
    ports.ledger.seed({ ...(await release(ports)), status: 'stopped', aborted: evicted, ...given });
    ports.ledger.seed(exampleRelease('1.0.1', undefined, ended), exampleRelease('1.0.2', undefined, ended));
    return ports;
  }

  test('and is submitted anew, is in the log', async () => {
    const ports = await world();
    // It is not what the example's pipeline submits: its digest is a word. That it is tried is the matter here.
    await requeue(ports, { release: '1.1.0', after: '1.0.1' }).catch(() => undefined);
    expect(ports.log.lines).toContainEqual({ level: 'info', message: 'release submitted anew', fields: { release: '1.1.0', after: '1.0.1' } });
  });

  test.each<[string, string, Partial<Release>]>([
    ['comes back behind that one only', '1.0.2', {}],
    ['is not started where it has stopped once more', '1.0.1', { aborted: undefined, requeuedAfter: '1.0.1' }],
    ['is not started where somebody has submitted it meanwhile', '1.0.1', { aborted: undefined, status: 'submitted' }],
  ])('%s', async (_, after, given) => {
    const ports = await world(given);
    const before = ports.ledger.snapshot();
    ports.machines.away = new Error('nobody is to be called');
    await requeue(ports, { release: '1.1.0', after });
    expect([ports.ledger.snapshot(), ports.log.lines]).toEqual([before, []]);
  });
});
