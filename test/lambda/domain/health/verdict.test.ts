import fc from 'fast-check';
import type { TestAnswer, Verdict } from '../../../../lambda/contract';
import { answered, ofAlarms, ofProbe, ofTeamsFunction, type Reading, worst } from '../../../../lambda/domain/health/verdict';

const VERDICTS: Verdict[] = ['failed', 'error', 'inconclusive', 'passed'];
const reading = (verdict: Verdict): Reading => ({ verdict, subject: verdict, expected: 'e', actual: 'a', logs: 'l' });
const verdicts = fc.array(fc.constantFrom(...VERDICTS), { minLength: 1, maxLength: 6 });

describe('several readings together', () => {
  test('pass only when every one passed', () => {
    fc.assert(
      fc.property(verdicts, (all) => {
        expect(worst(all.map(reading))?.verdict === 'passed').toBe(all.every((each) => each === 'passed'));
      }),
    );
  });

  test.each([
    [['passed', 'inconclusive'], 'inconclusive'],
    [['inconclusive', 'error'], 'error'],
    [['error', 'failed', 'inconclusive'], 'failed'],
  ] as [Verdict[], Verdict][])('%p are %p, in any order', (all, expected) => {
    expect(worst(all.map(reading))?.verdict).toBe(expected);
    expect(worst([...all].reverse().map(reading))?.verdict).toBe(expected);
  });

  test('of nothing are nothing', () => {
    expect(worst([])).toBeUndefined();
  });
});

describe('what a machine is told', () => {
  test('is the failure with its evidence, and nothing of it when it passed', () => {
    expect(answered('Test', reading('passed'))).toEqual({ verdict: 'passed' });
    expect(answered('Test', reading('inconclusive'))).toEqual({
      verdict: 'inconclusive',
      failure: { step: 'Test', subject: 'inconclusive', expected: 'e', actual: 'inconclusive: a', logs: 'l' },
    });
  });
});

describe('a probe', () => {
  const asked = { path: '/health', expectStatus: 200 };
  test('passes on the expected status only', () => {
    expect(ofProbe(asked, { status: 200, milliseconds: 5, body: 'ok' }).verdict).toBe('passed');
    expect(ofProbe(asked, { status: 503, milliseconds: 5, body: 'down' })).toEqual({
      verdict: 'failed',
      expected: 'status 200 from /health',
      actual: 'status 503 in 5 ms: down',
    });
  });
  test('that gets no answer saw a failed slot', () => {
    expect(ofProbe(asked, { status: 0, milliseconds: 10_000, body: '', error: 'timed out' })).toMatchObject({
      verdict: 'failed',
      actual: 'no answer in 10000 ms: timed out',
    });
    const late = 'no answer within 5 seconds';
    expect(ofProbe(asked, { status: 0, milliseconds: 5_008, body: '', error: late })).toMatchObject({ verdict: 'failed', actual: late });
  });
});

describe("a team's test function", () => {
  test.each(VERDICTS)('may say %p', (verdict) => {
    expect(ofTeamsFunction({ verdict }, 'arn', 'test').verdict).toBe(verdict);
  });
  test.each([
    undefined,
    {} as TestAnswer,
    { verdict: 'PASS' } as unknown as TestAnswer,
    'ok' as unknown as TestAnswer,
  ])('that says %p is in error', (answer) => {
    expect(ofTeamsFunction(answer, 'arn', 'gate')).toMatchObject({
      verdict: 'error',
      actual: expect.stringMatching(/^the gate function answered /),
      logs: 'arn',
    });
  });
  test('says no more than a state machine and an event can carry, and always in text', () => {
    const said = ofTeamsFunction(
      { verdict: 'failed', expected: 'x'.repeat(300_000), actual: { rows: 3 } as unknown as string, logs: 'y'.repeat(300_000) },
      'arn',
      'test',
    );
    expect(said).toMatchObject({ expected: expect.stringMatching(/^x{2000}…$/), actual: '{"rows":3}', logs: expect.stringMatching(/^y{2000}…$/) });
  });
});

describe('the alarms of a slot', () => {
  const enough = { seen: 10, minimum: 10 };
  test.each([
    ['one fires', ['a', 'b'], { firing: [{ alarm: 'b', reason: 'why' }], missing: ['a'] }, enough, 'failed'],
    ['one is missing', ['a'], { firing: [], missing: ['a'] }, enough, 'inconclusive'],
    ['there is none', [], { firing: [], missing: [] }, enough, 'inconclusive'],
    ['there were too few requests', ['a'], { firing: [], missing: [] }, { seen: 9, minimum: 10 }, 'inconclusive'],
    ['all are quiet', ['a'], { firing: [], missing: [] }, enough, 'passed'],
  ] as const)('when %s', (_when, names, found, requests, verdict) => {
    expect(ofAlarms(names, found, requests).verdict).toBe(verdict);
  });
});
