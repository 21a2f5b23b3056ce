import type { FinishInput } from '../../../../lambda/contract';
import { openGate } from '../../../../lambda/domain/gates/gate';
import type { AuditEvent, EnvironmentState, Gate } from '../../../../lambda/domain/model';
import { type Finishing, finished } from '../../../../lambda/domain/steps/finishing';
import { stop } from '../../../../lambda/handlers/stop';
import { examplePlan, exampleRelease, liveEnvironment } from '../../example-path';
import { END, FAILURE, inTheShadow } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';
const RELEASE = exampleRelease('1.1.0');
const INPUT: FinishInput = { release: '1.1.0', execution: RELEASE.execution, outcome: 'stopped', environment: 'Production', failure: FAILURE };
const event = (what: AuditEvent['what'], given: Partial<AuditEvent> = {}): AuditEvent => ({
  at: NOW,
  what,
  release: '1.1.0',
  environment: 'Production',
  who: RELEASE.execution,
  detail: {},
  ...given,
});
const finish = (given: Partial<Finishing> = {}) =>
  finished({ input: INPUT, release: RELEASE, state: liveEnvironment('1.0.0'), gates: [], audit: [], ticket: undefined, now: NOW, ...given });
const lock = { release: '1.1.0', execution: 'e', colour: 'green', since: NOW, shifted: false } satisfies EnvironmentState['lock'];

test('the end of a path is recorded with what ended it, once by each execution', () => {
  expect(finish()?.audit[0]).toEqual(event('ReleaseFinished', { detail: { outcome: 'stopped', failure: FAILURE } }));
  expect(finish({ input: { ...INPUT, failure: undefined } })?.audit).toEqual([event('ReleaseFinished', { detail: { outcome: 'stopped' } })]);
  expect(finish({ audit: [event('ReleaseFinished')] })).toBeUndefined();
  expect(finish({ audit: [event('ReleaseFinished', { who: 'an earlier attempt' })] })?.audit[0]?.what).toBe('ReleaseFinished');
});

test.each<[string, Partial<Finishing>, boolean]>([
  ['where the path itself found what is wrong', {}, true],
  ['where another environment has one', { audit: [event('TicketRaised', { environment: 'Integration' })] }, true],
  ['not where the environment has one', { audit: [event('TicketRaised')] }, false],
  ['not where nothing is wrong', { input: { ...INPUT, failure: undefined } }, false],
  ['not where it is live', { input: { ...INPUT, outcome: 'live' } }, false],
  ['not while the environment is its own: that raises it', { state: liveEnvironment('1.0.0', 'Production', { lock }) }, false],
])('a ticket is raised %s', (_, given, isRaised) => {
  const change = finish(given);
  expect(change?.put.some(({ kind }) => kind === 'ticket')).toBe(isRaised);
  expect(change?.audit.some(({ what }) => what === 'TicketRaised')).toBe(isRaised);
});

test.each<[string, Partial<Finishing>, string | undefined]>([
  ['stopped where it never came in', {}, 'stopped'],
  ['as it was where it had come further', { release: { ...RELEASE, reached: { Production: 'rolledBack' } } }, 'rolledBack'],
  ['nowhere where the environment has told its end', { audit: [event('TicketRaised')] }, undefined],
])('what it reached is %s', (_, given, reached) => {
  const release = finish(given)?.put[0];
  expect(release?.kind === 'release' && release.reached.Production).toBe(reached);
});

test('gates that people are still asked at are closed, and what was decided stays', () => {
  const plan = examplePlan('Production', { goNoGo: { party: { name: 'change authority', members: [] }, timeoutSeconds: 60 } });
  const open = openGate({ plan, release: RELEASE, gate: 'goNoGo', now: NOW, token: 't', execution: 'e' }) as Gate;
  const refused: Gate = { ...open, environment: 'Integration', status: 'refused' };
  const gates = finish({ gates: [open, refused] })?.put.filter(({ kind }) => kind === 'gate');
  expect(gates).toMatchObject([{ environment: 'Production', status: 'void' }]);
});

test('a release that is stopped in an environment is one line of the log, with its ticket', async () => {
  const ports = await inTheShadow();
  const { ticket } = await stop(ports)(END);
  const { subject, expected, actual } = FAILURE;
  expect(ports.log.lines.at(-1)).toEqual({
    level: 'info',
    message: 'stopped',
    fields: { release: '1.1.0', environment: 'Production', subject, expected, actual, ticket },
  });
});
