import { ORIGINAL } from '../../lambda/contract';
import { Retry } from '../../lambda/domain/errors';
import type { Release } from '../../lambda/domain/model';
import type { Ports } from '../../lambda/domain/ports';
import { enter } from '../../lambda/handlers/enter';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { reconcile } from '../../lambda/handlers/reconcile';
import { retire } from '../../lambda/handlers/retire';
import { call } from './api-call';
import { dyingPorts } from './dying-ports';
import { session } from './example-gate';
import { enterInput, examplePlan } from './example-path';
import { targetGroupOf } from './fake-slots';
import type { InMemoryPorts } from './in-memory-ports';
import { Walk } from './walk';

const TEAMS = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/teams/1';
const OWNER = session('PlatformOwner');
const PLANS = [examplePlan('Integration'), examplePlan('Production')];
const NAMES = PLANS.map(({ environment }) => environment);
const STACKS = ['Payments-Integration-Blue', 'Payments-Integration-Green', 'Payments-Production-Blue', 'Payments-Production-Green'];

/** A path on a listener where a team's own service served users; 1.0.0 and then 1.1.0 took over. */
async function adopted(original: string = TEAMS): Promise<Walk> {
  const walk = new Walk(PLANS);
  const { liveRule, frontDoors } = walk.ports;
  frontDoors.original = original;
  if (original === TEAMS) {
    for (const name of NAMES) liveRule.set(name, { [TEAMS]: 100 });
    liveRule.writeOriginal = (plan, rule) => liveRule.write(plan, rule, { [TEAMS]: 100 });
  }
  await walk.through('1.0.0');
  await walk.through('1.1.0');
  return walk;
}

const ask = (ports: InMemoryPorts, given: object = {}) => call(ports, OWNER, 'POST /retirement', { reason: 'moved away', ...given });
const look = async (ports: InMemoryPorts) => (await call(ports, OWNER, 'GET /retirement')).body;
const stateOf = (ports: InMemoryPorts, name = 'Production') => ports.ledger.environment(name);
const rules = (ports: InMemoryPorts) => NAMES.map((name) => ports.liveRule.snapshot()[name]);
const happened = (ports: InMemoryPorts) => ports.ledger.happened().filter((what) => /Retire|Restored|Ticket/.test(what));

/** The execution that was started last. */
function execution(ports: InMemoryPorts): string {
  return ports.machines.retireArn(ports.machines.retirements.at(-1)?.name ?? '');
}

/** The machine, state by state, as constructs/release/retire-workflow.ts has it. @returns the last state's outcome */
async function machine(ports: Ports & Pick<InMemoryPorts, 'machines'>, run: string): Promise<string> {
  const at = (environment: string) => ({ environment, execution: run });
  const stop = async (environment: string, failure: unknown) =>
    (await retire(ports)({ ...at(environment), environments: NAMES, failure: failure as never })).outcome;
  for (const name of NAMES) {
    const answer = await moveTraffic(ports)({ ...at(name), restore: 'original' });
    if (answer.outcome !== 'restored') return stop(name, 'failure' in answer ? answer.failure : answer);
  }
  for (const name of NAMES) {
    let answer = await retire(ports)(at(name));
    for (let looks = 1; answer.outcome === 'removing' && looks < 8; looks++) answer = await retire(ports)(at(name));
    if (answer.outcome !== 'removed') return stop(name, 'failure' in answer ? answer.failure : answer);
  }
  return 'retired';
}

