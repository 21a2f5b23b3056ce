import type { EnvironmentPlan } from '../../lambda/contract';
import type { EnvironmentState } from '../../lambda/domain/model';
import { accept as acceptRelease } from '../../lambda/handlers/accept';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { migrate } from '../../lambda/handlers/migrate';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { openGate } from '../../lambda/handlers/open-gate';
import { reconcile } from '../../lambda/handlers/reconcile';
import { startBake } from '../../lambda/handlers/start-bake';
import { call } from './api-call';
import { ContractWorld } from './contract-world';
import { FIREBREAK, GO_NO_GO, opened, session } from './example-gate';
import { enterInput, examplePlan, exampleRelease, exampleWorld, register, snapshot, taskInput } from './example-path';
import type { InMemoryPorts } from './in-memory-ports';
import { breaking, OutageWorld, undoable } from './outage-world';
import { BLUE, END, GREEN, GREEN_TASK, inTheShadow, rule, shift, shiftedTo } from './story';
import { WavesWorld } from './waves-world';

const MANAGER = session('ReleaseManager');
const OTHER = session('ReleaseManager', 'deputy');
const UNTIL = '2027-01-04T06:00:00.000Z';
const environment = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const freeze = (ports: InMemoryPorts, body: object = { reason: 'Black Friday' }, who = MANAGER) =>
  call(ports, who, 'POST /environments/Production/freeze', body);
const unfreeze = (ports: InMemoryPorts) => call(ports, MANAGER, 'POST /environments/Production/unfreeze', { reason: 'over' });
const status = async (ports: InMemoryPorts) => (await call(ports, MANAGER, 'GET /status')).body.environments[0];

const THREE = ['Blue', 'Green', 'Red'].map((name) => ({ colour: name.toLowerCase(), stackName: `Payments-Production-${name}` }));
/** Three slots and a go/no-go: a frozen environment may still have something in its shadow. */
const WAITS = examplePlan('Production', { slots: THREE, goNoGo: GO_NO_GO });

async function at(ports: InMemoryPorts, gate: 'firebreak' | 'goNoGo'): Promise<InMemoryPorts> {
  await openGate(ports)({ ...taskInput('1.1.0'), gate, token: `token of the ${gate}` });
  return ports;
}

function decide(ports: InMemoryPorts, who: string, given: object = {}) {
  const body = { environment: 'Production', decision: 'accept', reason: 'looks good', digest: 'digest-of-1.1.0', ...given };
  return call(ports, session(who), 'POST /releases/1.1.0/decisions', body);
}

