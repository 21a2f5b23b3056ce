import { withoutChance } from '../../../rehearsal/permissions/shapes/hide';
import { complaints } from '../../../rehearsal/permissions/words';

type Audit = Parameters<typeof complaints>[0];

const shape = (number: number) => ({ caller: 'Payments-Hub/Role', action: 's3:GetObject', resource: `bucket/${number}` });
const said = (count: number) =>
  complaints({ denied: [], unused: [], stale: [], newShapes: Array.from({ length: count }, (_, number) => shape(number)) } as unknown as Audit);

test('calls that are not written down are named, and what that means', () => {
  expect(said(0)).toEqual([]);
  expect(said(1)).toEqual([
    '1 call looks like none that is written down, which breaks no promise; for the tests, npm run permissions -- --write-shapes keeps it:',
    '  Payments-Hub/Role: s3:GetObject on bucket/0',
  ]);
});

test('of many the first are named, and how many there are more', () => {
  const lines = said(7);
  expect(lines[0]).toMatch(/^7 calls look like none .* keeps them:$/);
  expect(lines.slice(-2)).toEqual(['  Payments-Hub/Role: s3:GetObject on bucket/4', '  and 2 more']);
});

test.each(['-Production', ''])('an execution is the same call whenever its release was submitted: "%s"', (end) => {
  const execution = 'arn:aws:states:eu-west-2:000000000000:execution:Payments-Production:1.1.0-1';
  expect(withoutChance(`${execution}-261127072110${end}`)).toBe(`${execution}${end}`);
  expect(withoutChance(`${execution}${end}`)).toBe(`${execution}${end}`);
});
