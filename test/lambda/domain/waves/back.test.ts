import type { RollBackWaveInput } from '../../../../lambda/contract';
import type { AuditEvent, EnvironmentState, Release } from '../../../../lambda/domain/model';
import type { RuleTargets } from '../../../../lambda/domain/ports';
import { decideRollBackWave, ticketOf, whyBack } from '../../../../lambda/domain/waves/decide-roll-back-wave';
import { endsLaterBake, firingAgainst, firingEarlier, ofEarlierWaves } from '../../../../lambda/domain/waves/earlier-alarms';
import { heldForWaves } from '../../../../lambda/domain/waves/held';
import { hasMoved, isSameWaves, movedTo, notMoved, passedBy, toRollBack } from '../../../../lambda/domain/waves/moved';
import { moveTraffic } from '../../../../lambda/handlers/move-traffic';
import { opened } from '../../example-gate';
import { examplePlan, exampleRelease, exampleSlot, liveEnvironment } from '../../example-path';
import { alarmOf, targetGroupOf } from '../../fake-slots';
import { FAILURE, PLAN, WavesWorld } from '../../waves-world';

const NOW = '2026-01-05T09:00:00.000Z';
const release = (given: Partial<Release> = {}) => exampleRelease('1.1.0', PLAN, given);
const EXECUTION = release().execution;
const event = (what: AuditEvent['what'], environment: string, given: Partial<AuditEvent> = {}): AuditEvent => {
  return { at: NOW, what, release: '1.1.0', environment, who: EXECUTION, detail: {}, ...given };
};
const input: RollBackWaveInput = { environment: 'London', release: '1.1.0', execution: EXECUTION, failedIn: 'Dublin', failure: FAILURE };
const GREEN = targetGroupOf('Payments-London-Green');