describe('a freeze', () => {
  test('is recorded with who, why and until when, is in the status, and ends by the clock', async () => {
    const ports = exampleWorld();
    const answer = await freeze(ports, { reason: ' Black Friday ', until: '2027-01-04T07:00+01:00' });
    const frozen = { by: MANAGER, reason: 'Black Friday', at: ports.clock.now(), until: UNTIL };
    expect(answer).toMatchObject({ status: 200, body: { environment: { frozen } } });
    expect(answer.body).not.toHaveProperty('meanwhile');
    expect(await status(ports)).toMatchObject({ frozen });
    const event = { what: 'EnvironmentFrozen', release: '1.0.0', environment: 'Production', who: MANAGER, why: 'Black Friday', detail: { until: UNTIL } };
    expect(ports.bus.published).toEqual([expect.objectContaining(event)]);
    ports.clock.advance((Date.parse(UNTIL) - Date.parse(ports.clock.now())) / 1000 - 1);
    expect(await status(ports)).toHaveProperty('frozen');
    ports.clock.advance(1);
    expect(await status(ports)).not.toHaveProperty('frozen');
    expect(await unfreeze(ports)).toMatchObject({ status: 409, body: { code: 'NotFrozen', message: expect.stringContaining('which is over') } });
    expect(await shift(await inTheShadow(ports), 10)).toEqual({ outcome: 'shifted' });
  });

  test('is ended by a person; without one there is nothing to end', async () => {
    const ports = exampleWorld();
    expect(await unfreeze(ports)).toMatchObject({
      status: 409,
      body: { code: 'NotFrozen', message: 'Production is not frozen, so there is no freeze to end' },
    });
    await freeze(ports);
    expect(await unfreeze(ports)).toMatchObject({ status: 200, body: { environment: 'Production' } });
    expect(await status(ports)).not.toHaveProperty('frozen');
    expect(ports.bus.published.at(-1)).toMatchObject({
      what: 'EnvironmentUnfrozen',
      why: 'over',
      detail: { by: MANAGER, reason: 'Black Friday', until: null },
    });
  });

  test('asked for again changes nothing; another one takes its place, and says so', async () => {
    const ports = exampleWorld();
    await freeze(ports);
    const once = snapshot(ports);
    ports.clock.advance(5);
    const again = await freeze(ports);
    expect(again).toMatchObject({ status: 200 });
    expect(again.body).not.toHaveProperty('replaces');
    expect(snapshot(ports)).toEqual(once);
    const { body } = await freeze(ports, { reason: 'longer', until: UNTIL }, OTHER);
    expect(body.replaces).toMatchObject({ by: MANAGER, reason: 'Black Friday' });
    expect((await environment(ports)).freeze).toEqual({ by: OTHER, reason: 'longer', at: ports.clock.now(), until: UNTIL });
    expect(ports.bus.published.at(-1)?.detail).toMatchObject({ before: { by: MANAGER, until: null } });
  });

  test.each([
    [{ reason: ' ' }, 'NoReason', /a reason is needed/],
    [{ reason: 'x', until: 'tomorrow' }, 'BadInput', /until must be an instant with its zone, for example 2026-12-01T06:00Z, got: "tomorrow"/],
    [{ reason: 'x', until: '2027-01-04T06:00' }, 'BadInput', /with its zone/],
    [{ reason: 'x', until: '2027-02-31T06:00Z' }, 'BadInput', /until is no day that there is, got: "2027-02-31T06:00Z"/],
    [{ reason: 'x', until: '2020-01-01T06:00Z' }, 'BadInput', /until must be in the future, got: "2020-01-01T06:00Z", and it is 20/],
    [{ reason: 'x', until: '2226-01-01T06:00Z' }, 'BadInput', /until must be within 366 days, got: "2226-01-01T06:00Z"; leave it out/],
  ])('refuses %j and changes nothing', async (body, code, message) => {
    const ports = exampleWorld();
    const before = snapshot(ports);
    expect(await freeze(ports, body)).toMatchObject({ status: 400, body: { code, message: expect.stringMatching(message) } });
    expect(snapshot(ports)).toEqual(before);
  });

  test('says what goes back with it: the waves through which a release has come', async () => {
    const { ports } = await WavesWorld.at('Paris');
    const frozen = (environment: string) => call(ports, MANAGER, `POST /environments/${environment}/freeze`, { reason: 'Black Friday' });
    expect((await frozen('Paris')).body.meanwhile).toBe(
      'where this stops 1.1.0, or takes it back, it goes back in Dublin and London, too, through which it has come',
    );
    expect((await frozen('Dublin')).body).not.toHaveProperty('meanwhile');
  });

  test.each([
    [undefined, 'sent on when that is over'],
    [GO_NO_GO, 'sent on before that is over only where it can wait at the go/no-go, in a slot that is not needed to roll back to'],
  ])('says what becomes of who waits at the firebreak in front of it, and of no other gate (go/no-go: %j)', async (goNoGo, sent) => {
    const ports = exampleWorld([examplePlan('Production', { goNoGo })]);
    ports.ledger.seed(
      opened(),
      opened({}, 'contract'),
      opened({ release: '1.2.0', environment: 'Integration' }),
      opened({ release: '1.3.0', status: 'refused' }),
    );
    const { release } = opened();
    expect((await freeze(ports)).body.meanwhile).toBe(
      `release ${release} waits at the firebreak in front of Production: people accept it as ever, and it is ${sent}`,
    );
  });

  test('says that a retirement under way goes on', async () => {
    const ports = exampleWorld();
    const retirement = { by: OTHER, at: '2026-01-05T08:00:00.000Z' } as EnvironmentState['retirement'];
    ports.ledger.seed({ ...(await environment(ports)), retirement });
    expect((await freeze(ports)).body.meanwhile).toMatch(/^Production is being retired, .*, and that goes on: its users go back/);
  });

  test('of an environment that the path has not is refused', async () => {
    const answer = await call(exampleWorld(), MANAGER, 'POST /environments/Prodution/freeze', { reason: 'x' });
    expect(answer).toMatchObject({ status: 404, body: { code: 'UnknownEnvironment' } });
  });
});

