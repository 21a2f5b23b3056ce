import { Retry } from '../../lambda/domain/errors';
import type { EnvironmentState } from '../../lambda/domain/model';
import { removeStuckSlot } from '../../lambda/domain/recovery/remove-stuck-slot';
import { restoreAccepted } from '../../lambda/domain/recovery/restore-accepted';
import { enter } from '../../lambda/handlers/enter';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { type Answer, call } from './api-call';
import { session } from './example-gate';
import { enterInput, examplePlan, exampleSlot, exampleWorld, liveEnvironment, snapshot } from './example-path';
import type { InMemoryPorts } from './in-memory-ports';
import { BLUE, bake, GREEN, GREEN_TASK, inTheShadow, rule, shiftedTo } from './story';

const MANAGER = session('ReleaseManager');
const OTHER = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/of-somebody/1';
const GREEN_STACK = 'Payments-Production-Green';

/** 1.0.0 is live in blue, everything is as the ledger says, and 1.1.0 may enter. */
function sound(ports = exampleWorld()): InMemoryPorts {
  ports.slots.stacks.set('Payments-Production-Blue', { status: 'CREATE_COMPLETE', version: '1.0.0', targetGroupArn: BLUE });
  ports.liveRule.tags.Production = { colour: 'blue', version: '1.0.0', targetGroupArn: BLUE };
  ports.machines.rollingBack = (request) => moveTraffic(ports)(request) as ReturnType<InMemoryPorts['machines']['rollBack']>;
  return ports;
}

/** The same with no release in flight. */
async function quiet(given: Partial<EnvironmentState> = {}): Promise<InMemoryPorts> {
  const ports = sound();
  const release = await ports.ledger.release('1.1.0');
  if (release) ports.ledger.seed({ ...release, status: 'stopped' });
  ports.ledger.seed(liveEnvironment('1.0.0', 'Production', given));
  return ports;
}

const recover = (ports: InMemoryPorts, given: object = { reason: 'INC0042' }): Promise<Answer> =>
  call(ports, MANAGER, 'POST /environments/Production/recover', given);
const state = (ports: InMemoryPorts) => ports.ledger.environment('Production');
const recovered = (ports: InMemoryPorts) => ports.bus.published.filter(({ what }) => what === 'EnvironmentRecovered');
const dies = (ports: InMemoryPorts) => ports.machines.dead.set(GREEN_TASK.execution, { how: 'ABORTED' });

test('where nothing is wrong nothing is done', async () => {
  const ports = await quiet();
  const before = snapshot(ports);
  expect(await recover(ports)).toEqual({ status: 200, body: { environment: 'Production', done: [], held: [], left: [] } });
  expect(snapshot(ports)).toEqual(before);
});

