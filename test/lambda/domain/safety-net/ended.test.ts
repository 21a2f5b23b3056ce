import { openGate } from '../../../../lambda/domain/gates/gate';
import type { AuditEvent, EnvironmentState, Gate, Release } from '../../../../lambda/domain/model';
import { type ClosingPath, closePath } from '../../../../lambda/domain/safety-net/close-path';
import { endedExecution, endedMachine, endOf, endOfRetiring } from '../../../../lambda/domain/safety-net/ended-execution';
import { diedWith, endOfOwnPath } from '../../../../lambda/domain/safety-net/ended-path';
import { endOfPipeline } from '../../../../lambda/domain/safety-net/ended-pipeline';
import { whereItWas } from '../../../../lambda/domain/safety-net/where-it-was';
import { moveTraffic } from '../../../../lambda/handlers/move-traffic';
import { reconcile } from '../../../../lambda/handlers/reconcile';
import { GO_NO_GO } from '../../example-gate';
import { examplePlan, exampleRelease, liveEnvironment } from '../../example-path';
import { GREEN_TASK, inTheShadow, shiftedTo } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';
const PLAN = [examplePlan('Integration', { goNoGo: GO_NO_GO }), examplePlan('Production', { goNoGo: GO_NO_GO })];
const release = (given: Partial<Release> = {}) => exampleRelease('1.1.0', PLAN, given);
const EXECUTION = release().execution;
const gate = (given: Partial<Gate> = {}): Gate => {
  const fresh = openGate({ plan: PLAN[1] as never, release: release(), gate: 'goNoGo', now: NOW, token: 't', execution: 'child' });
  return { ...(fresh as Gate), ...given };
};

describe('an execution that ended', () => {
  const input = JSON.stringify({ release: '1.1.0' });

  test.each<[string, object, object | undefined]>([
    ['with an outcome is nobody’s', { status: 'SUCCEEDED' }, undefined],
    ['is not one that runs', { status: 'RUNNING' }, undefined],
    ['by hand', { status: 'ABORTED' }, { release: '1.1.0', how: 'ABORTED' }],
    ['with an error says which, and why', { status: 'FAILED', error: 'Lambda.Timeout', cause: '900 s' }, { how: 'FAILED, Lambda.Timeout: 900 s' }],
    ['with an error without a cause', { status: 'FAILED', error: 'Lambda.Timeout', cause: null }, { how: 'FAILED, Lambda.Timeout' }],
    ['with a cause alone', { status: 'TIMED_OUT', cause: 'a year' }, { how: 'TIMED_OUT, a year' }],
  ])('%s', (_, given, ended) => {
    const found = endedExecution({ executionArn: 'e', status: 'FAILED', input, ...given });
    if (ended === undefined) expect(found).toBeUndefined();
    else expect(found).toEqual({ execution: 'e', release: '1.1.0', ...ended });
  });

  test.each<[string, string | null | undefined, object]>([
    ['nothing', undefined, { release: undefined }],
    ['null', null, { release: undefined }],
    ['what is no JSON', '{', {}],
    ['a release that is no text', '{"release":1}', { release: undefined }],
    ['environments', '{"environments":["Integration",2]}', { release: undefined, environments: ['Integration', '2'] }],
    ['environments that are no list', '{"environments":"Integration"}', { release: undefined }],
  ])('and was started with %s', (_, given, named) => {
    expect(endedExecution({ executionArn: 'e', status: 'ABORTED', input: given })).toEqual({ execution: 'e', how: 'ABORTED', ...named });
  });

  test('of a team’s own machine holds what it has not given back, whatever it says', () => {
    const how = 'SUCCEEDED, and has neither accepted the release nor gone back';
    expect(endedMachine({ executionArn: 'e', status: 'SUCCEEDED', input })).toEqual({ execution: 'e', release: '1.1.0', how });
    expect(endedMachine({ executionArn: 'e', status: 'ABORTED', input }).how).toBe('ABORTED');
  });

  test('is told to its environment, or to the path that it took out', () => {
    const ended = { execution: 'e', how: 'ABORTED' };
    const failure = { expected: 'ends with an outcome', actual: 'ABORTED', logs: 'e' };
    expect(endOf(ended, 'Production', '1.1.0')).toEqual({
      environment: 'Production',
      release: '1.1.0',
      execution: 'e',
      failure: { step: 'Leave Production to the safety net', subject: 'the machine of Production', ...failure },
    });
    const retiring = { step: 'Leave the path to the safety net', subject: 'the retiring machine', ...failure };
    expect(endOfRetiring(ended, ['Integration', 'Production'])).toEqual({
      environment: 'Integration',
      environments: ['Integration', 'Production'],
      execution: 'e',
      failure: retiring,
    });
    expect(endOfRetiring(ended, []).environment).toBe('the path');
  });
});

