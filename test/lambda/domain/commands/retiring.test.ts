import { ORIGINAL, UNRELEASED } from '../../../../lambda/contract';
import { retire, viewRetirement } from '../../../../lambda/domain/commands/retire';
import type { EnvironmentState } from '../../../../lambda/domain/model';
import { examplePlan, exampleRelease, exampleSlot, liveEnvironment, register } from '../../example-path';
import { targetGroupOf } from '../../fake-slots';
import { type InMemoryPorts, inMemoryPorts } from '../../in-memory-ports';

const PLAN = [examplePlan('Integration'), examplePlan('Production')];
const NAMES = PLAN.map(({ environment }) => environment);
const SERVES = { live: { colour: ORIGINAL, version: ORIGINAL, digest: '' }, weights: { [ORIGINAL]: 100 } };
const ask = (ports: InMemoryPorts, who = 'arn:owner') => retire(ports, who, { reason: ' moved away ', usersGet503: NAMES });

function world(given: Partial<EnvironmentState> = {}): InMemoryPorts {
  const ports = inMemoryPorts(PLAN);
  for (const environment of NAMES) {
    ports.ledger.seed(liveEnvironment('1.1.0', environment, given));
    ports.liveRule.set(environment, { [targetGroupOf(`Payments-${environment}-Blue`)]: 100 });
  }
  register(
    ports,
    exampleRelease('1.0.0', PLAN, { status: 'live' }),
    exampleRelease('1.1.0', PLAN, { status: 'live', submittedAt: '2026-01-05T09:00:00.000Z' }),
  );
  return ports;
}
const begun = (ports: InMemoryPorts) => ports.bus.published.map(({ release, environment, who, why, detail }) => ({ release, environment, who, why, detail }));

test('a path without an environment cannot be retired, nor looked at for it', async () => {
  const refusal = { code: 'NoPath', message: 'the path has no environment; there is nothing to retire' };
  await expect(viewRetirement(inMemoryPorts())).rejects.toMatchObject(refusal);
  await expect(ask(inMemoryPorts())).rejects.toMatchObject(refusal);
});

test('every environment is told of who began it, why, and where its users go, in the audit of what is live there', async () => {
  const ports = world();
  await ask(ports);
  const execution = ports.machines.retireArn('retire-name-1');
  expect(ports.machines.retirements).toEqual([{ name: 'retire-name-1', input: { contract: 1, environments: NAMES } }]);
  const about = { who: 'arn:owner', why: 'moved away' };
  const detail = { execution, weights: { blue: 100 }, users: '503', again: false };
  expect(begun(ports)).toEqual(NAMES.map((environment) => ({ release: '1.1.0', environment, ...about, detail })));
  expect((await ports.ledger.environment('Production')).retirement).toEqual({
    by: 'arn:owner',
    reason: 'moved away',
    at: ports.clock.now(),
    execution,
    plan: PLAN[1],
    original: '503',
    release: '1.1.0',
  });
});

test('a run that takes over says so, and tells it of the release that was live when it began', async () => {
  const ports = world();
  await ask(ports);
  for (const environment of NAMES) {
    ports.ledger.seed({ ...(await ports.ledger.environment(environment)), live: undefined, weights: {} });
  }
  await ask(ports, 'arn:deputy');
  const detail = { execution: ports.machines.retireArn('retire-name-2'), weights: {}, users: '503', again: true };
  expect(begun(ports).slice(2)).toEqual(NAMES.map((environment) => ({ release: '1.1.0', environment, who: 'arn:deputy', why: 'moved away', detail })));
});

test.each<[string, Partial<EnvironmentState>]>([
  ['nothing', { live: undefined, weights: {}, slots: {} }],
  ['what served before', SERVES],
])('where %s is live it is told of no release', async (_, given) => {
  const ports = world(given);
  await ask(ports);
  expect(begun(ports).map(({ release }) => release)).toEqual([UNRELEASED, UNRELEASED]);
});

test('what it would do is said, environment by environment, and changes nothing', async () => {
  const ports = world({ slots: { blue: exampleSlot('1.1.0', 'Payments-Production-Blue') } });
  ports.ledger.seed({ ...(await ports.ledger.environment('Integration')), retiredAt: '2026-01-05T08:00:00.000Z' });
  const before = ports.ledger.snapshot();
  const view = await viewRetirement(ports);
  expect(ports.ledger.snapshot()).toEqual(before);
  expect(view).toMatchObject({ path: 'Payments', problems: [], releases: 2 });
  const about = { account: '222222222222', region: 'eu-west-2', live: '1.1.0', goesTo: '503', by: undefined };
  const slots = (environment: string) => [
    { colour: 'blue', stackName: `Payments-${environment}-Blue`, version: '1.1.0' },
    { colour: 'green', stackName: `Payments-${environment}-Green`, version: undefined },
  ];
  expect(view.environments).toEqual([
    { environment: 'Integration', ...about, slots: slots('Integration'), state: 'retired' },
    { environment: 'Production', ...about, slots: slots('Production'), state: 'inUse' },
  ]);
  expect((await ask(ports)).environments.map(({ state, by }) => [state, by])).toEqual([
    ['retiring', 'arn:owner'],
    ['retiring', 'arn:owner'],
  ]);
});

test('under way it has no problems any more, whatever has happened meanwhile', async () => {
  const ports = world();
  await ask(ports);
  ports.ledger.seed(exampleRelease('1.2.0', PLAN));
  expect((await viewRetirement(ports)).problems).toEqual([]);
  await expect(ask(ports)).resolves.toMatchObject({ path: 'Payments' });
  // One environment is retired by then, the other is not yet.
  const { retirement: _over, ...retired } = await ports.ledger.environment('Integration');
  ports.ledger.seed(retired);
  expect((await viewRetirement(ports)).problems).toEqual([]);
  await expect(ask(ports)).resolves.toMatchObject({ problems: [] });
});

test('where nothing served before, nobody is asked whether it is healthy', async () => {
  const ports = world();
  ports.targets.unhealthy.add('503');
  await expect(ask(ports)).resolves.toMatchObject({ problems: [] });
});

test('what is in the way is said all at once', async () => {
  const ports = world();
  ports.ledger.seed(exampleRelease('1.2.0', PLAN), exampleRelease('1.3.0', PLAN));
  const { problems } = await viewRetirement(ports);
  expect(problems).toHaveLength(2);
  await expect(ask(ports)).rejects.toMatchObject({
    code: 'CannotRetire',
    message: `the path cannot be retired now, and nothing was changed: ${problems.join('; ')}`,
  });
});

test('a file that two releases have published is listed once, with the seal of the later one', async () => {
  const ports = world();
  const [stack] = exampleRelease('1.0.0', PLAN).bundle.stacks;
  const { bucket = '', key = '' } = stack?.template ?? {};
  const later = exampleRelease('1.2.0', PLAN, { status: 'stopped', submittedAt: '2026-01-06T09:00:00.000Z' });
  const same = { ...later, bundle: exampleRelease('1.0.0', PLAN).bundle, seals: { [`${bucket}/${key}`]: 'sealed later' } };
  ports.ledger.seed(same);
  const { files } = await viewRetirement(ports);
  expect(files.filter((file) => file.key === key)).toEqual([{ ...stack?.template, seal: 'sealed later' }]);
  expect(files.map((file) => file.key)).toEqual(files.map((file) => file.key).sort());
});