describe('a live rule that somebody changed', () => {
  test('gets the accepted target back, with one write, and the audit trail says what it held, who asked and why', async () => {
    const ports = await quiet();
    ports.liveRule.set('Production', { [OTHER]: 70, [BLUE]: 30 });
    const { body } = await recover(ports);
    expect(body).toMatchObject({
      done: [expect.stringContaining(`gave Production to blue 100 (the live rule held ${OTHER} 70, blue 30)`)],
      held: [],
      left: [],
    });
    expect([await rule(ports), ports.liveRule.writes]).toEqual([{ [BLUE]: 100 }, [{ environment: 'Production', weights: { [BLUE]: 100 } }]]);
    expect(ports.bus.published.map(({ what, who, why }) => [what, who, why])).toEqual([
      ['MismatchFound', MANAGER, 'INC0042'],
      ['EnvironmentRecovered', MANAGER, 'INC0042'],
    ]);
    expect(await state(ports)).toMatchObject({ weights: { blue: 100 }, lease: { expiresAt: '' } });
  });

  test('answers 503 again where no release is live', async () => {
    const ports = await quiet({ live: undefined, slots: {}, weights: {} });
    ports.slots.stacks.clear();
    delete ports.liveRule.tags.Production;
    ports.liveRule.set('Production', { [OTHER]: 100 });
    expect((await recover(ports)).body).toMatchObject({ done: [expect.stringContaining('no slot: 503')], left: [] });
    expect([await rule(ports), ports.liveRule.tags.Production]).toEqual(['other', undefined]);
  });

  test('serves what served before any release again where none was accepted, and the ledger goes on as if nobody had been there', async () => {
    const ports = await quiet({ live: undefined, slots: {}, weights: {} });
    ports.slots.stacks.clear();
    delete ports.liveRule.tags.Production;
    ports.frontDoors.original = OTHER;
    ports.liveRule.set('Production', { [BLUE]: 100 });
    expect((await recover(ports)).body.left).toEqual([]);
    expect(await rule(ports)).toEqual({ [OTHER]: 100 });
    expect(await state(ports)).toMatchObject({ weights: {}, slots: {} });
  });

  test('stays where what was accepted serves nobody: that is said, and nothing is written', async () => {
    const ports = await quiet();
    ports.liveRule.set('Production', { [OTHER]: 100 });
    ports.targets.unhealthy.add(BLUE);
    const { body } = await recover(ports);
    expect(body).toMatchObject({ done: [], held: [expect.stringContaining('1.0.0 has no healthy target; traffic stays as it is')] });
    expect([ports.liveRule.writes, body.left.map(({ kind }: { kind: string }) => kind)]).toEqual([[], ['weights', 'unhealthy']]);
    expect((await state(ports)).lease?.expiresAt).toBe('');
  });

  test('that is gone is a person’s: it is left, with what to do', async () => {
    const ports = await quiet();
    ports.liveRule.set('Production', 'gone');
    expect((await recover(ports)).body).toMatchObject({ done: [], left: [{ kind: 'ruleGone', by: 'person' }] });
  });

  test('is told in one line of the log, by who recovered and by who wrote', async () => {
    const ports = await quiet();
    ports.liveRule.set('Production', { [OTHER]: 100 });
    const { body } = await recover(ports, { reason: '  INC0042 ' });
    expect(ports.log.lines).toEqual(
      expect.arrayContaining([
        {
          level: 'info',
          message: 'accepted target restored',
          fields: { environment: 'Production', expected: { kind: 'slots', weights: { [BLUE]: 100 } }, actual: { kind: 'slots', weights: { [OTHER]: 100 } } },
        },
        { level: 'info', message: 'recovered', fields: { environment: 'Production', who: MANAGER, done: body.done, held: [], left: [] } },
      ]),
    );
    expect(recovered(ports)).toMatchObject([{ why: 'INC0042', release: '1.0.0', detail: { did: 'wrote blue 100 and the tags of the live rule' } }]);
  });

  test('and that has nothing the ledger knows of leaves the kinds of what is left in the log', async () => {
    const ports = await quiet();
    ports.liveRule.set('Production', 'gone');
    await recover(ports);
    expect(ports.log.lines.at(-1)).toMatchObject({ message: 'recovered', fields: { left: ['ruleGone'] } });
  });

  test('twice is once', async () => {
    const ports = await quiet();
    ports.liveRule.set('Production', { [OTHER]: 100 });
    await recover(ports);
    const before = snapshot(ports);
    expect((await recover(ports)).body.done).toEqual([]);
    expect(snapshot(ports)).toEqual(before);
  });
});

test('a contract that waits for people is left to its machine, while that runs', async () => {
  const contracting = { by: MANAGER, reason: 'r', at: '08:30', execution: 'waits', release: '1.0.0', migrations: [] };
  const ports = await quiet({ contracting });
  expect((await recover(ports)).body.done).toEqual([]);
  expect((await state(ports)).contracting).toEqual(contracting);
});

test('tags that name something else are written anew, and traffic is not', async () => {
  const ports = await quiet();
  ports.liveRule.tags.Production = { colour: 'green', version: '0.9.0', targetGroupArn: GREEN };
  expect((await recover(ports)).body.left).toEqual([]);
  expect([ports.liveRule.tags.Production, ports.liveRule.writes]).toEqual([{ colour: 'blue', version: '1.0.0', targetGroupArn: BLUE }, []]);
  expect(ports.bus.published.map(({ what }) => what)).toEqual(['EnvironmentRecovered']);
});

test('weights that the ledger has from a release that is gone are what was accepted afterwards, too', async () => {
  const ports = await quiet({
    slots: { blue: exampleSlot('1.0.0', 'Payments-Production-Blue'), green: exampleSlot('1.1.0', GREEN_STACK) },
    weights: { blue: 50, green: 50 },
  });
  ports.slots.stacks.set(GREEN_STACK, { status: 'CREATE_COMPLETE', version: '1.1.0', targetGroupArn: GREEN });
  expect((await recover(ports)).body.left).toEqual([]);
  expect([await rule(ports), (await state(ports)).weights]).toEqual([{ [BLUE]: 100 }, { blue: 100 }]);
});