describe('where a release was', () => {
  test.each<[string, Partial<Release>, readonly Gate[], string]>([
    ['is where people are asked about it', { reached: { Integration: 'live' } }, [gate({ environment: 'Integration' })], 'Integration'],
    ['is not where they were asked', {}, [gate({ status: 'passed' })], 'Integration'],
    ['is the first environment where it is not live', { reached: { Integration: 'live' } }, [], 'Production'],
    ['is the last one where it is live in all', { reached: { Integration: 'live', Production: 'live' } }, [], 'Production'],
    ['is nowhere yet without any', { plan: [] }, [], 'its first environment'],
  ])('%s', (_, given, gates, where) => {
    expect(whereItWas(release(given), gates)).toBe(where);
  });
});

describe('a team’s own machine that ended', () => {
  const end = (status: string, given: Partial<Release>) => endOfOwnPath(release(given), { executionArn: EXECUTION, status });
  const told = { release: '1.1.0', execution: EXECUTION };

  test.each<[string, string, Partial<Release>, object | undefined]>([
    ['well leaves its release live', 'SUCCEEDED', { reached: { Integration: 'live' } }, { outcome: 'live', environment: 'Integration' }],
    [
      'well leaves it live where it came last',
      'SUCCEEDED',
      { reached: { Integration: 'live', Production: 'live' } },
      { outcome: 'live', environment: 'Production' },
    ],
    ['badly does not', 'FAILED', { reached: { Integration: 'live' } }, undefined],
    ['well, and is live nowhere, does not', 'SUCCEEDED', { reached: {} }, undefined],
    ['well, and has left it half way, does not', 'SUCCEEDED', { reached: { Integration: 'live', Production: 'shadow' } }, undefined],
    [
      'after its release was rolled back says where',
      'SUCCEEDED',
      { status: 'rolledBack', reached: { Integration: 'rolledBack', Production: 'shadow' } },
      { outcome: 'rolledBack', environment: 'Integration' },
    ],
    [
      'after its release has stopped somewhere says the last place',
      'FAILED',
      { status: 'stopped', reached: {} },
      { outcome: 'stopped', environment: 'Production' },
    ],
  ])('%s', (_, status, given, ended) => {
    expect(end(status, given)).toEqual(ended && { ...told, ...ended });
  });

  test('says how it died, or what it has left', () => {
    expect(diedWith({ executionArn: 'e', status: 'ABORTED' })).toMatchObject({ execution: 'e', how: 'ABORTED' });
    const how = 'SUCCEEDED, and the release is live in no environment, or is left in one';
    expect(diedWith({ executionArn: 'e', status: 'SUCCEEDED' })).toEqual({ execution: 'e', how });
  });
});

describe('a pipeline that ended', () => {
  const place = { environment: 'Production', execution: 'e' };
  const end = (status: string, gates: readonly Gate[]) => endOfPipeline(place, { executionArn: 'e', status }, release(), gates);
  const about = { release: '1.1.0', execution: 'e', environment: 'Production' };
  const stopped = (actual: string) => ({
    ...about,
    outcome: 'stopped',
    failure: {
      step: 'Take the release to Production',
      subject: 'the pipeline',
      expected: 'succeeds, with every firebreak passed',
      actual,
      logs: 'e',
    },
  });

  test.each<[string, string, readonly Gate[], object]>([
    ['well, having passed what it came to, is live', 'SUCCEEDED', [gate({ execution: 'e', status: 'passed' })], { ...about, outcome: 'live' }],
    ['well, whatever another came to, is live', 'SUCCEEDED', [gate({ execution: 'x', status: 'refused' })], { ...about, outcome: 'live' }],
    [
      'well, without what it came to, has stopped',
      'SUCCEEDED',
      [gate({ execution: 'e', status: 'refused' })],
      stopped('SUCCEEDED, and the go/no-go in Production is refused'),
    ],
    ['badly has stopped', 'FAILED', [], stopped('FAILED')],
  ])('%s', (_, status, gates, ended) => {
    expect(end(status, gates)).toEqual(ended);
  });
});