describe('a release that comes to a frozen environment', () => {
  const refusedAt = async (plan: EnvironmentPlan, state: Partial<EnvironmentState> = {}) => {
    const ports = exampleWorld([plan]);
    ports.ledger.seed({ ...(await environment(ports)), ...state });
    await freeze(ports, { reason: 'Black Friday', until: UNTIL });
    const before = snapshot(ports);
    const output = await enter(ports)(await enterInput(ports, '1.1.0'));
    if (output.outcome === 'stopped') expect(snapshot(ports)).toEqual(before);
    return output;
  };

  test('is not let in where it could not wait: there is no go/no-go', async () => {
    expect(await refusedAt(examplePlan())).toMatchObject({
      outcome: 'stopped',
      failure: {
        step: 'Enter Production',
        subject: 'the freeze of Production',
        expected: 'none, or a go/no-go at which a release waits for its end',
        actual: expect.stringMatching(
          /^frozen by .*ReleaseManager\/service-manager since .*, until 2027-01-04T06:00:00\.000Z \(Black Friday\): submit 1\.1\.0 again when that is over, or end it with ptl unfreeze Production --reason/,
        ),
      },
    });
  });

  test('does not take the slot that is needed to roll back to', async () => {
    const previous = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };
    const slots = { blue: slot('1.0.0', BLUE), green: slot('0.9.0', GREEN) };
    const two = examplePlan('Production', { goNoGo: GO_NO_GO });
    const failure = { expected: 'none, or a slot that is not needed to roll back to: green holds 0.9.0' };
    expect(await refusedAt(two, { previous, slots })).toMatchObject({ outcome: 'stopped', failure });
    expect(await refusedAt(WAITS, { previous, slots })).toEqual({ outcome: 'entered', colour: 'red' });
    // What was rolled back is nothing to go back to.
    expect(await refusedAt(two, { previous: { ...previous, rolledBack: true }, slots })).toEqual({ outcome: 'entered', colour: 'green' });
  });

  test('that was let in before does not overwrite that slot either', async () => {
    const ports = exampleWorld([examplePlan('Production', { goNoGo: GO_NO_GO })]);
    const previous = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };
    ports.ledger.seed({ ...(await environment(ports)), previous, slots: { blue: slot('1.0.0', BLUE), green: slot('0.9.0', GREEN) } });
    await enter(ports)(await enterInput(ports, '1.1.0'));
    await freeze(ports);
    expect(await deploy(ports)(GREEN_TASK)).toMatchObject({ outcome: 'failed', failure: { expected: expect.stringContaining('green holds 0.9.0') } });
    expect((await environment(ports)).previous).toEqual(previous);
  });

  test('waits in the shadow: what people say at its go/no-go counts when the freeze is over', async () => {
    const ports = exampleWorld([WAITS]);
    await freeze(ports, { reason: 'Black Friday', until: UNTIL });
    await at(await inTheShadow(ports), 'goNoGo');
    const before = snapshot(ports);
    const refused = await decide(ports, 'ChangeAuthority');
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'Frozen', message: expect.stringMatching(/1\.1\.0 waits on at the go\/no-go in Production, until/) },
    });
    expect(snapshot(ports)).toEqual(before);
    await unfreeze(ports);
    expect(await decide(ports, 'ChangeAuthority')).toMatchObject({ status: 200 });
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
  });

  test('may be refused at any time', async () => {
    const ports = await at(await inTheShadow(exampleWorld([WAITS])), 'goNoGo');
    await freeze(ports);
    expect(await decide(ports, 'ChangeAuthority', { decision: 'refuse' })).toMatchObject({ status: 200 });
  });

  describe('waits at the firebreak in front of it', () => {
    const behind = (plan: Partial<EnvironmentPlan>) => exampleWorld([examplePlan('Production', { firebreak: { ...FIREBREAK, when: [] }, ...plan })]);
    const resume = (ports: InMemoryPorts) => call(ports, MANAGER, 'POST /releases/1.1.0/resume', { environment: 'Production' });
    const acceptedByAll = async (ports: InMemoryPorts) => {
      await at(ports, 'firebreak');
      const said = [await decide(ports, 'OnCall'), await decide(ports, 'Product', { party: 'product' }), await decide(ports, 'Security')];
      return said.map(({ status: code }) => code);
    };

    test('is accepted and not resumed, so that nothing people have said is lost', async () => {
      const ports = behind({});
      await freeze(ports);
      expect(await acceptedByAll(ports)).toEqual([200, 200, 200]);
      expect(await resume(ports)).toMatchObject({ status: 409, body: { code: 'Frozen', message: expect.stringContaining('ptl unfreeze Production') } });
      await unfreeze(ports);
      expect(await resume(ports)).toMatchObject({ status: 200 });
    });

    test('the acceptance that would send it on by itself waits', async () => {
      const ports = behind({ firebreak: { ...FIREBREAK, when: [], resumes: 'automatically' } });
      await freeze(ports);
      expect(await acceptedByAll(ports)).toEqual([200, 200, 409]);
    });

    test('goes on where it may come into the shadow', async () => {
      const ports = behind({ slots: THREE, goNoGo: GO_NO_GO });
      await freeze(ports);
      await acceptedByAll(ports);
      expect(await resume(ports)).toMatchObject({ status: 200 });
    });
  });
});