describe('where a writer refuses by then', () => {
  const plan = examplePlan();
  const ask = (ports: InMemoryPorts) => restoreAccepted(ports, { restore: 'accepted', plan, original: '503', who: MANAGER, reason: 'INC0042' });
  const outage = { release: '1.1.0', says: 'back at nine', beganAt: '2026-01-05T08:00:00.000Z' } as EnvironmentState['outage'];
  const retirement = { execution: 'e' } as EnvironmentState['retirement'];
  const lock = { release: '1.1.0', execution: 'e', colour: 'green', since: '08:30', shifted: false };

  test.each<[string, Partial<EnvironmentState>, string]>([
    ['a release has entered', { lock }, 'release 1.1.0 holds Production since 08:30'],
    ['it is being retired', { retirement }, 'Production is being retired'],
    ['its slot holds another version', { slots: { blue: exampleSlot('0.9.0', 'Payments-Production-Blue') } }, 'slot blue does not hold 1.0.0 any more'],
  ])('since %s, nothing is written, and it says so', async (_, given, why) => {
    const ports = await quiet(given);
    ports.liveRule.set('Production', { [OTHER]: 100 });
    expect(await ask(ports)).toEqual({ outcome: 'refused', why });
    expect([ports.liveRule.writes, ports.bus.published, (await state(ports)).weights]).toEqual([[], [], { blue: 100 }]);
  });

  test('since the rule is gone, it says so', async () => {
    const ports = await quiet();
    ports.liveRule.set('Production', 'gone');
    expect(await ask(ports)).toEqual({ outcome: 'refused', why: expect.stringMatching(/^there is no live rule: ./) });
  });

  test('it does not in an outage that a release has left: users go on being told of it, whether what was live is healthy or not', async () => {
    const ports = await quiet({ outage, weights: {} });
    ports.targets.unhealthy.add(BLUE);
    ports.liveRule.set('Production', { [BLUE]: 100 });
    expect(await ask(ports)).toMatchObject({ outcome: 'restored', was: 'blue 100' });
    expect([ports.liveRule.writes, ports.liveRule.says.Production]).toEqual([[{ environment: 'Production', weights: 'outage' }], 'back at nine']);
    const { weights, outage: left } = await state(ports);
    expect([weights, left]).toEqual([{}, outage]);
  });
});

test('a lease that a dead writer left is given back, so that the next release may enter', async () => {
  const ports = await quiet({ lease: { owner: 'died', fence: 3, expiresAt: '2026-01-05T08:59:00.000Z' } });
  const release = await ports.ledger.release('1.1.0');
  if (release) ports.ledger.seed({ ...release, status: 'submitted' });
  expect(await enter(ports)(await enterInput(ports, '1.1.0'))).toMatchObject({ outcome: 'stopped' });
  expect((await recover(ports)).body.left).toEqual([]);
  expect(await state(ports)).toMatchObject({ lease: { fence: 4, expiresAt: '' } });
  expect(await enter(ports)(await enterInput(ports, '1.1.0'))).toMatchObject({ outcome: 'entered' });
});

