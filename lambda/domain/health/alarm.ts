import { parseISO } from 'date-fns/parseISO';
import type { EnvironmentPlan } from '../../contract';
import type { EnvironmentState } from '../model';
import { waitingBake } from './bake';
import { ofBefore, type WatchedSlot } from './fired-before';
import { measuredInWords } from './measured';

/** What CloudWatch says through SNS when an alarm changes its state. */
export interface AlarmNotice {
  readonly name: string;
  readonly state: string;
  /** What was measured and what is allowed, where the notice says it. */
  readonly reason: string;
  /** When it changed, ISO 8601, where the notice says it. */
  readonly since?: string;
  /** Where the alarm is, as far as the notice says. */
  readonly account?: string;
  readonly region?: string;
}

/**
 * Fields as in https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html; `Region` is a name for people
 * there, so the region is taken from the ARN.
 * @returns undefined for any other message
 */
export function noticeOf(message: string): AlarmNotice | undefined {
  const fields = parsed(message);
  const text = textOf(fields);
  const [name, state] = [text('AlarmName'), text('NewStateValue')];
  if (name === undefined || state === undefined) return undefined;
  return {
    name,
    state,
    reason: reasonOf(fields?.Trigger, text('NewStateReason') ?? 'no reason given'),
    since: instantOf(text('StateChangeTime')),
    account: text('AWSAccountId'),
    region: text('AlarmArn')?.split(':')[3],
  };
}

/** Written with an offset that has no colon. @returns undefined for what is no instant */
function instantOf(text: string | undefined): string | undefined {
  const instant = parseISO(text ?? '');
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}

/** Of an alarm on one metric the notice says in `Trigger` what it looks at; what was measured is in CloudWatch's sentence only. */
function reasonOf(trigger: unknown, reason: string): string {
  const fields = typeof trigger === 'object' && trigger !== null ? (trigger as Record<string, unknown>) : undefined;
  const text = textOf(fields);
  const number = (field: string) => (typeof fields?.[field] === 'number' ? (fields[field] as number) : undefined);
  return measuredInWords({
    metric: text('MetricName'),
    statistic: text('ExtendedStatistic') ?? text('Statistic'),
    periodSeconds: number('Period'),
    comparison: text('ComparisonOperator'),
    threshold: number('Threshold'),
    reason,
  });
}

function textOf(fields: Record<string, unknown> | undefined): (field: string) => string | undefined {
  return (field) => (typeof fields?.[field] === 'string' ? (fields[field] as string) : undefined);
}

function parsed(message: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // A topic takes messages from others too; one that is no JSON is no alarm.
    return undefined;
  }
}

/** Whether a release bakes in a slot that this alarm watches. */
export function endsBakeOf(notice: AlarmNotice, plan: EnvironmentPlan, state: EnvironmentState): boolean {
  const bake = waitingBake(state);
  return bake !== undefined && isAlarmOf(notice, plan, state.slots[bake.colour]);
}

/** Whether a notice is about an alarm of a slot, and news: it is none of what has fired there since before a fix-forward, told late or once more. */
export function isAlarmOf({ name, account, region, since }: AlarmNotice, plan: EnvironmentPlan, slot: WatchedSlot | undefined): boolean {
  const isThere = (account ?? plan.account) === plan.account && (region ?? plan.region) === plan.region;
  const isWatched = slot?.alarms.includes(name) ?? false;
  return isThere && isWatched && ofBefore(slot?.firedBefore ?? [], name, since) === undefined;
}
