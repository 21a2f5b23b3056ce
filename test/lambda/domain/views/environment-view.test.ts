import { type DeclaredMigration, type EnvironmentPlan, type FrontDoor, ORIGINAL } from '../../../../lambda/contract';
import type { EnvironmentState, Gate, Lock, Outage, Retirement, StartedContract, Ticket } from '../../../../lambda/domain/model';
import { auditView, environmentView, gateView, openGateView, ticketView } from '../../../../lambda/domain/views/views';
import { accept, afterwards, opened, session } from '../../example-gate';
import { examplePlan, exampleSlot, liveEnvironment } from '../../example-path';
import { FakeFrontDoors } from '../../fake-platform';

const NOW = '2026-01-05T09:00:00.000Z';
const LATER = '2026-01-06T09:00:00.000Z';
const PLAN = examplePlan('Production');
const lock: Lock = { release: '1.1.0', execution: 'arn:run', colour: 'green', since: NOW, shifted: false };
const previous = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };
const green = exampleSlot('0.9.0', 'Payments-Production-Green');
const blue = exampleSlot('1.0.0', 'Payments-Production-Blue');

async function frontDoor(): Promise<FrontDoor> {
  return new FakeFrontDoors().read(PLAN);
}
const seen = (given: Partial<EnvironmentState> = {}, plan: EnvironmentPlan = PLAN, door?: FrontDoor, now = NOW) =>
  environmentView(plan, liveEnvironment('1.0.0', 'Production', given), door, now);

test('an environment in which nothing goes on is what is live there, and where users find it', async () => {
  const { noWayBack, ...view } = seen({ slots: { blue } }, PLAN, await frontDoor());
  expect(JSON.parse(JSON.stringify(view))).toEqual({
    environment: 'Production',
    account: '222222222222',
    region: 'eu-west-2',
    url: 'http://production.example',
    live: { colour: 'blue', version: '1.0.0' },
    weights: { blue: 100 },
  });
  expect(noWayBack).toEqual({
    why: 'no slot holds a version that was live before 1.0.0',
    instead: 'release the one you want in its place',
    commands: ['ptl release <version>'],
  });
});

test('one that is a wave says which', () => {
  expect(seen({}, { ...PLAN, wave: { of: 'Live', place: 1, waves: 3 } }).wave).toEqual({ of: 'Live', number: 2 });
  expect(seen()).not.toHaveProperty('wave');
});

describe('what was live before', () => {
  const was = (slot: Partial<typeof green> & { loweredFrom?: number; startSeconds?: number }, more: object = {}) =>
    seen({ previous: { ...previous, ...more }, slots: { blue, green: { ...green, ...slot } } }).previous;

  test('runs, or runs nothing, and takes so long to start', () => {
    expect(was({})).toEqual({ colour: 'green', version: '0.9.0' });
    expect(was({ loweredFrom: 2 })).toEqual({ colour: 'green', version: '0.9.0', lowered: true });
    expect(was({ loweredFrom: 0, startSeconds: 74 })).toEqual({ colour: 'green', version: '0.9.0', lowered: true, startSeconds: 74 });
    expect(was({ startSeconds: 74 })).toEqual({ colour: 'green', version: '0.9.0' });
  });

  test('was rolled back, where it was; is nothing where nothing was', () => {
    expect(was({}, { rolledBack: true })).toEqual({ colour: 'green', version: '0.9.0', rolledBack: true });
    expect(was({}, { rolledBack: false })).toEqual({ colour: 'green', version: '0.9.0' });
    expect(seen({ previous, slots: {} }).previous).toEqual({ colour: 'green', version: '0.9.0' });
    expect(seen().previous).toBeUndefined();
  });
});

test('a roll back that somebody has asked for, and that no release stands in the way of, is under way', () => {
  const asked = { by: 'arn:manager', reason: 'slow', at: NOW };
  const told = { by: 'arn:manager', at: NOW };
  expect([seen({ rollBackRequested: asked }).rollingBack, seen({ goingBack: asked }).rollingBack]).toEqual([told, told]);
  expect([seen({ rollBackRequested: asked, lock }).rollingBack, seen().rollingBack]).toEqual([undefined, undefined]);
});

test('freezes, retirements, locks and turns are shown while they last', () => {
  const freeze = { by: 'arn:manager', reason: 'sale', at: NOW, until: LATER };
  expect([seen({ freeze }).frozen, seen({ freeze }, PLAN, undefined, LATER).frozen]).toEqual([freeze, undefined]);
  const retirement = { by: 'arn:owner', reason: 'moved', at: NOW, execution: 'arn:run', plan: PLAN, original: '503', release: '1.0.0' } as Retirement;
  expect(seen({ retirement })).toMatchObject({ retiring: { by: 'arn:owner', at: NOW }, noWayBack: undefined });
  expect(seen({ retirement }).retiring).toEqual({ by: 'arn:owner', at: NOW });
  expect(seen({ retiredAt: LATER }).retiredAt).toBe(LATER);
  expect([seen({ lock }).lockedBy, seen().lockedBy]).toEqual(['1.1.0', undefined]);
  const turn = { release: '1.2.0', execution: 'e', submittedAt: NOW, since: NOW, until: LATER };
  expect(seen({ waiting: [turn], lock }).waiting).toEqual([{ release: '1.2.0', since: NOW, until: LATER, behind: '1.1.0' }]);
});

