import type { Failure, ProbeAnswer, TestAnswer, Verdict, VerdictOutput } from '../../contract';
import type { AlarmsFound } from '../ports';
import type { AlarmsJudged } from './fired-before';
import { firingInWords, namesOf } from './firing';

/** One look at one thing, with the evidence. */
export interface Reading {
  readonly verdict: Verdict;
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
  readonly logs: string;
}

const SEVERITY: readonly Verdict[] = ['failed', 'error', 'inconclusive', 'passed'];

/**
 * What several readings say together. A fault that was seen counts more than a look that failed, that more than one that saw too
 * little; only when all passed, it passed.
 */
export function worst(readings: readonly Reading[]): Reading | undefined {
  return SEVERITY.map((verdict) => readings.find((reading) => reading.verdict === verdict)).find((reading) => reading !== undefined);
}

/** A reading as a task answers it. Whatever is not `passed` carries its failure. */
export function answered(step: string, reading: Reading): VerdictOutput {
  const { verdict, subject, expected, actual, logs } = reading;
  if (verdict === 'passed') return { verdict };
  const failure: Failure = { step, subject, expected, actual: verdict === 'failed' ? actual : `${verdict}: ${actual}`, logs };
  return { verdict, failure };
}

/** What an answer to a request through the probe says. A slot that does not answer failed: that is how users would see it. */
export function ofProbe(
  asked: { readonly expectStatus: number; readonly path: string },
  answer: ProbeAnswer,
): Pick<Reading, 'verdict' | 'expected' | 'actual'> {
  const expected = `status ${asked.expectStatus} from ${asked.path}`;
  if (answer.status === 0) {
    const { milliseconds, error = 'the connection was closed' } = answer;
    return { verdict: 'failed', expected, actual: error.startsWith('no answer') ? error : `no answer in ${milliseconds} ms: ${error}` };
  }
  const verdict = answer.status === asked.expectStatus ? 'passed' : 'failed';
  return { verdict, expected, actual: `status ${answer.status} in ${answer.milliseconds} ms: ${answer.body.slice(0, 500)}` };
}

/** What a team's own function says, of a test or of a health gate. An answer that is none of the four verdicts is an error of the function, not of the release. */
export function ofTeamsFunction(
  answer: TestAnswer | undefined,
  functionArn: string,
  what: 'test' | 'gate',
): Pick<Reading, 'verdict' | 'expected' | 'actual' | 'logs'> {
  const logs = said(answer?.logs, functionArn);
  if (!answer || !SEVERITY.includes(answer.verdict)) {
    return {
      verdict: 'error',
      expected: `a verdict: ${SEVERITY.join(', ')}`,
      actual: `the ${what} function answered ${JSON.stringify(answer ?? null).slice(0, 500)}`,
      logs,
    };
  }
  return { verdict: answer.verdict, expected: said(answer.expected, 'passed'), actual: said(answer.actual, answer.verdict), logs };
}

/** A team's own words: they go through a state machine, an event and a ticket, none of which takes more than 256 kB in all. */
const LONGEST_SAID = 2_000;

function said(words: unknown, otherwise: string): string {
  const text = typeof words === 'string' ? words : (JSON.stringify(words ?? undefined) ?? otherwise);
  return text.length > LONGEST_SAID ? `${text.slice(0, LONGEST_SAID)}…` : text;
}

/** What the alarms of a slot say. A slot that nobody watches, or that had too few requests to tell, is not a healthy slot. */
export function ofAlarms(
  names: readonly string[],
  found: AlarmsFound & Partial<Pick<AlarmsJudged, 'unmeasured'>>,
  requests: { readonly seen: number; readonly minimum: number },
): Pick<Reading, 'verdict' | 'expected' | 'actual'> & { readonly subject: string } {
  const subject = `alarm ${found.firing[0]?.alarm ?? found.missing[0] ?? names.join(', ')}`;
  if (found.firing.length > 0)
    return { verdict: 'failed', subject, expected: 'no alarm of the slot in ALARM', actual: `in ALARM: ${firingInWords(found.firing)}` };
  if (names.length === 0) return { verdict: 'inconclusive', subject: 'the alarms of the slot', expected: 'at least one', actual: 'the slot stack has none' };
  if (found.missing.length > 0)
    return { verdict: 'inconclusive', subject, expected: 'every alarm of the slot exists', actual: `missing: ${found.missing.join(', ')}` };
  const { unmeasured = [] } = found;
  if (unmeasured.length > 0) {
    const expected = 'a value to hold against what it was before the fix-forward';
    return { verdict: 'inconclusive', subject: `alarm ${namesOf(unmeasured)}`, expected, actual: firingInWords(unmeasured) };
  }
  const expected = `at least ${requests.minimum} requests to the slot while it baked`;
  const verdict = requests.seen < requests.minimum ? 'inconclusive' : 'passed';
  return { verdict, subject: 'the requests the slot had', expected, actual: `${requests.seen} requests, no alarm` };
}