describe('a path is retired', () => {
  test('users get what served before, everywhere, before any slot is removed; then the slots go, in the order of the path', async () => {
    const { ports } = await adopted();
    const removed: unknown[] = [];
    const remove = ports.slots.remove.bind(ports.slots);
    ports.slots.remove = async (plan, request) => {
      removed.push(rules(ports));
      return remove(plan, request);
    };
    expect((await ask(ports)).status).toBe(200);
    expect(await machine(ports, execution(ports))).toBe('retired');
    const teams = { kind: 'slots', weights: { [TEAMS]: 100 } };
    expect(removed).toEqual(STACKS.map(() => [teams, teams]));
    expect(ports.slots.removals).toEqual(STACKS);
    for (const name of NAMES) {
      expect(await stateOf(ports, name)).toMatchObject({ live: { colour: ORIGINAL }, weights: { [ORIGINAL]: 100 } });
      expect(Object.keys((await stateOf(ports, name)).slots)).toEqual([ORIGINAL]);
      expect(await stateOf(ports, name)).not.toHaveProperty('retirement');
      expect(ports.liveRule.tags[name]).toMatchObject({ targetGroupArn: TEAMS });
    }
    expect(happened(ports)).toEqual([
      ...['RetirementRequested', 'RetirementRequested', 'TrafficRestored', 'TrafficRestored', 'EnvironmentRetired', 'EnvironmentRetired'],
    ]);
    expect(ports.bus.published.find(({ what }) => what === 'EnvironmentRetired')).toMatchObject({ who: OWNER, why: 'moved away', release: '1.1.0' });
  });

  test('the releases stay in the ledger, with what was decided', async () => {
    const { ports } = await adopted();
    await ask(ports);
    const before = await ports.ledger.audit('1.0.0');
    await machine(ports, execution(ports));
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ status: 'live' });
    expect(await ports.ledger.audit('1.0.0')).toEqual(before);
  });

  test('what was published is listed and left: the hub cannot know who else uses it', async () => {
    const { ports } = await adopted();
    const { files, releases, environments } = await look(ports);
    expect([releases, files.length]).toEqual([2, new Set([...ports.bundles.files.keys()]).size]);
    expect(files.map(({ bucket, key }: { bucket: string; key: string }) => `${bucket}/${key}`)).toEqual([...ports.bundles.files.keys()].sort());
    expect(environments[1]).toMatchObject({ environment: 'Production', live: '1.1.0', goesTo: TEAMS, state: 'inUse' });
    const { seals } = (await ports.ledger.release('1.1.0')) as Release;
    const sealed = files.filter(({ bucket, key }: { bucket: string; key: string }) => seals[`${bucket}/${key}`] !== undefined);
    expect(sealed.length).toBeGreaterThan(0);
    for (const { bucket, key, seal } of sealed) expect(seal).toBe(seals[`${bucket}/${key}`]);
  });

  test('what a release in flight needs is not listed, whoever else has published it', async () => {
    const { ports } = await adopted();
    const { files } = await look(ports);
    const waiting = (await ports.ledger.release('1.1.0')) as Release;
    await ports.ledger.commit({ put: [{ ...waiting, status: 'submitted' }], audit: [] });
    const needed = Object.keys(waiting.seals);
    const left = (await look(ports)).files.map(({ bucket, key }: { bucket: string; key: string }) => `${bucket}/${key}`);
    expect(left.filter((file: string) => needed.includes(file))).toEqual([]);
    expect(left.length).toBe(files.length - needed.length);
  });

  test('twice: the second time there is nothing to do, and nothing is written to the live rule', async () => {
    const { ports } = await adopted();
    await ask(ports);
    await machine(ports, execution(ports));
    const writes = ports.liveRule.writes.length;
    expect((await ask(ports)).status).toBe(200);
    expect(await machine(ports, execution(ports))).toBe('retired');
    expect(ports.liveRule.writes).toHaveLength(writes);
    expect((await look(ports)).environments.map(({ state }: { state: string }) => state)).toEqual(['retired', 'retired']);
  });

  test('and can be gone through again, from what served before', async () => {
    const walk = await adopted();
    await ask(walk.ports);
    await machine(walk.ports, execution(walk.ports));
    await walk.through('2.0.0');
    expect(await stateOf(walk.ports)).toMatchObject({ live: { version: '2.0.0' }, previous: { colour: ORIGINAL } });
    expect((await look(walk.ports)).environments[1]).toMatchObject({ state: 'inUse', live: '2.0.0' });
  });

  test('that no release has been through', async () => {
    const walk = new Walk(PLANS);
    expect((await ask(walk.ports)).status).toBe(200);
    expect(await machine(walk.ports, execution(walk.ports))).toBe('retired');
    expect(walk.ports.slots.removals).toEqual(STACKS);
  });
});