describe('in the shadow', () => {
  const colours = (...names: string[]) => ({ ...PLAN, slots: names.map((colour) => ({ colour, stackName: colour })) });
  const shadow = (given: Partial<EnvironmentState>, plan: EnvironmentPlan = PLAN) => seen(given, plan).shadow;
  const unknown = { url: '', headers: {}, secretHeaders: {}, access: 'unknown: the front door could not be read just now' };

  test('is what serves nobody, with how a tester reaches it', async () => {
    const door = await frontDoor();
    expect(seen({ slots: { blue, green } }, PLAN, door).shadow).toEqual({ colour: 'green', version: '0.9.0', hiddenUrl: door.hiddenUrls.green });
    expect(shadow({ slots: { blue, green } })).toEqual({ colour: 'green', version: '0.9.0', hiddenUrl: unknown });
    expect(seen({ slots: { blue, green } }, PLAN, { ...door, hiddenUrls: {} }).shadow?.hiddenUrl).toEqual(unknown);
  });

  test('is nothing that has users, or is live, or of which there is no slot', () => {
    expect(shadow({ slots: { blue } })).toBeUndefined();
    expect(shadow({ slots: { blue, green }, weights: { blue: 90, green: 10 } })).toBeUndefined();
    expect(shadow({ slots: { blue }, weights: {} })).toBeUndefined();
    expect(shadow({ slots: { blue, green } }, colours('blue'))).toBeUndefined();
  });

  test('is, of several, what the release in flight was deployed to; the first one otherwise', () => {
    const plan = colours('blue', 'green', 'red');
    const slots = { blue, green, red: exampleSlot('1.1.0', 'Red') };
    expect(shadow({ slots, lock: { ...lock, colour: 'red' } }, plan)?.version).toBe('1.1.0');
    expect(shadow({ slots, lock: { ...lock, colour: 'blue' } }, plan)?.version).toBe('0.9.0');
    expect(shadow({ slots }, plan)?.version).toBe('0.9.0');
  });
});

describe('users who have no version', () => {
  const against: StartedContract = { name: 'split-name', breaking: true, release: '1.1.0', startedAt: NOW };
  const outage: Outage = { release: '1.1.0', execution: 'arn:run', beganAt: NOW, until: LATER, says: 'Back at noon.', started: [] };
  const about = { release: '1.1.0', since: NOW, says: 'Back at noon.' };

  test('have one by a time, as long as the release is there that needs it', () => {
    expect(seen({ outage, lock, weights: {} }).outage).toEqual({ ...about, until: LATER });
    expect(seen({ outage, lock: { ...lock, execution: 'another' }, weights: {} }).outage).toEqual(about);
    expect(seen({ outage, weights: {} }).outage).toEqual(about);
    expect([seen({ outage: { ...outage, over: true } }).outage, seen().outage]).toEqual([undefined, undefined]);
  });

  test('do not get back what may not understand the shared state', () => {
    expect(seen({ outage: { ...outage, against }, weights: {} }).outage).toEqual({ ...about, notUnderstoodBy: { version: '1.0.0', migration: 'split-name' } });
    expect(seen({ outage: { ...outage, against }, weights: {}, live: undefined }).outage).toEqual(about);
  });

  test('are nobody to roll back', () => {
    expect(seen({ outage, weights: {} }).noWayBack).toBeUndefined();
    expect(seen({ outage: { ...outage, over: true } }).noWayBack).toBeDefined();
  });
});

test('that there is no way back is said where a version is live, and nothing moves', () => {
  const none = (given: Partial<EnvironmentState>) => seen(given).noWayBack;
  expect([none({ lock }), none({ lock: { ...lock, shifted: true } }), none({ live: undefined })]).toEqual([expect.anything(), undefined, undefined]);
  expect(none({ previous, slots: { blue, green } })).toBeUndefined();
  expect(none({ live: { colour: ORIGINAL, version: ORIGINAL, digest: '' } })).toBeUndefined();
});

test('what served before any release is shown as live where no release has taken over', async () => {
  const door = { ...(await frontDoor()), original: 'arn:teams' };
  const bare: EnvironmentState = { kind: 'environment', revision: 0, environment: 'Production', slots: {}, weights: {} };
  expect(environmentView(PLAN, bare, door, NOW)).toMatchObject({ live: { colour: ORIGINAL, version: ORIGINAL }, weights: { [ORIGINAL]: 100 } });
  expect(environmentView(PLAN, bare, undefined, NOW)).toMatchObject({ live: undefined, weights: {}, url: '' });
});

