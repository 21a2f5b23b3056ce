import { existsSync, readFileSync } from 'node:fs';

/** An API call, as the emulator recorded it. */
export interface Call {
  readonly event: 'Call';
  /** Milliseconds since 1970, when it was answered. */
  readonly at: number;
  /** For example `elasticloadbalancing:ModifyRule`. */
  readonly action: string;
  readonly resource: string;
  readonly principal: string | null;
  readonly status: number;
}

export interface AlarmChange {
  readonly event: 'AlarmStateChange';
  readonly at: number;
  readonly alarm: string;
  readonly old: string;
  readonly new: string;
}

export type Recorded = Call | AlarmChange;

/** What the emulator has recorded so far, in order. A last line that is still being written is left out. */
export function readCalls(file: string): Recorded[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recorded);
}

/** Calls that changed something at a load balancer, within a span of time. */
export function loadBalancerWrites(recorded: readonly Recorded[], from: number, to: number): Call[] {
  return recorded.filter(
    (entry): entry is Call =>
      entry.event === 'Call' &&
      entry.at >= from &&
      entry.at <= to &&
      entry.status < 300 &&
      entry.action.startsWith('elasticloadbalancing:') &&
      !entry.action.startsWith('elasticloadbalancing:Describe'),
  );
}

/** Alarms that were raised within a span of time. */
export function alarmsRaised(recorded: readonly Recorded[], from: number, to: number): AlarmChange[] {
  return recorded.filter((entry): entry is AlarmChange => entry.event === 'AlarmStateChange' && entry.new === 'ALARM' && entry.at >= from && entry.at <= to);
}

/** What somebody of the story tried because they must not be able to. */
export interface Forbidden {
  /** Name of their role. */
  readonly role: string;
  readonly action: string;
  /** Name of the secret. */
  readonly secret: string;
}

/** Calls that IAM or the service refused for want of permission, but for those that the story tried to see refused. */
export function denied(recorded: readonly Recorded[], tried: readonly Forbidden[] = []): Call[] {
  return recorded.filter((entry): entry is Call => entry.event === 'Call' && entry.status === 403 && !tried.some((one) => isOf(one, entry)));
}

/** Secrets Manager ends the ARN of every secret in a hyphen and six characters of its own. */
function isOf({ role, action, secret }: Forbidden, call: Call): boolean {
  const name = call.resource.split(':secret:')[1]?.slice(0, -'-123456'.length);
  return call.action === action && name === secret && (call.principal?.includes(`:assumed-role/${role}/`) ?? false);
}
