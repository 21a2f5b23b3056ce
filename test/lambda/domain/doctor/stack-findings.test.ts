import { ORIGINAL } from '../../../../lambda/contract';
import type { Look, StackFound } from '../../../../lambda/domain/doctor/look';
import { canOnlyBeRemoved, isStuck, removableStacks, stackFindings } from '../../../../lambda/domain/doctor/stack-findings';
import type { EnvironmentState, Lock } from '../../../../lambda/domain/model';
import { examplePlan, exampleSlot, liveEnvironment } from '../../example-path';

const NOW = '2026-01-05T09:00:00.000Z';
const plan = examplePlan();
const lock: Lock = { release: '1.1.0', execution: 'arn:run', colour: 'green', since: NOW, shifted: false };
const both = { slots: { blue: exampleSlot('1.0.0', 'b'), green: exampleSlot('0.9.0', 'g') } };
const SOUND: StackFound = { status: 'CREATE_COMPLETE', version: '1.0.0' };

const target = { ...both, previous: { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' } };
const rolledBack = { ...both, previous: { ...target.previous, rolledBack: true as const } };

/** Blue holds 1.0.0, which is live; green is looked at. */
const look = (green: StackFound | undefined, given: Partial<EnvironmentState> = {}, more: Partial<Look> = {}, blue: StackFound | undefined = SOUND): Look => {
  const stacks = { value: Object.entries({ blue, green }).map(([colour, found]) => ({ colour, stackName: `S-${colour}`, ...(found && { found }) })) };
  const state = liveEnvironment('1.0.0', 'Production', given);
  return { plan, state, now: NOW, rule: { unseen: '' }, stacks, healthyTargets: { value: 1 }, ...more };
};
const subject = (colour: string) => `the stack of the slot ${colour} of Production, S-${colour}`;
const about = (kind: string, colour = 'green') => ({ kind, environment: 'Production', subject: subject(colour) });
const LIVE_ANEW = 'ptl roll-back Production where ptl status has a version before; then ptl release <version>';
const HELD_ANEW = 'nobody can be rolled back to it; the next release deploys to it anew: ptl release <version>';

test('a slot that holds nothing needs no stack, nor one that is no more, or was never more than a name', () => {
  for (const found of [undefined, { status: 'DELETE_COMPLETE' }, { status: 'REVIEW_IN_PROGRESS' }, { status: 'UPDATE_COMPLETE', version: '0.1.0' }])
    expect(stackFindings(look(found))).toEqual([]);
});

test('a slot whose stack is gone is told with what that means for who has it', () => {
  const gone = { expected: 'holds 0.9.0', actual: 'there is none', by: 'person', remedy: HELD_ANEW };
  for (const found of [undefined, { status: 'DELETE_COMPLETE', reason: 'by hand' }, { status: 'REVIEW_IN_PROGRESS' }])
    expect(stackFindings(look(found, both))).toMatchObject([{ ...about('stackGone'), ...gone }]);
  const live = { ...about('stackGone', 'blue'), expected: 'holds 1.0.0', actual: 'there is none', by: 'person', remedy: LIVE_ANEW };
  expect(stackFindings(look(undefined, {}, {}, { status: 'DELETE_COMPLETE' }))).toMatchObject([live]);
});

test('a stack that holds another version was deployed by hand', () => {
  const other = { expected: 'holds 0.9.0', by: 'person', remedy: HELD_ANEW };
  const by = (holds: string) => [{ ...about('stackVersion'), ...other, actual: `holds ${holds}: somebody deployed it by hand` }];
  expect(stackFindings(look({ status: 'UPDATE_COMPLETE', version: '0.8.0' }, both))).toMatchObject(by('0.8.0'));
  expect(stackFindings(look({ status: 'UPDATE_COMPLETE' }, both))).toMatchObject(by('no version'));
  expect(stackFindings(look({ status: 'UPDATE_ROLLBACK_COMPLETE', version: '0.9.0' }, both))).toEqual([]);
});

test('one that CloudFormation is at is waited for, whatever it holds', () => {
  const busy = { ...about('stackBusy'), expected: 'is not stuck', actual: 'UPDATE_IN_PROGRESS: by hand', by: 'time' };
  expect(stackFindings(look({ status: 'UPDATE_IN_PROGRESS', reason: 'by hand', since: NOW }))).toEqual([
    { ...busy, since: NOW, remedy: 'wait until CloudFormation has ended it, and look again' },
  ]);
});

describe('one that is stuck', () => {
  const goOn = 'repair what its events name, then aws cloudformation continue-update-rollback --stack-name S-';
  const ANEW = 'ptl release <version> deploys the next version, ptl release 0.9.0 --again this one anew, to go live';
  const GONE_BAD = ['CREATE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_FAILED'];
  const STATUSES = [...GONE_BAD, 'UPDATE_FAILED', 'UPDATE_ROLLBACK_FAILED'];

  test.each(STATUSES)('%s is removed where nobody needs the slot, whether it holds a version or not', (status) => {
    const empty = 'remove the stack, which holds nothing that serves; the next release makes it anew';
    const found = { ...about('stackFailed'), actual: status, by: 'recover' };
    expect(stackFindings(look({ status, version: '0.9.0' }))).toMatchObject([{ ...found, expected: 'is not stuck', remedy: empty }]);
    const idle = 'remove the stack, which nobody needs: 0.9.0 is neither live nor what a roll back goes to; the next release makes it anew';
    for (const state of [both, rolledBack])
      expect(stackFindings(look({ status, version: '0.9.0' }, state))).toMatchObject([{ ...found, expected: 'holds 0.9.0', remedy: idle }]);
  });

  test.each(GONE_BAD)('%s cannot be repaired: a release leads out where users, or a roll back, need the slot', (status) => {
    const forTarget = { ...about('stackFailed'), expected: 'holds 0.9.0', by: 'person' };
    const anew = `it cannot be repaired, and nobody can be rolled back to it: ${ANEW}`;
    expect(stackFindings(look({ status }, target))).toMatchObject([{ ...forTarget, remedy: anew }]);
    expect(stackFindings(look(undefined, {}, {}, { status }))).toMatchObject([{ ...about('stackFailed', 'blue'), by: 'person', remedy: LIVE_ANEW }]);
  });

  test('where an environment keeps what a roll back goes to, a release says why it takes its slot', () => {
    const refuses = { ...plan, rollBackTarget: { kind: 'refuse', keepSeconds: 60 } } as const;
    const [found] = stackFindings(look({ status: 'ROLLBACK_COMPLETE' }, target, { plan: refuses }));
    expect(found?.remedy).toContain('ptl release <version> --replace-target "<why>" deploys');
    expect(found?.remedy).toContain('ptl release 0.9.0 --again --replace-target "<why>" this one');
  });

  test('is repaired where an update failed that can be rolled back, of what is live, or what a roll back goes to', () => {
    const failed = { status: 'UPDATE_ROLLBACK_FAILED' };
    expect(stackFindings(look(failed, target))).toMatchObject([{ by: 'person', remedy: `${goOn}green` }]);
    const live = look(undefined, {}, {}, failed);
    expect(stackFindings(live)).toMatchObject([{ ...about('stackFailed', 'blue'), by: 'person', remedy: `${goOn}blue; users are served from it meanwhile` }]);
    const rollBack = 'repair what its events name, then aws cloudformation rollback-stack --stack-name S-green';
    expect(stackFindings(look({ status: 'UPDATE_FAILED' }, target))).toMatchObject([{ by: 'person', remedy: rollBack }]);
    const byHand = 'repair what its events name, by hand in CloudFormation';
    expect(stackFindings(look({ status: 'IMPORT_ROLLBACK_FAILED' }, target))).toMatchObject([{ by: 'person', remedy: byHand }]);
  });

  test.each<[string, boolean]>([
    ...GONE_BAD.map((status): [string, boolean] => [status, true]),
    ['UPDATE_FAILED', false],
    ['UPDATE_ROLLBACK_FAILED', false],
    ['UPDATE_ROLLBACK_COMPLETE', false],
  ])('%s can only be removed: %s', (status, only) => expect(canOnlyBeRemoved(status)).toBe(only));

  test.each([
    ['CREATE_FAILED', true],
    ['ROLLBACK_COMPLETE', true],
    ['UPDATE_ROLLBACK_FAILED', true],
    ['UPDATE_ROLLBACK_COMPLETE', false],
    ['UPDATE_FAILED_CLEANUP_COMPLETE', false],
  ])('%s: %s', (status, stuck) => expect(isStuck({ status })).toBe(stuck));

  test('is named for removal only where nobody needs what is in it, and nothing else is at it', () => {
    const stuck = { status: 'ROLLBACK_COMPLETE' };
    const names = (...given: Parameters<typeof look>) => removableStacks(look(...given)).map(({ stackName }) => stackName);
    expect(names(stuck)).toEqual(['S-green']);
    expect([names(stuck, both), names(stuck, rolledBack)]).toEqual([['S-green'], ['S-green']]);
    expect([names(stuck, target), names(stuck, { ...both, weights: { blue: 90, green: 10 } }), names(undefined, {}, {}, stuck)]).toEqual([[], [], []]);
    expect([names(stuck, { ...both, lock }), names({ status: 'UPDATE_COMPLETE' }), names(undefined), names(stuck, { lock })]).toEqual([[], [], [], []]);
    expect(names(stuck, { lock }, { lockEnded: { how: 'ABORTED' } })).toEqual(['S-green']);
    expect(names(stuck, { lock: { ...lock, colour: 'blue' } })).toEqual(['S-green']);
    const original = { live: { colour: ORIGINAL, version: ORIGINAL, digest: '' } };
    expect(names(stuck, original)).toEqual(['S-green']);
  });
});

test('nothing is said of stacks that nobody could see, or that a retirement removes', () => {
  const stuck = { status: 'ROLLBACK_COMPLETE' };
  const retirement = { by: 'arn:owner', reason: 'moved', at: NOW, execution: 'arn:retires', plan, original: '503', release: '1.0.0' };
  expect(stackFindings(look(stuck, {}, { stacks: { unseen: 'denied' } }))).toEqual([]);
  expect(stackFindings(look(stuck, { retirement }))).toEqual([]);
});