describe('the waves that a release is live in', () => {
  const moved = (given: Release) => given.movedWaves;

  test('are those it went live in by its present attempt, until it came through the last', () => {
    const through = movedTo(movedTo(movedTo(release(), 'London'), 'Dublin'), 'London');
    expect(moved(through)).toEqual(['London', 'Dublin']);
    expect(movedTo(through, 'Paris')).toEqual(release());
    for (const elsewhere of ['Integration', 'Oslo']) expect(movedTo(through, elsewhere)).toBe(through);
  });

  test('stay the same where it was live before, and are none behind the last', () => {
    const through = release({ movedWaves: ['London'] });
    for (const elsewhere of ['Integration', 'Oslo', 'Dublin']) expect(passedBy(through, elsewhere)).toBe(through);
    expect(passedBy(through, 'Paris')).toEqual(release());
  });

  test('are not what was taken back, and go back newest first', () => {
    const through = release({ movedWaves: ['London', 'Dublin'] });
    expect([hasMoved(through, 'London'), hasMoved(through, 'Paris'), hasMoved(release(), 'London')]).toEqual([true, false, false]);
    expect([toRollBack(through), toRollBack(release())]).toEqual([['Dublin', 'London'], []]);
    expect(moved(notMoved(through, 'London'))).toEqual(['Dublin']);
    expect(notMoved(release(), 'London')).toEqual(release());
  });

  test('are waves of one: not an environment beside them, nor waves of another', () => {
    const other = examplePlan('Oslo', { wave: { of: 'Disaster recovery', place: 0, waves: 1 } });
    const path = release({ plan: [...PLAN, other, examplePlan('Bergen')] });
    const same = (one: string, two: string) => isSameWaves(path, one, two);
    expect([same('London', 'Paris'), same('London', 'Oslo'), same('Integration', 'Bergen'), same('London', 'Integration')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect([same('Nowhere', 'London'), same('London', 'Nowhere')]).toEqual([false, false]);
  });
});

describe('why a wave goes back', () => {
  const why = (...audit: AuditEvent[]) => whyBack({ input, release: release(), audit });

  test('is what happened in the later one', () => {
    expect(why(event('ReleaseRolledBack', 'Dublin', { why: 'errors' }))).toBe('Dublin was rolled back: errors');
    expect(why(event('ReleaseStopped', 'Dublin', { why: 'no stack' }))).toBe('1.1.0 was stopped in Dublin: no stack');
    const never = '1.1.0 did not go live in Dublin: the new version: AlarmRaised: errors';
    expect(why()).toBe(never);
    expect(why(event('ReleaseStopped', 'Paris', { why: 'no stack' }), event('TicketRaised', 'Dublin', { why: 'no' }))).toBe(never);
    expect(why(event('ReleaseStopped', 'Dublin'), event('ReleaseSubmitted', 'Dublin'))).toBe(never);
  });

  test('is on the ticket that was raised there, by this attempt', () => {
    const raised = (environment: string, ticket: string) => event('TicketRaised', environment, { detail: { ticket } });
    const known = (...audit: AuditEvent[]) => ticketOf({ input, audit });
    expect(known(raised('Dublin', 'a'), raised('Dublin', 'b'), raised('London', 'c'), event('ReleaseStopped', 'Dublin'))).toBe('b');
    expect(known(raised('Dublin', 'a'), event('ReleaseSubmitted', 'Dublin'))).toBeUndefined();
  });
});

describe('a wave', () => {
  const previous = { colour: 'green', version: '1.0.0', digest: 'digest-of-1.0.0' };
  const slots = { blue: exampleSlot('1.1.0', 'Payments-London-Blue'), green: exampleSlot('1.0.0', 'Payments-London-Green') };
  const state = (given: Partial<EnvironmentState> = {}) => liveEnvironment('1.1.0', 'London', { previous, slots, ...given });
  const actual: RuleTargets = { kind: 'slots', weights: { [targetGroupOf('Payments-London-Blue')]: 100 } };
  const through = release({ movedWaves: ['London'] });
  const decide = (given: Partial<Parameters<typeof decideRollBackWave>[0]> = {}) =>
    decideRollBackWave({ input, release: through, audit: [], state: state(), healthyTargets: 1, actual, ...given });

  test('goes back to what was live before', () => {
    expect(decide()).toMatchObject({ kind: 'swap', to: previous, targetGroupArn: GREEN, target: { weights: { [GREEN]: 100 } } });
  });

  test.each<[string, AuditEvent, string]>([
    ['was rolled back by this path', event('ReleaseRolledBack', 'London'), 'done'],
    ['was rolled back by another', event('ReleaseRolledBack', 'London', { who: 'earlier' }), 'swap'],
    ['is another than what was rolled back', event('ReleaseRolledBack', 'Dublin'), 'swap'],
    ['has something else recorded by this path', event('ReleaseLive', 'London'), 'swap'],
  ])('that %s is what the audit trail says', (_, recorded, kind) => {
    expect(decide({ audit: [recorded] }).kind).toBe(kind);
  });

  test('is left where it is not this attempt’s, was not moved, or something else is live', () => {
    expect(decide({ release: { ...through, execution: 'later' } })).toEqual({ kind: 'left' });
    expect(decide({ release: { ...through, execution: 'later', reached: { London: 'rolledBack' } } })).toEqual({ kind: 'left' });
    expect(decide({ release: release() })).toEqual({ kind: 'left' });
    expect(decide({ state: state({ live: { ...previous, colour: 'blue' } }) })).toEqual({ kind: 'left' });
  });

  test('stays where nothing serves to go back to, and the ticket says why it was to', () => {
    expect(decide({ healthyTargets: 0 })).toEqual({
      kind: 'stays',
      state: state(),
      actual,
      failure: {
        step: 'Roll back London, an earlier wave',
        subject: 'the roll back target',
        expected: 'at least one healthy target',
        actual:
          'slot green with 1.0.0 has none: traffic stays on 1.1.0; 1.1.0 stays live in London, although 1.1.0 did not go live in Dublin: the new version: AlarmRaised: errors',
        logs: EXECUTION,
      },
    });
  });

  test('keeps others out while its release is to come through the waves behind, or goes back', () => {
    const held = (ahead: Partial<Release>, given: Partial<EnvironmentState> = {}) => heldForWaves(state(given), { ...through, ...ahead });
    const about = { subject: 'the waves that London is one of', expected: 'no release that came through only some of them' };
    expect(held({})).toEqual({
      ...about,
      actual: '1.1.0 is live in London, and it has still to come through the waves behind London: submit again when it has ended',
    });
    const back = 'it failed in a wave behind London, and goes back: submit again when that is done; where nothing does it, ptl recover London does';
    expect(held({ status: 'stopped' })).toEqual({ ...about, actual: `1.1.0 is live in London, and ${back}` });
    expect(held({}, { previous: undefined })).toBeDefined();
    expect(held({ status: 'stopped' }, { previous: undefined })).toBeUndefined();
    expect(held({ movedWaves: undefined })).toBeUndefined();
    expect(held({ digest: 'other' })).toBeUndefined();
    expect(heldForWaves(state(), undefined)).toBeUndefined();
  });
});

describe('alarms of earlier waves', () => {
  const alarm = alarmOf('Payments-London-Green');
  const words = (reason: string) => `it watches London, an earlier wave: ${reason}`;

  async function firing(): Promise<WavesWorld> {
    const world = await WavesWorld.at('Dublin');
    const { live, slots } = await world.state('London');
    expect(slots[live?.colour ?? '']?.alarms).toEqual([alarm]);
    world.ports.alarms.firing.add(alarm);
    return world;
  }

  test('count against a release that is live there, in words that say where', async () => {
    const world = await firing();
    const [{ reason } = { reason: '' }] = (await world.ports.alarms.read(examplePlan(), [alarm])).firing;
    const found = [{ alarm, reason: words(reason) }];
    expect(await firingEarlier(world.ports, await world.release('1.1.0'))).toEqual(found);
    expect(await firingAgainst(world.ports, await world.release('1.1.0'), 'Dublin', undefined)).toEqual(found);
    expect(await ofEarlierWaves(world.ports, await world.release('1.1.0'))).toMatchObject([{ verdict: 'failed', logs: expect.stringContaining(alarm) }]);
  });

  test('do not where it is not live, or was before', async () => {
    const world = await firing();
    const known = await world.release('1.1.0');
    expect(await ofEarlierWaves(world.ports, { ...known, movedWaves: [] })).toEqual([]);
    expect(await ofEarlierWaves(world.ports, { ...known, digest: 'other' })).toEqual([]);
    expect(await ofEarlierWaves(world.ports, { ...known, movedWaves: ['Dublin'] })).toEqual([]);
    const { live: _live, ...empty } = await world.state('London');
    world.ports.ledger.seed(empty);
    expect(await ofEarlierWaves(world.ports, known)).toEqual([]);
  });

  test('end the bake of a later wave, and of no first one', async () => {
    const world = await firing();
    const notice = { name: alarm, state: 'ALARM', reason: '5 errors' };
    const plan = (place: number) => examplePlan('Dublin', { wave: { of: 'Production', place, waves: 3 } });
    const bake = { token: 't', release: '1.1.0', colour: 'green', percent: 10, startedAt: NOW };
    const baking = { ...(await world.state('Dublin')), bake };
    const ended = { alarm, reason: words('5 errors') };
    expect(await endsLaterBake(world.ports, notice, plan(1), baking)).toEqual(ended);
    expect(await endsLaterBake(world.ports, notice, plan(0), baking)).toBeUndefined();
    expect(await endsLaterBake(world.ports, notice, examplePlan('Dublin'), baking)).toBeUndefined();
    expect(await endsLaterBake(world.ports, { ...notice, name: 'other' }, plan(1), baking)).toBeUndefined();
    expect(await endsLaterBake(world.ports, notice, plan(1), await world.state('Dublin'))).toBeUndefined();
    expect(await endsLaterBake(world.ports, notice, plan(1), { ...baking, bake: { ...bake, release: '9.9.9' } })).toBeUndefined();
    const { live: _live, ...empty } = await world.state('London');
    world.ports.ledger.seed(empty);
    expect(await endsLaterBake(world.ports, notice, plan(1), baking)).toBeUndefined();
  });
});

describe('what is recorded of a wave that goes back', () => {
  const back = async (world: WavesWorld, environment = 'London') =>
    (await world.ports.ledger.audit('1.1.0')).filter((each) => each.what === 'ReleaseRolledBack' && each.environment === environment).at(-1);

  test('is what is live now, what was, what the rule held, and the ticket', async () => {
    const world = await WavesWorld.at('Dublin');
    const { weights: was, live } = await world.state('London');
    await world.fails('1.1.0', 'Dublin');
    world.ports.log.lines.length = 0;
    await world.goesBack('1.1.0', 'Dublin');
    const [ticket] = await world.ports.ledger.tickets();
    const now = await world.state('London');
    expect((await back(world))?.detail).toEqual({
      live: '1.0.0',
      weights: now.weights,
      was,
      ruleWas: { kind: 'slots', weights: { [targetGroupOf(`Payments-London-${live?.colour === 'green' ? 'Green' : 'Blue'}`)]: 100 } },
      failedIn: 'Dublin',
      ticket: ticket?.fingerprint,
    });
    const { colour, version } = now.live ?? { colour: '', version: '' };
    expect(world.ports.liveRule.tags.London).toEqual({ colour, version, targetGroupArn: now.slots[colour]?.targetGroupArn });
    expect(world.ports.ledger.commits.at(-2)?.audit).toEqual([expect.objectContaining({ what: 'ReleaseRolledBack' })]);
    const said = world.ports.log.lines.find(({ message }) => message === 'wave rolled back');
    expect(said?.fields).toMatchObject({
      release: '1.1.0',
      environment: 'London',
      slot: now.live?.colour,
      expected: { kind: 'slots' },
      actual: { kind: 'slots' },
    });
    expect((await world.release('1.1.0')).reached).toMatchObject({ London: 'rolledBack', Dublin: 'rolledBack' });
  });

  test('is all that is done where users are there already, by a writer that died', async () => {
    const world = await WavesWorld.at('Dublin');
    await world.fails('1.1.0', 'Dublin');
    const { previous, slots } = await world.state('London');
    world.ports.liveRule.set('London', { [slots[previous?.colour ?? '']?.targetGroupArn ?? '']: 100 });
    const writes = world.ports.liveRule.writes.length;
    await world.goesBack('1.1.0', 'Dublin');
    expect([world.ports.liveRule.writes.length, (await world.live())[0]]).toEqual([writes, 'London 1.0.0']);
  });

  test('is a mismatch, where somebody had changed the rule', async () => {
    const world = await WavesWorld.at('Dublin');
    await world.fails('1.1.0', 'Dublin');
    world.ports.liveRule.set('London', { [targetGroupOf('Payments-London-Blue')]: 50, [GREEN]: 50 });
    await world.goesBack('1.1.0', 'Dublin');
    const found = (await world.ports.ledger.audit('1.1.0')).filter(({ what }) => what === 'MismatchFound');
    expect(found).toMatchObject([{ environment: 'London', who: (await world.release('1.1.0')).execution }]);
  });

  test('is no ticket while a machine is at work in the later wave, which comes with its own', async () => {
    const world = await WavesWorld.at('Dublin');
    await world.walk.intoShadow('1.1.0', 'Dublin');
    expect((await world.rollBackWave('1.1.0', 'London', 'Dublin')).outcome).toBe('rolledBack');
    expect(await world.ports.ledger.tickets()).toEqual([]);
    expect((await back(world))?.detail).not.toHaveProperty('ticket');
  });

  test('is the end of who is asked on the way; what was decided stays', async () => {
    const world = await WavesWorld.at('Dublin');
    world.ports.ledger.seed(opened({ environment: 'Dublin', expiresAt: world.ports.clock.later(60) }), opened({ environment: 'Paris', status: 'passed' }));
    world.ports.ledger.seed(opened({ environment: 'Integration' }, 'contract'));
    await world.goesBack('1.1.0', 'Dublin', 'stopped');
    expect((await world.ports.ledger.gates('1.1.0')).map(({ status }) => status)).toEqual(['void', 'passed', 'open']);
  });

  test('is nothing where it is left, but that it is not moved any more', async () => {
    const world = await WavesWorld.at('Dublin');
    expect((await world.rollBack('London')).status).toBe(200);
    const rolledBack = await world.release('1.1.0');
    const known = { ...rolledBack, movedWaves: ['London'], reached: { ...rolledBack.reached, London: 'live' as const } };
    world.ports.ledger.seed(known);
    const events = world.ports.ledger.happened().length;
    expect((await world.rollBackWave('1.1.0', 'London', 'Dublin')).outcome).toBe('left');
    expect((await world.release('1.1.0')).movedWaves).toBeUndefined();
    expect(world.ports.ledger.happened()).toHaveLength(events);
    const commits = world.ports.ledger.commits.length;
    await world.rollBackWave('1.1.0', 'London', 'Dublin');
    const late = { ...input, execution: 'an earlier one' };
    world.ports.ledger.seed({ ...known, revision: (await world.release('1.1.0')).revision });
    await moveTraffic(world.ports)(late);
    expect((await world.release('1.1.0')).movedWaves).toEqual(['London']);
    expect(world.ports.ledger.commits.slice(commits).flatMap(({ put }) => put.filter(({ kind }) => kind === 'release'))).toEqual([]);
  });

  test('is one ticket, of the wave itself, where it stays and nothing was told of the later one yet', async () => {
    const world = await WavesWorld.at('Dublin');
    const { previous, slots } = await world.state('London');
    world.ports.targets.unhealthy.add(slots[previous?.colour ?? '']?.targetGroupArn ?? '');
    expect((await world.rollBackWave('1.1.0', 'London', 'Dublin')).outcome).toBe('stays');
    expect(await world.ports.ledger.tickets()).toMatchObject([{ environment: 'London', count: 1, step: 'Roll back London, an earlier wave' }]);
    expect((await world.release('1.1.0')).movedWaves).toBeUndefined();
  });

  test('is in the log, where it stays', async () => {
    const world = await WavesWorld.at('Dublin');
    await world.fails('1.1.0', 'Dublin');
    const { previous, slots } = await world.state('London');
    world.ports.targets.unhealthy.add(slots[previous?.colour ?? '']?.targetGroupArn ?? '');
    expect((await world.rollBackWave('1.1.0', 'London', 'Dublin')).outcome).toBe('stays');
    expect(world.ports.log.lines.at(-1)).toMatchObject({
      level: 'error',
      message: 'wave not rolled back',
      fields: { release: '1.1.0', environment: 'London', expected: 'at least one healthy target', actual: expect.stringContaining('has none') },
    });
    const [own] = (await world.ports.ledger.tickets()).filter(({ environment }) => environment === 'London');
    expect((await world.ports.ledger.audit('1.1.0')).at(-1)).toMatchObject({
      what: 'TicketRaised',
      environment: 'London',
      detail: { ticket: own?.fingerprint },
    });
  });
});
