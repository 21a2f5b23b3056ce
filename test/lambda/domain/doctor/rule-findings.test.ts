import { ORIGINAL } from '../../../../lambda/contract';
import type { AcceptedTags, Look, RuleLook } from '../../../../lambda/domain/doctor/look';
import { ruleFindings } from '../../../../lambda/domain/doctor/rule-findings';
import type { EnvironmentState, Lock, Outage, Retirement } from '../../../../lambda/domain/model';
import { RULE_IS_GONE } from '../../../../lambda/domain/traffic/weights';
import { examplePlan, liveEnvironment } from '../../example-path';
import { BLUE, GREEN } from '../../story';

const NOW = '2026-01-05T09:00:00.000Z';
const BEFORE = '2026-01-05T08:59:00.000Z';
const OTHER = 'arn:of-somebody';
const ENDED = { how: 'ABORTED' };
const TAGS: AcceptedTags = { colour: 'blue', version: '1.0.0', targetGroupArn: BLUE };
const plan = examplePlan();
const lock: Lock = { release: '1.1.0', execution: 'arn:run', colour: 'green', since: NOW, shifted: false };
const lease = { owner: 'died', fence: 3, expiresAt: BEFORE };
const retirement: Retirement = { by: 'arn:owner', reason: 'moved', at: NOW, execution: 'arn:retires', plan, original: '503', release: '1.0.0' };
const outage: Outage = { release: '1.1.0', execution: 'arn:run', beganAt: BEFORE, until: NOW, says: 'x', started: [] };

const slots = (weights: Readonly<Record<string, number>>): RuleLook => ({ targets: { kind: 'slots', weights }, accepted: [TAGS] });
const found = (given: Partial<EnvironmentState>, rule: RuleLook = slots({ [BLUE]: 100 }), more: Partial<Look> = {}) => {
  const state = liveEnvironment('1.0.0', 'Production', given);
  return ruleFindings({ plan, state, now: NOW, rule: { value: rule }, stacks: { value: [] }, healthyTargets: { value: 1 }, ...more });
};
const ways = (given: Partial<EnvironmentState>, rule?: RuleLook, more?: Partial<Look>) =>
  found(given, rule, more).map(({ kind, by, remedy }) => [kind, by, remedy]);

test('nothing is found of a rule that holds what the ledger says, or what a shift intends', () => {
  expect(found({})).toEqual([]);
  const both = { blue: liveEnvironment('1.0.0').slots.blue, green: { version: '1.1.0', digest: 'd', targetGroupArn: GREEN, alarms: [] } } as const;
  const intends = { slots: both as EnvironmentState['slots'], lock: { ...lock, intended: { blue: 90, green: 10 } } };
  expect(found(intends, slots({ [BLUE]: 90, [GREEN]: 10 }))).toEqual([]);
  expect(found(intends)).toEqual([]);
  expect(found(intends, slots({ [OTHER]: 100 }))).toMatchObject([{ expected: 'blue 100 or blue 90, green 10', actual: `${OTHER} 100` }]);
});

test('a rule that somebody removed is all that is told of it, with what it held', () => {
  const gone = { kind: 'ruleGone', environment: 'Production', subject: 'the live rule of Production', expected: 'blue 100', by: 'person' };
  const actual = 'nothing: the rule is not there any more';
  expect(found({ lease }, { targets: { kind: 'gone' } })).toEqual([{ ...gone, actual, remedy: RULE_IS_GONE }]);
  const one = { targets: { kind: 'apart', rules: { Main: { kind: 'gone' }, Internal: { kind: 'slots', weights: { [BLUE]: 100 } } } } } as const;
  expect(found({}, one)).toEqual([{ ...gone, actual: `Main: ${actual}; Internal: blue 100`, remedy: RULE_IS_GONE }]);
});

describe('weights that nobody knows of', () => {
  const rule = slots({ [OTHER]: 100 });

  test('are written back where nobody is there', () => {
    const back = ['weights', 'recover', 'write blue 100 back'];
    expect(ways({}, rule)).toEqual([back]);
    expect(ways({ lock }, rule, { lockEnded: ENDED })).toEqual([back]);
    expect(ways({ outage, weights: {} }, rule)).toEqual([
      ['outage', 'person', expect.anything()],
      ['weights', 'recover', 'write what users are told in the outage back'],
    ]);
  });

  test('are for who is there to put right, otherwise', () => {
    expect(ways({ retirement }, rule)).toEqual([['weights', 'time', 'the retirement that is under way writes the rule']]);
    expect(ways({ lock: { ...lock, contract: true } }, rule)).toEqual([['weights', 'time', 'the contract of 1.1.0 ends first; then ptl recover Production']]);
    expect(ways({ lock: { ...lock, shifted: true } }, rule)).toEqual([
      ['weights', 'time', 'release 1.1.0 goes back by itself at its next step; sooner with ptl roll-back Production'],
    ]);
    expect(ways({ lock }, rule)).toEqual([['weights', 'time', 'release 1.1.0 stops at its first shift; then ptl recover Production']]);
  });

  test('are nothing to speak of while somebody may write them', () => {
    expect(found({ lease: { ...lease, expiresAt: '2026-01-05T09:01:00.000Z' } }, rule)).toEqual([]);
  });
});