describe('it is refused, with nothing changed,', () => {
  const refusal = async (ports: InMemoryPorts, given: object = {}) => {
    const before = ports.ledger.snapshot();
    const { status, body } = await ask(ports, given);
    expect([ports.ledger.snapshot(), ports.machines.retirements]).toEqual([before, []]);
    return [status, body.code, body.message];
  };

  test('while a release is in flight', async () => {
    const walk = await adopted();
    await walk.submit('1.2.0');
    expect(await refusal(walk.ports)).toEqual([
      409,
      'CannotRetire',
      expect.stringContaining('release 1.2.0 is in flight: let it end, or take it out with ptl abort 1.2.0'),
    ]);
    expect((await look(walk.ports)).problems).toEqual([expect.stringContaining('release 1.2.0 is in flight')]);
  });

  test('while one that was aborted has not ended', async () => {
    const walk = await adopted();
    await walk.submit('1.2.0');
    await call(walk.ports, OWNER, 'POST /releases/1.2.0/abort', { reason: 'leaving' });
    expect(await refusal(walk.ports)).toEqual([409, 'CannotRetire', expect.stringContaining('release 1.2.0 is aborted and ends at its next step')]);
  });

  test('where what served before serves nobody', async () => {
    const { ports } = await adopted();
    ports.targets.unhealthy.add(TEAMS);
    expect(await refusal(ports)).toEqual([409, 'CannotRetire', expect.stringContaining(`${TEAMS}, has no healthy target; repair it first`)]);
  });

  test('where users would get 503, unless that is said', async () => {
    const { ports } = await adopted('503');
    const [, , message] = await refusal(ports, { usersGet503: ['Integration'] });
    expect(message).toMatch(/1\.1\.0 is live in Production, and nothing served there before.*--users-get-503 Production/);
    expect(message).not.toContain('live in Integration');
    expect((await ask(ports, { usersGet503: NAMES })).status).toBe(200);
    expect(await machine(ports, execution(ports))).toBe('retired');
    expect(rules(ports)).toEqual([{ kind: 'other' }, { kind: 'other' }]);
    expect(await stateOf(ports)).not.toHaveProperty('live');
  });

  test('with an environment that is none', async () => {
    const { ports } = await adopted();
    expect(await refusal(ports, { usersGet503: ['Live'] })).toEqual([409, 'CannotRetire', expect.stringContaining('no environment "Live"')]);
  });

  test.each(['', '  '])('without a reason, %j', async (reason) => {
    const { ports } = await adopted();
    expect((await refusal(ports, { reason }))[1]).toBe('NoReason');
  });
});

describe('while it is under way', () => {
  test('no release is submitted, and one that slipped in is not let in', async () => {
    const walk = await adopted();
    await walk.submit('1.2.0');
    const release = await walk.ports.ledger.release('1.2.0');
    if (!release) throw new Error('not submitted');
    // The list of releases in flight may lag behind: as if it had not been there yet.
    walk.ports.ledger.releasesInFlight = async () => [];
    await ask(walk.ports);
    expect(await enter(walk.ports)(await enterInput(walk.ports, '1.2.0', 'Integration'))).toMatchObject({
      outcome: 'stopped',
      failure: { subject: 'the retirement of Integration', actual: expect.stringContaining(`${OWNER} asked for it`) },
    });
    expect((await walk.submit('1.3.0')).body).toMatchObject({ code: 'Retiring' });
  });

  test('nobody rolls back to a slot that is being removed', async () => {
    const { ports } = await adopted();
    await ask(ports);
    const { status, body } = await call(ports, OWNER, 'POST /environments/Production/roll-back', { reason: 'slow' });
    expect([status, body.message]).toEqual([409, expect.stringContaining('Production is being retired')]);
  });

  test('status shows it', async () => {
    const { ports } = await adopted();
    await ask(ports);
    expect((await call(ports, OWNER, 'GET /status')).body.environments[1]).toMatchObject({ retiring: { by: OWNER }, live: { version: '1.1.0' } });
  });

  test('a call of a run that has been taken over from takes no lease: where it died, that would keep every later release out', async () => {
    const { ports } = await adopted();
    await ask(ports);
    const first = execution(ports);
    ports.clock.advance(60);
    await ask(ports);
    await machine(ports, execution(ports));
    const before = ports.ledger.snapshot();
    expect(await moveTraffic(ports)({ environment: 'Production', execution: first, restore: 'original' })).toEqual({ outcome: 'takenOver' });
    expect(ports.ledger.snapshot()).toEqual(before);
  });

  test('asked for again, a new run takes over, and the one before ends without touching anything', async () => {
    const { ports } = await adopted();
    await ask(ports);
    const first = execution(ports);
    await ask(ports);
    const before = rules(ports);
    expect(await machine(ports, first)).toBe('takenOver');
    expect(rules(ports)).toEqual(before);
    expect([ports.slots.removals, happened(ports).includes('TicketRaised')]).toEqual([[], false]);
    expect(await machine(ports, execution(ports))).toBe('retired');
  });
});

