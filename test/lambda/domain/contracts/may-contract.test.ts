import { type ContractSight, mayContract } from '../../../../lambda/domain/contracts/may-contract';
import { Refused } from '../../../../lambda/domain/errors';
import type { EnvironmentState, MigrationState, SlotState } from '../../../../lambda/domain/model';
import { declared, NAME } from '../../contract-world';
import { examplePlan, exampleRelease, exampleSlot, liveEnvironment } from '../../example-path';

const NOW = '2026-01-05T09:00:00.000Z';
const LATER = '2026-01-05T10:00:00.000Z';
const WHO = 'arn:service-manager';
const runner = { kind: 'lambda', functionName: 'f', timeoutSeconds: 300 } as const;
const live = { colour: 'blue', version: '1.1.0', digest: 'digest-of-1.1.0' };
const release = exampleRelease('1.1.0', undefined, { status: 'live', reached: { Production: 'live' }, migrations: [declared(), declared('other')] });
const blue: SlotState = { ...exampleSlot('1.1.0', 'b'), migrations: [declared(), declared('other')].map((each) => ({ ...each, runner })) };
const lock = { release: '1.2.0', execution: 'arn:run', colour: 'green', since: NOW, shifted: false };
const asked = { by: WHO, reason: 'slow', at: NOW };

const finished = (name: string): MigrationState => {
  const about = { kind: 'migration', revision: 1, environment: 'Production', migration: 'contract', content: 'c1', status: 'finished' } as const;
  return { ...about, name, release: '1.0.0', execution: 'e', startedAt: NOW, endedAt: LATER, calls: 1 };
};
const sight = (given: Partial<EnvironmentState> = {}, more: Partial<ContractSight> = {}): ContractSight => {
  const state = liveEnvironment('1.1.0', 'Production', { live, slots: { blue }, ...given });
  return { state, release, known: [], served: [], now: NOW, ...more };
};
/** Code and message of a refusal. */
const why = (given: Partial<EnvironmentState> = {}, more: Partial<ContractSight> = {}) => {
  const may = mayContract(sight(given, more));
  return may instanceof Refused ? [may.code, may.message] : may;
};

describe('where nothing is in its way', () => {
  test('what is left of it runs, in order', () => {
    expect(why()).toEqual({ release, live, migrations: [declared(), declared('other')] });
    expect(why({}, { known: [finished(NAME)] })).toEqual({ release, live, migrations: [declared('other')] });
  });

  test('for instance what has ended by now, or nobody is served by', () => {
    const lease = { owner: 'w', fence: 1, expiresAt: LATER };
    const freeze = { by: WHO, at: NOW, reason: 'sales', until: NOW };
    const past: Partial<EnvironmentState>[] = [
      { live: { ...live, earlyLifeSupportUntil: NOW } },
      { weights: { blue: 100, green: 0 } },
      { freeze },
      { lease, goingBack: asked },
    ];
    for (const given of past) expect(why(given)).toMatchObject({ migrations: [{ name: NAME }, { name: 'other' }] });
  });
});

describe('there is nothing to contract', () => {
  test('where no release is live', () => {
    const brings = 'is live in Production, and brings no contract; release a version that does';
    expect(why({ live: undefined })).toEqual(['NothingLive', `nothing ${brings}`]);
    expect(why({}, { release: undefined })).toEqual(['NothingLive', `1.1.0 ${brings}`]);
  });

  test('where what is live brings none', () => {
    expect(why({}, { release: exampleRelease('1.1.0', undefined, { migrations: [declared(NAME, 'c1', 'expand')] }) })).toEqual([
      'NoContract',
      '1.1.0, which is live in Production, brings no contract; release a version with Migration.contract, and ask again when that is live',
    ]);
  });

  test('where all of it has finished', () => {
    expect(why({}, { known: [finished(NAME), finished('other')] })).toEqual([
      'ContractFinished',
      `what 1.1.0 brings to contract the state of Production has finished: ${NAME} at ${LATER}, with 1.0.0; other at ${LATER}, with 1.0.0; it runs once, there is nothing to do`,
    ]);
  });

  test('where its name has finished with another content', () => {
    expect(why({}, { known: [finished('other'), { ...finished(NAME), content: 'c2' }] })).toEqual(['MigrationNameTaken', expect.stringContaining(NAME)]);
  });

  test('where it may have to go back, since it has not come through all waves', () => {
    const inWaves = { ...release, movedWaves: ['Production'] };
    expect(why({}, { release: inWaves })).toEqual([
      'InWaves',
      '1.1.0 has still to come through the waves behind Production, and goes back here where it fails in one: a contract would take that way away; ask again when it is live in all of them',
    ]);
  });
});

