import { ORIGINAL } from '../../../../lambda/contract';
import type { Look, StackFound } from '../../../../lambda/domain/doctor/look';
import { isStuck, removableStacks, stackFindings } from '../../../../lambda/domain/doctor/stack-findings';
import type { EnvironmentState, Lock } from '../../../../lambda/domain/model';
import { examplePlan, exampleSlot, liveEnvironment } from '../../example-path';

const NOW = '2026-01-05T09:00:00.000Z';
const plan = examplePlan();
const lock: Lock = { release: '1.1.0', execution: 'arn:run', colour: 'green', since: NOW, shifted: false };
const both = { slots: { blue: exampleSlot('1.0.0', 'b'), green: exampleSlot('0.9.0', 'g') } };
const SOUND: StackFound = { status: 'CREATE_COMPLETE', version: '1.0.0' };

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
  const byHand = 'repair what its events name, by hand in CloudFormation';
  const goOn = 'repair what its events name, then aws cloudformation continue-update-rollback --stack-name S-';

  test('is removed where it holds nothing, and is for a person otherwise', () => {
    const stuck = { status: 'CREATE_FAILED', version: '0.9.0' };
    expect(stackFindings(look(stuck))).toMatchObject([
      {
        ...about('stackFailed'),
        actual: 'CREATE_FAILED',
        by: 'recover',
        remedy: 'remove the stack, which holds nothing that serves; the next release makes it anew',
      },
    ]);
    expect(stackFindings(look(stuck, both))).toMatchObject([{ ...about('stackFailed'), expected: 'holds 0.9.0', by: 'person', remedy: byHand }]);
    expect(stackFindings(look({ ...stuck, status: 'UPDATE_ROLLBACK_FAILED' }, both))).toMatchObject([{ by: 'person', remedy: `${goOn}green` }]);
    const live = look(undefined, {}, {}, { ...stuck, status: 'UPDATE_ROLLBACK_FAILED' });
    expect(stackFindings(live)).toMatchObject([{ ...about('stackFailed', 'blue'), by: 'person', remedy: `${goOn}blue; users are served from it meanwhile` }]);
  });

  test.each([
    ['CREATE_FAILED', true],
    ['ROLLBACK_COMPLETE', true],
    ['UPDATE_ROLLBACK_FAILED', true],
    ['UPDATE_ROLLBACK_COMPLETE', false],
    ['UPDATE_FAILED_CLEANUP_COMPLETE', false],
  ])('%s: %s', (status, stuck) => expect(isStuck({ status })).toBe(stuck));

  test('is named for removal only where nothing is in it, and nothing else is at it', () => {
    const stuck = { status: 'ROLLBACK_COMPLETE' };
    const names = (...given: Parameters<typeof look>) => removableStacks(look(...given)).map(({ stackName }) => stackName);
    expect(names(stuck)).toEqual(['S-green']);
    expect([names(stuck, both), names({ status: 'UPDATE_COMPLETE' }), names(undefined), names(stuck, { lock })]).toEqual([[], [], [], []]);
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
