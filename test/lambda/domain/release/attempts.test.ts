import type { OwnTaskInput, SubmitBody } from '../../../../lambda/contract';
import { Refused } from '../../../../lambda/domain/errors';
import type { Release } from '../../../../lambda/domain/model';
import { arrived } from '../../../../lambda/domain/release/own-release';
import { brokenSeal } from '../../../../lambda/domain/release/release';
import { register, type Submission, submitted } from '../../../../lambda/domain/release/submission';
import { FIREBREAK } from '../../example-gate';
import { examplePlan, exampleRelease, taskInput } from '../../example-path';

const NOW = '2026-01-05T09:00:00.000Z';
const PLAN = [examplePlan()];
const RELEASE = exampleRelease('1.1.0', PLAN);
const body = (given: Partial<SubmitBody> = {}): SubmitBody => ({ version: '1.1.0', digest: RELEASE.digest, bundle: RELEASE.bundle, ...given });
const submission = (given: Partial<Submission> = {}): Submission => {
  return { body: body(), migrations: [], plan: PLAN, seals: {}, author: 'arn:service-manager', now: NOW, executionArn: (name) => name, ...given };
};

describe('another attempt of a release', () => {
  const before = { ...RELEASE, evicted: ['1.0.9'], movedWaves: ['London'], builtWithout: ['1.0.8'] };

  test('keeps whose place it has taken, what it was built without, and the waves that it is still to be taken back in', () => {
    expect(register(submission({ registered: before }))).toMatchObject({ attempt: 2, evicted: ['1.0.9'], movedWaves: ['London'], builtWithout: ['1.0.8'] });
    const fresh = Object.keys(register(submission({ registered: RELEASE })));
    for (const key of ['evicted', 'builtWithout', 'movedWaves', 'requeuedAfter', 'emergency', 'fixForward', 'replaceTarget']) expect(fresh).not.toContain(key);
  });

  test('by the hub says after whom, and in the audit trail, too', () => {
    const anew = register(submission({ registered: before, after: '1.4.0' }));
    expect(anew.requeuedAfter).toBe('1.4.0');
    expect(submitted(anew).detail).toMatchObject({ requeuedAfter: '1.4.0' });
  });
});

describe('the audit trail of a submission', () => {
  const special = { emergency: 'down', fixForward: 'worse before', replaceTarget: 'no slot' };

  test('has what is special about it, each with its reason', () => {
    expect(submitted(register(submission({ body: body({ ...special, changes: [] }) }))).detail).toMatchObject(special);
  });

  test('has nothing of what is not', () => {
    const { detail } = submitted(register(submission()));
    expect(Object.keys(detail)).toEqual(['digest', 'origin', 'changeClass', 'changes', 'attempt', 'firebreaks']);
  });
});

test('a release may take as much as the ledger holds, and not a byte more', () => {
  const bytesOf = (release: Release) => Buffer.byteLength(JSON.stringify(release));
  const given = (author: string) => submission({ author });
  const room = 300_000 - bytesOf(register(given('')));
  expect(bytesOf(register(given('x'.repeat(room))))).toBe(300_000);
  expect(() => register(given('x'.repeat(room + 1)))).toThrow(/takes 300001 bytes in the ledger, allowed are 300000/);
});

test('a file that was never registered, and is not there, is to be published', () => {
  const file = { bucket: 'b', key: 'k', region: 'eu-west-2', hash: 'h' };
  expect(brokenSeal(RELEASE, [file], {}, { step: 'Enter Production', task: taskInput('1.1.0') })).toMatchObject({
    expected: 'registered with the release',
    actual: 'not there: publish the release again, or submit it as a new version',
  });
});

describe('a release that a team’s own machine arrives with', () => {
  const plan = examplePlan('Production', { firebreak: FIREBREAK });
  const input = { environment: 'Production', release: '1.1.0', execution: 'arn:own', digest: 'digest-of-own', plan } as unknown as OwnTaskInput;
  const arrives = (changes: readonly string[]) => arrived({ input, changes, registered: undefined, states: [], now: NOW });

  test('has no stacks of ours and no seals, and what it declares is a change that the firebreak knows', () => {
    expect(arrives(['altersSchema'])).toMatchObject({ bundle: { stacks: [] }, seals: {}, plan: [plan], changes: ['altersSchema'], execution: 'arn:own' });
    expect(arrives([])).not.toHaveProperty('migrations');
    const known = examplePlan('Production', { firebreak: { ...FIREBREAK, when: ['movesMoney'] } });
    expect(arrived({ input: { ...input, plan: known }, changes: ['movesMoney'], registered: undefined, states: [], now: NOW }).changes).toEqual(['movesMoney']);
    expect(() => arrives(['movesMoney'])).toThrow(Refused);
  });
});