describe('a release that is inside when it is frozen', () => {
  test('gets no users: its first shift is refused, and it stops', async () => {
    const ports = await inTheShadow();
    expect((await freeze(ports)).body.meanwhile).toMatch(/^release 1\.1\.0 has no users, and gets none/);
    const output = await shift(ports, 10);
    expect(output).toMatchObject({ outcome: 'refused', failure: { step: 'Shift Production to 10 percent', subject: 'the freeze of Production' } });
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
    expect((await environment(ports)).lock).toMatchObject({ shifted: false });
  });

  test('of a freeze and a shift at the same instant one sees the other', async () => {
    const ports = await inTheShadow();
    const read = ports.liveRule.read.bind(ports.liveRule);
    // It is looked at right before the commit that says that traffic may move.
    ports.liveRule.read = async (plan) => {
      ports.liveRule.read = read;
      ports.ledger.raceNextCommit(async () => void (await freeze(ports)));
      return read(plan);
    };
    expect(await shift(ports, 10)).toMatchObject({ outcome: 'refused', failure: { subject: 'the freeze of Production' } });
    expect(ports.liveRule.writes).toEqual([]);
  });

  test('with some of the users goes back at its next step; a freeze does not hold that up', async () => {
    const ports = await shiftedTo(10);
    expect((await freeze(ports)).body.meanwhile).toMatch(/^release 1\.1\.0 has 10 percent of the users: its next shift is refused and takes it back/);
    expect(await shift(ports, 50)).toMatchObject({ outcome: 'refused', failure: { subject: 'the freeze of Production' } });
    expect(await moveTraffic(ports)(END)).toMatchObject({ outcome: 'rolledBack' });
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
  });

  test('what was written before is found and recorded all the same', async () => {
    const ports = await shiftedTo(10);
    await freeze(ports);
    expect(await shift(ports, 10)).toEqual({ outcome: 'shifted' });
  });

  test('stays where it is paused, watched, and goes on when the freeze is over by then', async () => {
    const pauses = [
      { percent: 10, bakeSeconds: 0, pause: GO_NO_GO },
      { percent: 100, bakeSeconds: 0 },
    ];
    const ports = await shiftedTo(10, exampleWorld([examplePlan('Production', { steps: pauses })]));
    await startBake(ports)({ ...GREEN_TASK, percent: 10, asks: 'pause', token: 'of a pause' });
    await freeze(ports);
    expect(await decide(ports, 'ChangeAuthority')).toMatchObject({ status: 409, body: { code: 'Frozen' } });
    expect((await environment(ports)).bake).toMatchObject({ token: 'of a pause' });
    await unfreeze(ports);
    expect(await decide(ports, 'ChangeAuthority')).toMatchObject({ status: 200 });
    expect(await shift(ports, 100)).toEqual({ outcome: 'shifted' });
  });

  test('with all of the users goes on from where it is paused: nothing moves any more, and its time would take them back', async () => {
    const ports = await shiftedTo(100, exampleWorld([examplePlan('Production', { steps: [{ percent: 100, bakeSeconds: 0, pause: GO_NO_GO }] })]));
    await startBake(ports)({ ...GREEN_TASK, percent: 100, asks: 'pause', token: 'of a pause' });
    await freeze(ports);
    expect(await decide(ports, 'ChangeAuthority')).toMatchObject({ status: 200 });
    expect(await acceptRelease(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
  });

  test('with all of the users becomes live: nothing moves any more', async () => {
    const ports = await shiftedTo(100);
    expect((await freeze(ports)).body.meanwhile).toMatch(/^release 1\.1\.0 has all users already/);
    expect(await acceptRelease(ports)(GREEN_TASK)).toEqual({ outcome: 'live' });
  });
});

describe('nothing that brings users back is held up by a freeze', () => {
  test('the roll back of a release in flight, that somebody asks for', async () => {
    const ports = await shiftedTo(50);
    await freeze(ports);
    expect(await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' })).toMatchObject({ status: 200 });
    expect(await moveTraffic(ports)(END)).toMatchObject({ outcome: 'rolledBack' });
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
  });

  test('the roll back of what is live', async () => {
    const ports = await shiftedTo(100);
    await acceptRelease(ports)(GREEN_TASK);
    await freeze(ports);
    expect(await moveTraffic(ports)({ environment: 'Production', who: MANAGER, reason: 'slow' })).toEqual({ outcome: 'rolledBack' });
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
  });

  test('the safety net, for a release whose machine has died', async () => {
    const ports = await shiftedTo(50);
    ports.machines.rollingBack = (request) => moveTraffic(ports)(request) as never;
    await freeze(ports);
    const detail = { executionArn: GREEN_TASK.execution, status: 'ABORTED', input: JSON.stringify({ contract: 1, release: '1.1.0' }) };
    await reconcile(ports)({ detail } as never);
    expect(await rule(ports)).toEqual({ [BLUE]: 100 });
  });

  test('users who are out in a planned outage get a version: forwards, and back', async () => {
    const world = await OutageWorld.with(undoable());
    await world.untilAsked('1.1.0');
    await world.agree('1.1.0');
    expect(await moveTraffic(world.ports)({ ...(await world.task('1.1.0')), outage: 'begins' })).toEqual({ outcome: 'shifted' });
    expect((await freeze(world.ports)).body.meanwhile).toMatch(/^release 1\.1\.0 has taken users out, and goes on/);
    expect(await world.migrates('1.1.0')).toEqual({ outcome: 'live' });
    expect(await world.users()).toBe('green');
  });

  test('users whom a release has left out get a version by the next one, which begins its outage all the same', async () => {
    const world = await OutageWorld.with(breaking());
    expect(await world.through('1.1.0', 'gates')).toMatchObject({ outcome: 'stopped' });
    await freeze(world.ports);
    await world.submit('1.1.1', breaking());
    await world.untilAsked('1.1.1');
    await world.agree('1.1.1');
    expect(await world.onwards('1.1.1')).toEqual({ outcome: 'live' });
  });
});

describe('what cannot be taken back is not begun under a freeze', () => {
  test('a contract: neither asked for, nor begun', async () => {
    const world = await ContractWorld.ready();
    await freeze(world.ports);
    const refused = {
      status: 409,
      body: { code: 'Frozen', message: expect.stringMatching(/^Production is frozen by .*, and nothing takes back what a contract does/) },
    };
    expect(await world.ask()).toMatchObject(refused);
    await unfreeze(world.ports);
    expect(await world.ask()).toMatchObject({ status: 200 });
    await world.until();
    await freeze(world.ports);
    expect(await world.accept('1.1.0')).toMatchObject({ status: 409, body: { code: 'Frozen' } });
    expect(world.ports.migrations.calls).toEqual([]);
  });

  test('an outage', async () => {
    const world = await OutageWorld.with(undoable());
    await world.untilAsked('1.1.0');
    await world.agree('1.1.0');
    await freeze(world.ports);
    expect(await world.onwards('1.1.0')).toMatchObject({
      outcome: 'stopped',
      failure: { step: 'Begin the outage of Production', subject: 'the freeze of Production' },
    });
    expect(await world.users()).toBe('blue');
    expect(world.ports.migrations.calls).toEqual([]);
  });

  test('a migration: none starts, one that has started is gone on with', async () => {
    const ports = exampleWorld([
      examplePlan('Production', { goNoGo: GO_NO_GO, roles: { ...examplePlan().roles, migrate: 'arn:aws:iam::222222222222:role/migrate' } }),
    ]);
    const brought = { name: 'add-currency', kind: 'expand', content: 'c1' } as const;
    register(ports, exampleRelease('1.1.0', await ports.plans.environments(), { migrations: [brought] }));
    const runner = { kind: 'lambda', functionName: 'f', timeoutSeconds: 60 } as const;
    const slots = { state: 'deployed', targetGroupArn: GREEN, alarms: [], migrations: [{ ...brought, runner }] } as const;
    ports.slots.script('Payments-Production-Green', slots);
    await enter(ports)(await enterInput(ports, '1.1.0'));
    expect(await deploy(ports)(GREEN_TASK)).toEqual({ outcome: 'deployed', migrates: true });
    await freeze(ports);
    expect(await migrate(ports)(GREEN_TASK)).toMatchObject({
      outcome: 'failed',
      failure: { step: 'Migrate the shared state of Production', subject: 'the freeze of Production' },
    });
    expect(ports.migrations.calls).toEqual([]);
    await unfreeze(ports);
    ports.migrations.scripted.push({ answer: { done: false, next: 500 } });
    ports.migrations.meanwhile = async () => void (await freeze(ports));
    expect(await migrate(ports)(GREEN_TASK)).toEqual({ outcome: 'migrated' });
    expect(ports.migrations.calls).toHaveLength(2);
  });

  test('taking the path out', async () => {
    const ports = exampleWorld();
    await freeze(ports);
    const answer = await call(ports, MANAGER, 'POST /retirement', { reason: 'closed down', usersGet503: ['Production'] });
    expect(answer).toMatchObject({ status: 409, body: { code: 'CannotRetire', message: expect.stringContaining('Production is frozen by') } });
  });
});

function slot(version: string, targetGroupArn: string) {
  return { version, digest: `digest-of-${version}`, targetGroupArn, alarms: [] };
}
