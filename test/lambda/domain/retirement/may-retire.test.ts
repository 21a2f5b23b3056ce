import { ORIGINAL, ORIGINAL_503 } from '../../../../lambda/contract';
import type { EnvironmentState } from '../../../../lambda/domain/model';
import { type Candidate, whyNot } from '../../../../lambda/domain/retirement/may-retire';
import { examplePlan, exampleRelease, liveEnvironment } from '../../example-path';

const NOW = '2026-01-05T09:00:00.000Z';
const TEAMS = 'arn:teams';
const WHO = 'arn:service-manager';

const at = (given: Partial<EnvironmentState> = {}, more: Partial<Candidate> = {}): Candidate => {
  return { plan: examplePlan(), state: liveEnvironment('1.0.0', 'Production', given), original: TEAMS, healthyTargets: 1, now: NOW, ...more };
};
const lock = { release: '1.1.0', execution: 'arn:run', colour: 'green', since: NOW, shifted: false };
const asked = { by: WHO, reason: 'slow', at: NOW };

test('nothing is in the way of an environment that rests, and whose users have something to go back to', () => {
  expect(whyNot([], [at(), at({}, { plan: examplePlan('Integration') })], [])).toEqual([]);
});

test('names of no environment are told, with those there are', () => {
  const candidates = [at({}, { plan: examplePlan('Integration') }), at()];
  expect(whyNot([], candidates, ['Integration', 'Live'])).toEqual([
    'the path has no environment "Live", whose users would get 503; it has Integration, Production',
  ]);
});

test('what is in flight ends first; what is aborted does so by itself', () => {
  const aborted = exampleRelease('1.2.0', undefined, { aborted: asked });
  expect(whyNot([exampleRelease('1.1.0'), aborted], [at()], [])).toEqual([
    'release 1.1.0 is in flight: let it end, or take it out with ptl abort 1.1.0, and with ptl roll-back where it has live traffic',
    'release 1.2.0 is aborted and ends at its next step: run this again when ptl status does not show it any more',
  ]);
});

describe('an environment that is busy:', () => {
  const why = (given: Partial<EnvironmentState>, inFlight = ['1.1.0']) =>
    whyNot(
      inFlight.map((version) => exampleRelease(version)),
      [at(given)],
      [],
    ).slice(inFlight.length);

  test('held by a release that is not in flight any more; by one that is, it is told once', () => {
    expect(why({ lock }, [])).toEqual(['release 1.1.0 still holds Production, by arn:run']);
    expect(why({ lock }, ['1.2.0'])).toEqual(['release 1.1.0 still holds Production, by arn:run']);
    expect(why({ lock })).toEqual([]);
  });

  test('contracted', () => {
    expect(why({ lock: { ...lock, contract: true } })).toEqual([`the contract of Production runs, since ${NOW}: wait for its end`]);
  });

  test('rolled back, which its lock speaks for where there is one', () => {
    const waits = `a roll back of Production is under way, asked for by ${WHO}: wait for its end`;
    expect(why({ rollBackRequested: asked })).toEqual([waits]);
    expect(why({ goingBack: asked })).toEqual([`${waits}; where its writer died, ptl recover Production ends it`]);
    expect(why({ rollBackRequested: asked, lock })).toEqual([]);
  });

  test('in an outage that nobody ends', () => {
    const outage = { release: '1.1.0', execution: 'arn:run', beganAt: NOW, until: NOW, says: 'Back at noon.', started: [] };
    expect(why({ outage, weights: {} })).toEqual([
      'users of Production are in an outage that 1.1.0 has left: submit a version, which goes on with the outage; ' +
        'or give users 1.0.0 all the same, with ptl roll-back Production --reason "<why>"',
    ]);
  });

  test('frozen, until that is over', () => {
    const freeze = { by: WHO, at: NOW, reason: 'sales', until: '2026-01-06T09:00:00.000Z' };
    expect(why({ freeze })).toEqual([
      `Production is frozen by ${WHO} since ${NOW}, until ${freeze.until} (sales): wait until that is over, or end it with ptl unfreeze Production --reason "<why>"`,
    ]);
    expect(why({ freeze: { ...freeze, until: NOW } })).toEqual([]);
  });
});

describe('users get no less than they have without somebody saying so:', () => {
  test('what served before must be able to', () => {
    expect(whyNot([], [at({}, { healthyTargets: 0 })], ['Production'])).toEqual([
      `what served Production before any release, ${TEAMS}, has no healthy target; repair it first: its users go back to it`,
    ]);
  });

  test('where nothing did, that is said', () => {
    const nothing = { original: ORIGINAL_503, healthyTargets: 0 };
    const why = '1.0.0 is live in Production, and nothing served there before: its users would get 503; if that is meant, say --users-get-503 Production';
    expect(whyNot([], [at({}, nothing)], [])).toEqual([why]);
    expect(whyNot([], [at({}, nothing)], ['Production'])).toEqual([]);
    expect(whyNot([], [at({ live: undefined }, nothing)], [])).toEqual([]);
    expect(whyNot([], [at({ live: { colour: ORIGINAL, version: ORIGINAL, digest: '' } }, nothing)], [])).toEqual([]);
  });
});
