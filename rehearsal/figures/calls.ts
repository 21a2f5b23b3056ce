import { existsSync, readFileSync } from 'node:fs';

/** One thing IAM decided for a call: a transaction is as many as it has items. */
export interface Check {
  readonly action: string;
  /** An ARN, or `*` where the emulator knows none. */
  readonly resource: string;
  /** Condition keys that come with the request, beside those of whoever calls. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  readonly allowed: boolean;
}

/** An API call, as the emulator recorded it. */
export interface Call {
  readonly event: 'Call';
  /** Milliseconds since 1970, when it was answered. */
  readonly at: number;
  /** For example `elasticloadbalancing:ModifyRule`. */
  readonly action: string;
  readonly resource: string;
  /** Who called: for a role, its session. */
  readonly principal: string | null;
  /** ARN of the role behind the session. */
  readonly role?: string | null;
  readonly status: number;
  /** What IAM was asked; none for a call that needs no permission. */
  readonly checks?: readonly Check[];
  /** What a call to CloudFormation hands on, and the tags that a load balancing resource is made with. */
  readonly parameters?: { readonly StackName?: string; readonly RoleARN?: string; readonly TemplateURL?: string; readonly TagKeys?: readonly string[] };
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
  const isRefused = ({ status, checks = [] }: Call) => status === 403 || checks.some(({ allowed }) => !allowed);
  // The hub's API is where people of the story try what they may not.
  const isTried = (call: Call) => call.action === 'execute-api:Invoke' || tried.some((one) => isOf(one, call));
  return recorded.filter((entry): entry is Call => entry.event === 'Call' && isRefused(entry) && !isTried(entry));
}

/** Secrets Manager ends the ARN of every secret in a hyphen and six characters of its own. */
function isOf({ role, action, secret }: Forbidden, call: Call): boolean {
  const name = call.resource.split(':secret:')[1]?.slice(0, -'-123456'.length);
  return call.action === action && name === secret && (call.principal?.includes(`:assumed-role/${role}/`) ?? false);
}
