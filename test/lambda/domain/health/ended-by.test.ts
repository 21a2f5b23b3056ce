import { ERRORS, type Failure } from '../../../../lambda/contract';
import { endedByAbort, endedByAlarm, endedByRequest, endedByTest, inPlainWords } from '../../../../lambda/domain/health/ended-by';
import { fingerprintOf } from '../../../../lambda/domain/ticket';

const PERSON = 'arn:aws:sts::111111111111:assumed-role/ReleaseManager/sam';
const BAKE = { step: 'Bake Production at 10 percent', subject: 'the new version', expected: 'no alarm for 300 seconds', logs: 'the execution' };

/** As the machine hands it on: the error's name, and the cause. */
function handedOn({ answer }: ReturnType<typeof endedByAlarm>, before: Omit<Failure, 'actual'> = BAKE): Failure {
  if (!('error' in answer)) throw new Error('it ends');
  return { ...before, actual: `${answer.error}: ${answer.cause}` };
}
const plain = (...given: Parameters<typeof handedOn>) => inPlainWords(handedOn(...given), '1.1.0');

const alarm = (name: string, reason = 'sum of 5xx: 5 in 1 minute') => endedByAlarm('t', { alarm: name, reason }, { colour: 'green', percent: 10 });
const reading = { verdict: 'failed', subject: 'test checkout', expected: 'status 200 from /pay', actual: 'status 503', logs: 'l' } as const;

describe('what ends a bake is told in a ticket in plain words', () => {
  test.each(['errors', 'errors of the shop', 'errors: 5xx'])('the alarm %j is what it is about, and its evidence is kept', (name) => {
    const actual = 'it fired while slot green had 10 percent: sum of 5xx: 5 in 1 minute';
    expect(plain(alarm(name))).toEqual({ ...BAKE, subject: `alarm ${name}`, actual });
  });

  test('all lines of a reason stay, and as many as there are of a cause that was cut off', () => {
    expect(plain(alarm('errors', 'one\ntwo')).actual).toMatch(/percent: one\ntwo$/);
    expect(inPlainWords({ ...BAKE, actual: 'AlarmRaised: alarm errors of slot gr' }, '1.1.0')).toEqual({
      ...BAKE,
      actual: 'AlarmRaised: alarm errors of slot gr',
    });
  });

  test('a person who wanted the release back: nothing was expected of an alarm', () => {
    expect(plain(endedByRequest('t', { by: PERSON, reason: 'slow: checkout' }))).toEqual({
      ...BAKE,
      subject: 'the release',
      expected: 'nobody asked for its roll back',
      actual: `${PERSON} asked for it: slow: checkout`,
      ofRelease: '1.1.0',
    });
  });

  test('a person who aborted it', () => {
    const aborted = { subject: 'the release', expected: 'not aborted', actual: `aborted by ${PERSON}: wrong week` };
    expect(plain(endedByAbort('t', { by: PERSON, reason: 'wrong week' }))).toEqual({ ...BAKE, ...aborted });
  });

  test.each([
    ['failed', 'status 503'],
    ['inconclusive', 'inconclusive: status 503'],
    ['error', 'error: status 503'],
  ] as const)('a test beside it that is %s, in the words in which it answers for itself', (verdict, actual) => {
    const beside = { subject: 'test checkout', expected: 'status 200 from /pay', actual };
    expect(plain(endedByTest('t', { ...reading, verdict }))).toEqual({ ...BAKE, ...beside });
  });

  test.each([
    'status 503 in 12 ms: Aborted: nobody is there',
    'Aborted: the test itself was',
    ' AlarmRaised: alarm errors of slot green at 10 percent: with something before it',
    'AlarmRaised: of the alarm errors of slot green at 10 percent: in words of somebody else',
    'TestFailed: and nothing else',
    'Conflict: the live rule is gone',
    'States.Timeout: no cause given',
    '',
  ])('%j is left as it is', (actual) => {
    expect(inPlainWords({ ...BAKE, actual }, '1.1.0')).toEqual({ ...BAKE, actual });
  });
});

test('whoever waits on the token is told', () => {
  const asked = { by: PERSON, reason: 'slow' };
  for (const told of [alarm('errors'), endedByTest('t', reading), endedByRequest('t', asked), endedByAbort('t', asked)])
    expect(told).toMatchObject({ to: 'token', token: 't' });
});

test('whatever ends the same bake is a failure of its own, and the same alarm of the next release is not', () => {
  const ended = [
    plain(alarm('errors')),
    plain(alarm('latency')),
    plain(endedByTest('t', reading)),
    plain(endedByRequest('t', { by: PERSON, reason: 'slow' })),
    inPlainWords(handedOn(endedByRequest('t', { by: PERSON, reason: 'slow' })), '1.2.0'),
    plain(endedByAbort('t', { by: PERSON, reason: 'slow' })),
    { ...BAKE, actual: `${ERRORS.conflict}: it is not there` },
  ];
  expect(new Set(ended.map((failure) => fingerprintOf('Production', failure))).size).toBe(ended.length);
  const next = inPlainWords(handedOn(alarm('errors', 'sum of 5xx: 9 in 1 minute')), '1.2.0');
  expect(fingerprintOf('Production', next)).toBe(fingerprintOf('Production', plain(alarm('errors'))));
});