describe('a release whose machine has ended', () => {
  test('in the shadow is ended, with its ticket, and the environment is free', async () => {
    const ports = await inTheShadow(sound());
    dies(ports);
    const { body } = await recover(ports);
    expect(body).toMatchObject({ done: [`ended release 1.1.0, and freed Production`], held: [], left: [] });
    expect(await state(ports)).not.toHaveProperty('lock');
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ status: 'stopped' });
    const [ticket] = await ports.ledger.tickets();
    expect(ticket?.actual).toContain(`ABORTED; ${MANAGER} asked for its recovery: INC0042`);
  });

  test('with traffic is taken back, baking or not', async () => {
    const ports = await shiftedTo(50, sound());
    await bake(ports, 50);
    dies(ports);
    expect((await recover(ports)).body).toMatchObject({ done: ['took the traffic of release 1.1.0 back, and freed Production'], left: [] });
    expect([await rule(ports), (await state(ports)).bake]).toEqual([{ [BLUE]: 100 }, undefined]);
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ status: 'rolledBack' });
    expect(recovered(ports)).toHaveLength(1);
  });

  test('and whose accepted target serves nobody keeps what it has: the answer says why, the ticket too', async () => {
    const ports = await shiftedTo(50, sound());
    dies(ports);
    ports.machines.rollingBack = async (request) => {
      throw new Retry((await moveTraffic(ports)(request).catch((error: Error) => error.message)) as string);
    };
    ports.targets.unhealthy.add(BLUE);
    expect((await recover(ports)).body.held).toEqual([expect.stringMatching(/release 1\.1\.0 still holds Production: .*has no healthy target/)]);
    expect([await rule(ports), (await state(ports)).lock?.release]).toEqual([{ [BLUE]: 50, [GREEN]: 50 }, '1.1.0']);
  });

  test('is not hidden behind what goes wrong meanwhile, but for a target that serves nobody', async () => {
    const ports = await shiftedTo(50, sound());
    dies(ports);
    ports.machines.rollingBack = async () => {
      throw new Error('the writer is broken');
    };
    expect((await recover(ports)).status).toBe(500);
    expect(ports.log.lines).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ error: expect.stringContaining('the writer is broken') }) }),
    );
  });

  test('before it came to this environment is another environment’s to close', async () => {
    const ports = sound(exampleWorld([examplePlan('Integration'), examplePlan('Production')]));
    ports.machines.dead.set((await ports.ledger.release('1.1.0'))?.execution ?? '', { how: 'FAILED' });
    const release = await ports.ledger.release('1.1.0');
    expect((await recover(ports)).body.done).not.toContain('closed release 1.1.0');
    expect(await ports.ledger.release('1.1.0')).toEqual(release);
  });

  test('before any environment was its own is closed', async () => {
    const ports = sound();
    const execution = (await ports.ledger.release('1.1.0'))?.execution ?? '';
    ports.machines.dead.set(execution, { how: 'FAILED' });
    expect((await recover(ports)).body).toMatchObject({ done: ['closed release 1.1.0'], left: [] });
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ status: 'stopped' });
  });
});