describe('it stops', () => {
  const failing = { state: 'failed', reason: 'TargetGroup: is currently in use (DELETE_FAILED)', logs: 'arn:stack' } as const;

  test('at a stack that cannot be removed: a ticket says which and why, users have what served before, and asked again it finishes', async () => {
    const { ports } = await adopted();
    ports.slots.scriptRemoval('Payments-Production-Green', failing);
    await ask(ports);
    expect(await machine(ports, execution(ports))).toBe('stopped');
    const [ticket] = (await call(ports, OWNER, 'GET /tickets')).body;
    expect(ticket).toMatchObject({ environment: 'Production', subject: 'the stack of the slot green, Payments-Production-Green', logs: 'arn:stack' });
    expect(ticket.actual).toContain('is currently in use');
    expect(rules(ports)[1]).toEqual({ kind: 'slots', weights: { [TEAMS]: 100 } });
    expect(await stateOf(ports)).not.toHaveProperty('retirement');
    expect((await look(ports)).environments.map(({ state }: { state: string }) => state)).toEqual(['retired', 'inUse']);

    await ask(ports);
    expect(await machine(ports, execution(ports))).toBe('retired');
    expect((await call(ports, OWNER, 'GET /tickets')).body).toHaveLength(1);
  });

  test('where what served before has died since: nothing is moved or removed', async () => {
    const { ports } = await adopted();
    await ask(ports);
    const before = rules(ports);
    ports.targets.unhealthy.add(TEAMS);
    expect(await machine(ports, execution(ports))).toBe('stopped');
    expect([rules(ports), ports.slots.removals]).toEqual([before, []]);
    expect((await call(ports, OWNER, 'GET /tickets')).body[0].actual).toMatch(/has none: traffic stays where it is/);
  });

  test('at a slot that somebody gave live traffic meanwhile: it is not removed', async () => {
    const { ports } = await adopted();
    await ask(ports);
    const run = execution(ports);
    for (const name of NAMES) await moveTraffic(ports)({ environment: name, execution: run, restore: 'original' });
    const green = targetGroupOf('Payments-Integration-Green');
    ports.liveRule.set('Integration', { [TEAMS]: 50, [green]: 50 });
    expect(await retire(ports)({ environment: 'Integration', execution: run })).toMatchObject({ outcome: 'failed', failure: { expected: 'removed' } });
    expect(ports.slots.removals).not.toContain('Payments-Integration-Green');
  });

  test('a rule that somebody changed is recorded, and given back all the same', async () => {
    const { ports } = await adopted();
    await ask(ports);
    ports.liveRule.set('Production', { 'arn:of-somebody': 100 });
    expect(await machine(ports, execution(ports))).toBe('retired');
    expect(ports.bus.published.find(({ what }) => what === 'MismatchFound')).toMatchObject({ environment: 'Production' });
  });
});

test('where somebody removed a live rule, users have what the others answer: nothing is written there, and the slots go', async () => {
  const { ports } = await adopted();
  await ask(ports);
  ports.liveRule.set('Production', 'gone');
  const writes = ports.liveRule.writes.filter(({ environment }) => environment === 'Production').length;
  expect(await machine(ports, execution(ports))).toBe('retired');
  expect(ports.liveRule.writes.filter(({ environment }) => environment === 'Production')).toHaveLength(writes);
  expect(ports.bus.published.find(({ what }) => what === 'MismatchFound')?.detail).toMatchObject({ actual: 'nothing: the rule is not there any more' });
});

test('a task whose answer was lost is asked again: an environment that is retired by then is no other run’s', async () => {
  const { ports } = await adopted();
  await ask(ports);
  const task = { environment: 'Integration', execution: execution(ports) };
  await moveTraffic(ports)({ ...task, restore: 'original' });
  for (let times = 0; times < 2; times++) expect(await retire(ports)(task)).toEqual({ outcome: 'removed' });
});

describe('whatever dies', () => {
  test('the machine: the safety net opens the path and raises a ticket, once', async () => {
    const { ports } = await adopted();
    await ask(ports);
    const detail = { executionArn: execution(ports), status: 'ABORTED', input: JSON.stringify(ports.machines.retirements[0]?.input) };
    for (let times = 0; times < 2; times++) await reconcile(ports)({ detail } as never);
    expect(await stateOf(ports)).not.toHaveProperty('retirement');
    expect((await call(ports, OWNER, 'GET /tickets')).body).toMatchObject([{ count: 1, step: 'Leave the path to the safety net' }]);
  });

  test('between the ledger and the start of the machine: asked again, another is started', async () => {
    const { ports } = await adopted();
    ports.machines.away = new Retry('busy');
    expect((await ask(ports)).status).toBe(503);
    ports.machines.away = undefined;
    expect((await ask(ports)).status).toBe(200);
    expect(await machine(ports, execution(ports))).toBe('retired');
  });

  test.each(['before', 'after'] as const)('a task, right %s each of its effects: tried again, or asked for again, it comes to the same end', async (when) => {
    let deaths = 0;
    for (let effect = 0; ; effect++) {
      const { ports } = await adopted();
      await ask(ports);
      const mortal = dyingPorts(ports, effect, when);
      await machine(mortal, execution(ports)).catch(() => undefined);
      if (mortal.effects() <= effect) break;
      deaths += 1;
      ports.clock.advance(120);
      await ask(ports);
      expect(await machine(ports, execution(ports))).toBe('retired');
      expect([rules(ports), Object.keys((await stateOf(ports)).slots)]).toEqual([Array(2).fill({ kind: 'slots', weights: { [TEAMS]: 100 } }), [ORIGINAL]]);
    }
    expect(deaths).toBeGreaterThan(15);
  });
});