describe('in its way is', () => {
  const of = 'the contract of Production';

  test('who has the environment, or is next', () => {
    expect(why({ lock: { ...lock, contract: true } })).toEqual(['InFlight', `${of} runs already, since ${NOW}; see how it goes with ptl status`]);
    expect(why({ lock })).toEqual([
      'InFlight',
      `release 1.2.0 is in flight in Production, since ${NOW}, and may have to go back to 1.1.0; ask for ${of} when it has ended`,
    ]);
    const turn = { release: '1.2.0', execution: 'e', submittedAt: NOW, since: NOW, until: LATER };
    expect(why({ waiting: [turn] })).toEqual([
      'InFlight',
      `release 1.2.0 waits for its turn in Production, since ${NOW}, and goes first; ask for ${of} when it has ended`,
    ]);
  });

  test('a retirement', () => {
    expect(why({ retirement: { ...asked, execution: 'e', plan: examplePlan(), original: '503', release: '1.1.0' } })).toEqual([
      'Retiring',
      `Production is being retired, ${WHO} asked for it at ${NOW}; ${of} has to wait until that has ended`,
    ]);
  });

  test('a roll back', () => {
    expect(why({ rollBackRequested: asked })).toEqual([
      'RollingBack',
      `${WHO} asked for the roll back of Production at ${NOW}, and its slot is being started; ask for ${of} when that has ended`,
    ]);
    expect(why({ goingBack: asked })).toEqual([
      'RollingBack',
      expect.stringMatching(new RegExp(`^${WHO} asked for the roll back of Production at .*; ask for ${of} when it has ended$`)),
    ]);
  });

  test('a freeze', () => {
    expect(why({ freeze: { by: WHO, at: NOW, reason: 'sales', until: LATER } })).toEqual([
      'Frozen',
      `Production is frozen by ${WHO} since ${NOW}, until ${LATER} (sales), and nothing takes back what a contract does; ask for ${of} when that is over, or end it with ptl unfreeze Production --reason "<why>"`,
    ]);
  });

  test('that nobody knows what the live rule holds', () => {
    const expiresAt = '2026-01-05T08:59:59.000Z';
    expect(why({ lease: { owner: 'w', fence: 1, expiresAt } })).toEqual([
      'TrafficUnknown',
      `the last writer of the live rule of Production died before ${expiresAt}, so what the rule holds is unknown; ask for the roll back that it was at again`,
    ]);
  });

  test('an outage that nobody ends', () => {
    const outage = { release: '1.2.0', execution: 'arn:run', beganAt: NOW, until: NOW, says: 'Back at noon.', started: [] };
    expect(why({ outage })).toEqual(['Outage', expect.stringMatching(/^users of Production are in an outage that 1\.2\.0 has left: submit a version/)]);
  });

  test('early life support, until its last moment', () => {
    expect(why({ live: { ...live, earlyLifeSupportUntil: LATER } })).toEqual([
      'EarlyLifeSupport',
      `1.1.0 is in early life support in Production until ${LATER}, and could be rolled back until then; ask for ${of} after that`,
    ]);
  });

  test('any user who is elsewhere, by the ledger or by the rule; each slot is told once', () => {
    const elsewhere = (where: string) => [
      'TrafficElsewhere',
      `not all live traffic of Production is on 1.1.0: the live rule sends users to ${where}, too; put it right, with ptl roll-back or a release, before ${of}`,
    ];
    expect(why({ weights: { blue: 90, green: 10 } }, { served: ['green', 'red'] })).toEqual(elsewhere('green, red'));
    expect(why({ weights: { blue: 90, green: 10, red: 0 } })).toEqual(elsewhere('green'));
    expect(why({ weights: { blue: 90 } })).toEqual(elsewhere('nobody'));
    expect(why({ weights: { blue: 100 } }, { served: ['green'] })).toEqual(elsewhere('green'));
  });

  test('a slot that has nothing to run it by', () => {
    const nothing = (name: string) => [
      'NothingToRunItBy',
      `slot blue of Production has nothing to run the migration ${name} by; release 1.1.0 as a new version`,
    ];
    expect(why({ slots: { blue: { ...blue, migrations: blue.migrations?.slice(0, 1) } } })).toEqual(nothing('other'));
    expect(why({ slots: { blue: exampleSlot('1.1.0', 'b') } })).toEqual(nothing(NAME));
    expect(why({ slots: {} })).toEqual(nothing(NAME));
  });
});