describe('a stack that is stuck', () => {
  const STUCK = { status: 'ROLLBACK_COMPLETE', targetGroupArn: GREEN } as const;
  const HELD = { blue: exampleSlot('1.0.0', 'Payments-Production-Blue'), green: exampleSlot('0.9.0', GREEN_STACK) };

  test('and holds nothing is removed, by who deploys slots', async () => {
    const ports = await quiet();
    ports.slots.stacks.set(GREEN_STACK, STUCK);
    expect((await recover(ports)).body.done).toEqual([`began to remove the stack ${GREEN_STACK}; ptl doctor Production says when it is gone`]);
    expect([ports.slots.removals, ports.repairs.removals[0]?.left]).toEqual([[GREEN_STACK], undefined]);
    expect(recovered(ports)).toMatchObject([{ who: MANAGER, detail: { did: `removed the stack ${GREEN_STACK}, which was ROLLBACK_COMPLETE` } }]);
  });

  test('and holds a version that nobody needs is removed, and the ledger forgets that version first', async () => {
    const ports = await quiet({ slots: HELD });
    ports.slots.stacks.set(GREEN_STACK, STUCK);
    const { body } = await recover(ports);
    expect(body.done).toEqual([`began to remove the stack ${GREEN_STACK}; ptl doctor Production says when it is gone`]);
    expect([ports.slots.removals, ports.repairs.removals[0]?.left]).toEqual([[GREEN_STACK], undefined]);
    expect((await ports.ledger.environment('Production')).slots).toEqual({ blue: HELD.blue });
    expect(recovered(ports)).toMatchObject([{ detail: { did: `removed the stack ${GREEN_STACK}, which was ROLLBACK_COMPLETE and held 0.9.0` } }]);
    ports.slots.stacks.set(GREEN_STACK, 'gone');
    expect((await call(ports, MANAGER, 'GET /doctor/Production')).body.findings).toEqual([]);
  });

  test('stays where the live rule has the target group that the ledger knows of its slot, though the stack names none', async () => {
    const ports = await quiet({ slots: HELD });
    ports.slots.stacks.set(GREEN_STACK, { status: 'ROLLBACK_COMPLETE' });
    ports.liveRule.set('Production', { [BLUE]: 50, [GREEN]: 50 });
    const why = `the stack of green is ROLLBACK_COMPLETE, or it is somebody's by now`;
    expect(await removeStuckSlot(ports, { remove: 'stuck', plan: examplePlan(), colour: 'green', execution: 'e', who: MANAGER, reason: 'INC0042' })).toBe(why);
    expect([ports.slots.removals, (await ports.ledger.environment('Production')).slots]).toEqual([[], HELD]);
  });

  test('is not gone on with where a release has deployed to it between two looks, and has stopped', async () => {
    const ports = await quiet({ slots: HELD });
    ports.slots.stacks.set(GREEN_STACK, STUCK);
    const ours: boolean[] = [];
    ports.slots.remove = async (_plan, { isOurs }) => {
      ours.push(await isOurs());
      ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { slots: HELD }));
      ours.push(await isOurs());
      return { state: 'failed', reason: 'taken', logs: '' };
    };
    await recover(ports);
    expect(ours).toEqual([true, false]);
  });

  test.each<[string, (ports: InMemoryPorts) => unknown]>([
    [
      'a release has entered',
      (ports) =>
        ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { lock: { release: '1.1.0', execution: 'e', colour: 'green', since: 's', shifted: false } })),
    ],
    [
      'what it holds is what a roll back goes to',
      (ports) =>
        ports.ledger.seed(
          liveEnvironment('1.0.0', 'Production', {
            slots: HELD,
            previous: { colour: 'green', version: '0.9.0', digest: HELD.green.digest },
          }),
        ),
    ],
    [
      'its path is taken out',
      (ports) =>
        ports.ledger.seed(
          liveEnvironment('1.0.0', 'Production', {
            retirement: { by: 'x', reason: 'moved', at: 's', execution: 'e', plan: examplePlan(), original: '503', release: '1.0.0' },
          }),
        ),
    ],
    ['somebody gave it live traffic', (ports) => ports.liveRule.set('Production', { [BLUE]: 50, [GREEN]: 50 })],
    [
      'it is what is live',
      (ports) =>
        ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { live: { colour: 'green', version: '1.0.0', digest: 'd' }, slots: {}, weights: {} })),
    ],
    ['it is gone', (ports) => ports.slots.stacks.set(GREEN_STACK, 'gone')],
    ['it is stuck no more', (ports) => ports.slots.stacks.set(GREEN_STACK, { status: 'CREATE_COMPLETE' }) && undefined],
  ])('stays when by then %s', async (_, meanwhile) => {
    const ports = await quiet();
    ports.slots.stacks.set(GREEN_STACK, STUCK);
    const ask = ports.repairs.removeSlot.bind(ports.repairs);
    ports.repairs.removeSlot = async (request) => {
      await meanwhile(ports);
      await ask(request);
    };
    await recover(ports);
    expect([ports.slots.removals, ports.repairs.removals[0]?.left]).toEqual([[], expect.stringContaining('the stack of green is')]);
  });

  const ask = (ports: InMemoryPorts, colour = 'green') =>
    removeStuckSlot(ports, { remove: 'stuck', plan: examplePlan(), colour, execution: 'e', who: MANAGER, reason: 'INC0042' });

  test.each<[string, string, 'gone' | typeof STUCK]>([
    ['of which there is none', 'green', 'gone'],
    ['of a colour that the environment does not have', 'red', STUCK],
  ])('and %s by then is not there, and nothing is removed or recorded', async (_, colour, found) => {
    const ports = await quiet();
    ports.slots.stacks.set(GREEN_STACK, found);
    expect(await ask(ports, colour)).toBe(`the stack of ${colour} is not there, or it is somebody's by now`);
    expect([ports.slots.removals, recovered(ports)]).toEqual([[], []]);
    expect(ports.log.lines).toEqual([{ level: 'info', message: 'slot stack stays', fields: { environment: 'Production', slot: colour, actual: undefined } }]);
  });

  test('and cannot be removed says why, and is not recorded as removed', async () => {
    const ports = await quiet();
    ports.slots.stacks.set(GREEN_STACK, STUCK);
    ports.slots.scriptRemoval(GREEN_STACK, { state: 'failed', reason: 'a bucket is not empty', logs: 'its events' });
    expect(await ask(ports)).toBe('a bucket is not empty');
    expect(recovered(ports)).toEqual([]);
    const fields = { environment: 'Production', slot: 'green', stack: GREEN_STACK, state: 'failed' };
    expect(ports.log.lines).toEqual([{ level: 'info', message: 'slot stack', fields }]);
  });

  test('is removed where no release was ever live', async () => {
    const ports = await quiet({ live: undefined, slots: {}, weights: {} });
    ports.slots.stacks.set(GREEN_STACK, { status: 'ROLLBACK_COMPLETE' });
    expect(await ask(ports)).toBeUndefined();
    expect(recovered(ports)).toMatchObject([{ release: 'unreleased' }]);
  });
});