describe('a writer that has died', () => {
  const about = {
    kind: 'lease',
    environment: 'Production',
    subject: "the last writer of Production's live rule",
    expected: 'finished',
    actual: 'it died, or lost its answer: what it wrote is unknown until the next writer looks',
    since: BEFORE,
  };

  test('is looked after by the next one, who ever that is', () => {
    const recover = { by: 'recover', remedy: 'look, write blue 100 where the rule holds anything else, and give the lease back' };
    expect(found({ lease })).toEqual([{ ...about, ...recover }]);
    expect(found({ lease, lock }, undefined, { lockEnded: ENDED })).toEqual([{ ...about, ...recover }]);
    expect(found({ lease, lock })).toEqual([{ ...about, by: 'time', remedy: 'release 1.1.0 goes on by asking the next writer' }]);
    expect(found({ lease, retirement })).toEqual([{ ...about, by: 'time', remedy: 'the retirement goes on by asking the next writer' }]);
  });
});

describe('tags', () => {
  const tagged = (...accepted: (AcceptedTags | null)[]): RuleLook => ({ ...slots({ [BLUE]: 100 }), accepted });
  const about = { kind: 'tags', environment: 'Production', subject: "the tags of Production's live rule", expected: `blue with 1.0.0, ${BLUE}` };
  const anew = { by: 'recover', remedy: 'write them anew' };

  test.each<[Partial<AcceptedTags>]>([
    [{ colour: 'green' }],
    [{ version: '0.9.0' }],
    [{ targetGroupArn: GREEN }],
  ])('that differ in %j are written anew', (other) => {
    const tags = { ...TAGS, ...other };
    expect(found({}, tagged(TAGS, tags))).toEqual([{ ...about, actual: `${tags.colour} with ${tags.version}, ${tags.targetGroupArn}`, ...anew }]);
  });

  test('are for the release that is there, as long as it runs; and for a retirement', () => {
    const remedy = 'release 1.1.0 writes them when it is accepted; when it ends otherwise, ptl recover Production';
    expect(found({ lock }, tagged(null))).toEqual([{ ...about, actual: 'none', by: 'time', remedy }]);
    expect(found({ lock }, tagged(null), { lockEnded: ENDED })).toEqual([{ ...about, actual: 'none', ...anew }]);
    expect(found({ retirement }, tagged(null))).toEqual([]);
  });

  test('may be none, or of what served before, where no release is live; never of another', () => {
    const none = { live: undefined, weights: {}, slots: {} };
    const original = { colour: ORIGINAL, version: ORIGINAL, targetGroupArn: OTHER };
    const rule = (accepted: AcceptedTags | null): RuleLook => ({ targets: { kind: 'other' }, accepted: [accepted] });
    expect([found(none, rule(null)), found(none, rule(original))]).toEqual([[], []]);
    expect(found(none, rule(TAGS))).toEqual([{ ...about, expected: 'none', actual: `blue with 1.0.0, ${BLUE}`, ...anew }]);
    expect(found({}, tagged(original))).toMatchObject([{ actual: `${ORIGINAL} with ${ORIGINAL}, ${OTHER}` }]);
  });
});

describe('targets', () => {
  const none = { healthyTargets: { value: 0 } };
  const about = {
    kind: 'unhealthy',
    environment: 'Production',
    subject: 'the targets of 1.0.0, live in Production',
    expected: 'at least one healthy',
    by: 'person',
  };
  const remedy = 'see why in the logs and health checks of its targets; if the version is to blame, ptl roll-back Production';

  test('of which none is healthy are told, whoever writes, and whether the rule could be seen or not', () => {
    const finding = { ...about, actual: `none in ${BLUE}`, remedy };
    expect(found({}, undefined, none)).toEqual([finding]);
    expect(found({}, undefined, { ...none, rule: { unseen: 'denied' } })).toEqual([finding]);
    expect(found({ lease: { ...lease, expiresAt: '2026-01-05T09:01:00.000Z' } }, undefined, none)).toEqual([finding]);
  });

  test('are not spoken of where nobody could look, or nothing is live', () => {
    expect(found({}, undefined, { healthyTargets: { unseen: 'denied' } })).toEqual([]);
    expect(found({ live: undefined, weights: {}, slots: {} }, { targets: { kind: 'other' }, accepted: [null] }, none)).toEqual([]);
  });

  test('of a slot that the ledger does not know', () => {
    const given = { slots: {}, weights: {} };
    expect(found(given, { targets: { kind: 'other' }, accepted: [null] }, none)).toEqual([
      { ...about, actual: 'none: the ledger does not know the slot blue', remedy },
    ]);
  });
});