describe('a path machine that died', () => {
  const ended = { execution: EXECUTION, release: '1.1.0', how: 'ABORTED' };
  const close = (given: Partial<ClosingPath> = {}) =>
    closePath({ ended, release: release(), states: [], gates: [], audit: [], ticket: undefined, now: NOW, ...given });
  const lock = { release: '1.1.0', execution: 'child', colour: 'green', since: NOW, shifted: true } satisfies EnvironmentState['lock'];
  const inside = [liveEnvironment('1.0.0', 'Production', { lock })];
  const recorded = (given: Partial<AuditEvent> = {}): AuditEvent => ({
    at: NOW,
    what: 'ReleaseFinished',
    release: '1.1.0',
    who: EXECUTION,
    detail: {},
    ...given,
  });
  const failure = {
    step: 'Take the release to Production',
    subject: 'the path machine',
    expected: 'ends with an outcome',
    actual: 'ABORTED',
    logs: EXECUTION,
  };

  test('leaves its release stopped, with a ticket, and tells those who wait of it', () => {
    const change = close({ gates: [gate(), gate({ environment: 'Integration', status: 'passed' })] });
    const about = { at: NOW, release: '1.1.0', environment: 'Production', who: EXECUTION, why: 'ABORTED' };
    expect(change?.put).toMatchObject([{ status: 'stopped' }, { kind: 'gate', environment: 'Production', status: 'void' }, { kind: 'ticket', ...failure }]);
    expect(change?.put[0]).not.toHaveProperty('aborted');
    expect(change?.audit.slice(0, 2)).toEqual([
      { ...about, what: 'SafetyNetActed', detail: { outcome: 'stopped', gates: ['Production goNoGo'] } },
      { ...about, what: 'ReleaseFinished', detail: { outcome: 'stopped' } },
    ]);
    expect(change?.audit[2]).toMatchObject({ what: 'TicketRaised' });
    expect(change?.deliver).toEqual([{ to: 'token', token: 't', answer: { success: { outcome: 'refused', failure } } }]);
  });

  test('does not answer its own tokens, on which nobody waits any more', () => {
    expect(close({ gates: [gate({ execution: EXECUTION })] })?.deliver).toEqual([]);
    expect(close({ gates: [gate({ execution: EXECUTION })], states: inside })?.deliver).toHaveLength(1);
  });

  test('leaves a release that an environment has, to that: it finds it aborted, and raises the ticket', () => {
    const change = close({ states: inside, gates: [gate()] });
    const aborted = { by: EXECUTION, reason: 'the path machine ended: ABORTED', at: NOW };
    expect(change?.put).toMatchObject([{ status: 'stopped', aborted }, { kind: 'gate' }]);
    expect(change?.audit).toHaveLength(2);
    expect(change?.deliver).toMatchObject([
      { answer: { success: { failure: { expected: 'not aborted', actual: `aborted by ${EXECUTION}: ${aborted.reason}` } } } },
    ]);
    const earlier = { by: 'arn:service-manager', reason: 'no', at: NOW };
    expect(close({ states: inside, release: release({ aborted: earlier }) })?.put[0]).toMatchObject({ aborted: earlier });
  });

  test.each<[string, Partial<Release>, string]>([
    ['is live where it is so everywhere', { reached: { Integration: 'live', Production: 'live' } }, 'live'],
    ['is what an environment has recorded', { status: 'rolledBack' }, 'rolledBack'],
  ])('leaves a release that %s, without a ticket', (_, given, status) => {
    const change = close({ release: release(given) });
    expect(change?.put).toEqual([release({ ...given, status: status as Release['status'] })]);
    expect(change?.audit.map(({ what }) => what)).toEqual(['SafetyNetActed', 'ReleaseFinished']);
  });

  test('closes nothing whose end is recorded; that of an earlier attempt is none', () => {
    expect(close({ audit: [recorded()] })).toBeUndefined();
    expect(close({ audit: [recorded({ who: 'earlier' })] })).toBeDefined();
    expect(close({ audit: [recorded({ what: 'ReleaseSubmitted' })] })).toBeDefined();
  });
});

describe('the safety net leaves one line in the log:', () => {
  const died = (executionArn: string) =>
    ({ detail: { executionArn, status: 'ABORTED', input: JSON.stringify({ release: '1.1.0' }) } }) as Parameters<ReturnType<typeof reconcile>>[0];
  const acted = (outcome: string) => ({
    level: 'info',
    message: 'safety net acted',
    fields: { release: '1.1.0', environment: 'Production', outcome, actual: 'ABORTED' },
  });

  test('that it stopped a release, or took it back', async () => {
    const ports = await inTheShadow();
    await reconcile(ports)(died(GREEN_TASK.execution));
    expect(ports.log.lines).toContainEqual(acted('stopped'));
    const shifted = await shiftedTo(10);
    shifted.machines.rollingBack = (request) => moveTraffic(shifted)(request) as ReturnType<typeof shifted.machines.rollBack>;
    await reconcile(shifted)(died(GREEN_TASK.execution));
    expect(shifted.log.lines).toContainEqual(acted('rolledBack'));
  });

  test('that it closed a path, or found it closed', async () => {
    const ports = await inTheShadow();
    const { execution } = exampleRelease('1.1.0');
    await reconcile(ports)(died(execution));
    expect(ports.log.lines).toContainEqual({ level: 'info', message: 'safety net closed the path', fields: { release: '1.1.0', actual: 'ABORTED' } });
    await reconcile(ports)(died(execution));
    expect(ports.log.lines).toContainEqual({ level: 'info', message: 'the release had ended before', fields: { release: '1.1.0', actual: 'ABORTED' } });
  });
});