describe('the outbox', () => {
  const left = async (seconds: number) => {
    const ports = await quiet();
    ports.bus.away = new Error('no such bus');
    await ports.ledger.commit({ put: [], audit: [{ at: ports.clock.now(), what: 'AlarmRaised', release: '1.0.0', who: 'x', detail: {} }] });
    ports.clock.advance(seconds);
    return ports;
  };

  test('is left to the sweep while what is in it has only just been committed', async () => {
    const ports = await left(60);
    ports.bus.away = undefined;
    expect((await recover(ports)).body.done).toEqual([]);
    expect(ports.bus.published).toEqual([]);
  });

  test('of which nothing can be delivered says why, and nothing is said to be done', async () => {
    const { body } = await recover(await left(301));
    expect(body).toMatchObject({ done: [], held: ['not delivered: 000001 to bus: no such bus'], left: [{ kind: 'outbox' }] });
  });

  test('of which some can be delivered says how much', async () => {
    const ports = await left(301);
    await ports.ledger.commit({ put: [], audit: [{ at: ports.clock.now(), what: 'AlarmRaised', release: '1.0.0', who: 'y', detail: {} }] });
    ports.bus.away = undefined;
    const publish = ports.bus.publish.bind(ports.bus);
    ports.bus.publish = async (event) => {
      if (event.who === 'x') throw new Error('too large');
      await publish(event);
    };
    const { body } = await recover(ports);
    expect(body).toMatchObject({ done: ['delivered 1 of 2 that were left in the outbox'], held: ['not delivered: 000001 to bus: too large'] });
  });
});

test('what was left in the outbox is delivered', async () => {
  const ports = await quiet();
  ports.bus.away = new Error('no such bus');
  await ports.ledger.commit({ put: [], audit: [{ at: ports.clock.now(), what: 'AlarmRaised', release: '1.0.0', who: 'x', detail: {} }] });
  ports.bus.away = undefined;
  ports.clock.advance(301);
  expect((await recover(ports)).body).toMatchObject({ done: ['delivered 1 of 1 that were left in the outbox'], left: [] });
  expect(ports.bus.published.map(({ what }) => what)).toEqual(['AlarmRaised', 'EnvironmentRecovered']);
});

describe('is refused, with nothing changed,', () => {
  const refusal = async (ports: InMemoryPorts, given?: object) => {
    const before = snapshot(ports);
    const { status, body } = await recover(ports, given);
    expect(snapshot(ports)).toEqual(before);
    return [status, body.code, body.message];
  };

  test('while a release is in flight whose machine runs, and says what takes it out', async () => {
    expect(await refusal(await inTheShadow(sound()))).toEqual([409, 'InFlight', expect.stringContaining('use ptl abort 1.1.0. Nothing was changed')]);
    const shifting = await shiftedTo(10, sound());
    shifting.liveRule.set('Production', { [OTHER]: 100 });
    expect((await refusal(shifting))[2]).toContain('use ptl roll-back Production');
  });

  test('while somebody writes the live rule', async () => {
    const ports = await quiet({ lease: { owner: 'a writer', fence: 3, expiresAt: '2026-01-05T09:01:00.000Z' } });
    expect(await refusal(ports)).toEqual([409, 'BeingWritten', expect.stringContaining('2026-01-05T09:01:00.000Z')]);
  });

  test('while the path is taken out', async () => {
    const ports = await quiet();
    expect((await call(ports, MANAGER, 'POST /retirement', { reason: 'moved', usersGet503: ['Production'] })).status).toBe(200);
    expect(await refusal(ports)).toEqual([409, 'Retiring', expect.stringContaining('goes on with --yes. Nothing was changed')]);
  });

  test.each([
    ['', 'NoReason'],
    [undefined, 'BadInput'],
  ])('without a reason, %j', async (reason, code) => {
    expect((await refusal(await quiet(), { reason })).slice(0, 2)).toEqual([400, code]);
  });
});