describe('the contract that the live version brings', () => {
  const brings = (...names: string[]) =>
    names.map((name) => ({ name, kind: 'contract', content: 'c', runner: { kind: 'lambda', functionName: 'f', timeoutSeconds: 60 } }) as const);
  const started = (name: string, given: Partial<StartedContract> = {}): StartedContract => ({ name, release: '1.0.0', startedAt: NOW, ...given });
  const contract = (given: Partial<EnvironmentState> = {}, now = NOW) =>
    seen({ slots: { blue: { ...blue, migrations: brings('drop-amount', 'drop-more') } }, ...given }, PLAN, undefined, now).contract;
  const both = ['drop-amount', 'drop-more'];
  const contracting = { by: 'arn:manager', reason: 'r', at: NOW, execution: 'arn:c', release: '1.0.0', migrations: [] as readonly DeclaredMigration[] };

  test('is asked for by nobody, by somebody, or runs', () => {
    expect(contract()).toEqual({ migrations: both, state: 'notAsked' });
    expect(contract({ contracting })).toEqual({ migrations: both, state: 'asked', by: 'arn:manager' });
    expect(contract({ contracting, lock: { ...lock, contract: true } })).toEqual({ migrations: both, state: 'running', by: 'arn:manager' });
    expect(contract({ contracting, lock })).toMatchObject({ state: 'asked' });
  });

  test('is half done where something of it has started, and not what another brought', () => {
    expect(contract({ contracts: [started('drop-amount')] })).toEqual({ migrations: both, state: 'halfDone' });
    const finished = started('drop-amount', { finishedAt: NOW });
    expect(contract({ contracts: [finished] })).toEqual({ migrations: ['drop-more'], state: 'notAsked' });
    expect(contract({ contracts: [finished, started('drop-more')] })).toEqual({ migrations: ['drop-more'], state: 'halfDone' });
    expect(contract({ contracts: [started('of-another')] })).toMatchObject({ state: 'notAsked' });
  });

  test('waits for the end of early life support', () => {
    const live = { colour: 'blue', version: '1.0.0', digest: 'digest-of-1.0.0', earlyLifeSupportUntil: LATER };
    expect(contract({ live })).toEqual({ migrations: both, state: 'notAsked', notBefore: LATER });
    expect(contract({ live }, LATER)).toEqual({ migrations: both, state: 'notAsked' });
  });

  test('is none where all of it has finished, nothing is live, or it brings none', () => {
    expect(contract({ contracts: both.map((name) => started(name, { finishedAt: NOW })) })).toBeUndefined();
    expect(contract({ live: undefined })).toBeUndefined();
    expect(seen({ slots: { blue } }).contract).toBeUndefined();
    const expands = brings('add').map((each) => ({ ...each, kind: 'expand' as const }));
    expect(contract({ slots: { blue: { ...blue, migrations: expands } } })).toBeUndefined();
  });
});

describe('a gate', () => {
  const about = { release: '1.1.0', environment: 'Production', status: 'open', openedAt: NOW };

  test('shows whom it asks and what they said, and not its token', () => {
    const gate = afterwards(opened(), [accept(session('OnCall'))]);
    const said = { decision: 'accept', by: session('OnCall'), reason: 'looks good', at: NOW };
    const { digest, expiresAt } = gate;
    const parties = [{ name: 'service management', ...said }, { name: 'product' }, { name: 'security' }];
    expect(gateView(gate)).toEqual({ ...about, gate: 'firebreak', digest, expiresAt, parties });
  });

  test('that waits says whether it asks the caller, as long as their party has said nothing', () => {
    const asks = (gate: Gate, party: string) => openGateView(gate, session(party)).asksYou;
    expect([asks(opened(), 'OnCall'), asks(opened({}, 'goNoGo'), 'OnCall')]).toEqual([true, undefined]);
    expect(asks(afterwards(opened(), [accept(session('OnCall'))]), 'OnCall')).toBeUndefined();
  });

  test('shows what would run, the outage, and at which step it asks about what', () => {
    const outage = { longestSeconds: 60, undoable: false, says: 'x' } as unknown as Gate['outage'];
    const runs = [{ name: 'split-name', kind: 'breaking', content: 'c' }] as const;
    expect(gateView(opened({ outage, runs }, 'goNoGo'))).toMatchObject({ runs: ['split-name'], outage });
    expect(gateView(opened({ percent: 50, about: 'too few requests' }, 'goNoGo'))).toMatchObject({ percent: 50, about: 'too few requests' });
    const keys = Object.keys(gateView(opened({}, 'goNoGo'))).sort();
    expect(keys).toEqual(['digest', 'environment', 'expiresAt', 'gate', 'openedAt', 'parties', 'release', 'status']);
  });
});

test('an event is shown without the release it is read with, a ticket without what only the ledger needs', () => {
  const event = { at: NOW, what: 'ReleaseLive', who: 'arn:run', environment: 'Production', why: 'r', detail: { colour: 'blue' } } as const;
  expect(auditView({ ...event, release: '1.0.0' })).toEqual(event);
  const ticket = { fingerprint: 'a1', environment: 'Production', releases: ['1.1.0'], count: 1, firstAt: NOW, lastAt: NOW } as unknown as Ticket;
  expect(ticketView({ ...ticket, kind: 'ticket', revision: 3 })).toEqual(ticket);
});
