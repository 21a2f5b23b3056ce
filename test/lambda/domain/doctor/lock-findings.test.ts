import { lockFindings } from '../../../../lambda/domain/doctor/lock-findings';
import type { Look } from '../../../../lambda/domain/doctor/look';
import type { Contracting, EnvironmentState, Lock, Outage, Retirement } from '../../../../lambda/domain/model';
import { examplePlan, liveEnvironment } from '../../example-path';

const NOW = '2026-01-05T09:00:00.000Z';
const ENDED = { how: 'ABORTED, by hand', at: '2026-01-05T08:50:00.000Z' };
const lock: Lock = { release: '1.1.0', execution: 'arn:run', colour: 'green', since: NOW, shifted: false };
const asked = { by: 'arn:owner', reason: 'moved', at: NOW };
const contracting: Contracting = { ...asked, execution: 'arn:contract', release: '1.0.0', migrations: [] };
const plan = examplePlan();
const retirement: Retirement = { ...asked, execution: 'arn:retires', plan, original: '503', release: '1.0.0' };
const outage: Outage = { release: '1.1.0', execution: 'arn:run', beganAt: NOW, until: NOW, says: 'x', started: [] };
const waits = (release: string) => ({ release, execution: `of ${release}`, ended: ENDED });

const found = (given: Partial<EnvironmentState>, more: Partial<Look> = {}) => {
  const state = liveEnvironment('1.0.0', 'Production', given);
  return lockFindings({ plan, state, now: NOW, rule: { unseen: '' }, stacks: { unseen: '' }, healthyTargets: { value: 1 }, ...more });
};

test('nothing is found where what holds something runs, or what has ended holds nothing', () => {
  expect(found({ lock, contracting, retirement })).toEqual([]);
  expect(found({}, { lockEnded: ENDED, contractEnded: ENDED, retirementEnded: ENDED, turnsEnded: [] })).toEqual([]);
});

describe('a release whose machine has ended', () => {
  const about = {
    kind: 'deadLock',
    environment: 'Production',
    subject: `release 1.1.0, which holds Production since ${NOW}`,
    expected: 'its machine runs',
    actual: 'arn:run has ended: ABORTED, by hand',
    since: ENDED.at,
    by: 'recover',
  };
  const remedy = (way: string) => `${way}, by the rules of the safety net, and free the lock`;

  test('is ended where it has no traffic, and taken back where it has', () => {
    expect(found({ lock }, { lockEnded: ENDED })).toEqual([{ ...about, remedy: remedy('end it there') }]);
    const shifted = { ...lock, shifted: true };
    expect(found({ lock: shifted }, { lockEnded: ENDED })).toEqual([{ ...about, remedy: remedy('take its traffic back to what was accepted') }]);
    const against = { name: 'split', release: '1.1.0', startedAt: NOW };
    expect(found({ lock: shifted, outage: { ...outage, against } }, { lockEnded: ENDED })).toEqual([
      { ...about, remedy: remedy('leave its users without a version, which a person has to end') },
    ]);
  });

  test('leaves out when, where nobody knows', () => {
    const [finding] = found({ lock }, { lockEnded: { how: 'gone' } });
    expect(finding).toMatchObject({ actual: 'arn:run has ended: gone' });
    expect(finding).not.toHaveProperty('since');
  });

  test('is no release where it is a contract, which is found by itself', () => {
    expect(found({ lock: { ...lock, contract: true } }, { lockEnded: ENDED })).toEqual([]);
  });
});

test('a contract whose machine has ended, while it waited for people or while it ran', () => {
  const about = {
    kind: 'deadContract',
    environment: 'Production',
    expected: 'its machine runs',
    actual: 'arn:contract has ended: ABORTED, by hand',
    since: ENDED.at,
    by: 'recover',
    remedy: 'stop it with a ticket, by the rules of the safety net; then ptl contract Production asks for it anew',
  };
  const waited = { ...about, subject: 'the contract of 1.0.0 in Production, which was to wait for people' };
  expect(found({ contracting }, { contractEnded: ENDED })).toEqual([waited]);
  expect(found({ contracting, lock }, { contractEnded: ENDED })).toEqual([waited]);
  const held = { ...lock, contract: true } as const;
  const holds = { ...about, subject: `the contract of 1.0.0 in Production, which holds Production since ${NOW}` };
  expect(found({ contracting, lock: held }, { contractEnded: ENDED })).toEqual([holds]);
  expect(found({ contracting }, { contractEnded: { how: 'gone' } })[0]).not.toHaveProperty('since');
});

describe('who waits for a turn, and whose machine has ended,', () => {
  const about = {
    kind: 'deadTurn',
    environment: 'Production',
    subject: 'who waits for a turn in Production',
    expected: 'a machine that runs, for each',
    actual: 'that of 1.2.0, of 1.2.0, has ended: ABORTED, by hand; that of 1.3.0, of 1.3.0, has ended: ABORTED, by hand',
    since: ENDED.at,
  };
  const turnsEnded = ['1.2.0', '1.3.0'].map(waits);
  const out = { by: 'recover', remedy: 'take 1.2.0 and 1.3.0 out of the queue, by the rules of the safety net' };

  test('is taken out, where nobody is there, or who is has ended, too', () => {
    expect(found({}, { turnsEnded })).toEqual([{ ...about, ...out }]);
    expect(found({ lock }, { turnsEnded, lockEnded: ENDED })).toEqual([expect.objectContaining({ kind: 'deadLock' }), { ...about, ...out }]);
  });

  test('holds nothing up while a release is there', () => {
    expect(found({ lock }, { turnsEnded })).toEqual([{ ...about, by: 'time', remedy: 'nothing is held up while 1.1.0 is there' }]);
  });

  test('leaves out when, where nobody knows', () => {
    expect(found({}, { turnsEnded: [{ ...waits('1.2.0'), ended: { how: 'gone' } }] })[0]).not.toHaveProperty('since');
  });
});

test('a retirement whose machine has ended is for a person to go on with', () => {
  const about = {
    kind: 'deadRetirement',
    environment: 'Production',
    subject: 'the retirement of Production',
    expected: 'its machine runs',
    actual: 'arn:retires has ended: ABORTED, by hand',
    by: 'person',
    remedy: 'ptl retire --yes goes on from where it was, with a new machine',
  };
  expect(found({ retirement }, { retirementEnded: ENDED })).toEqual([{ ...about, since: ENDED.at }]);
  expect(found({ retirement }, { retirementEnded: { how: ENDED.how } })).toEqual([about]);
});
