import type { Call, Recorded } from '../../figures/calls';
import type { Assembly } from '../assembly/assembly';
import { type Attempt, requestOf, roleCaller } from './attempt';
import { handedOn } from './handed-on';

export interface RecordedAttempts {
  /** Each once, with how often it was made. */
  readonly attempts: readonly Attempt[];
  /** Calls of roles, whose policies there are to be held against. */
  readonly calls: number;
  /** Calls of the account's administrator: whoever starts the rehearsal. */
  readonly byAdministrator: number;
}

/** What was recorded, as what IAM decides: one attempt for each action and resource of a call, and what the call hands on. */
export function recordedAttempts(recorded: readonly Recorded[], assembly: Assembly): RecordedAttempts {
  const calls = recorded.filter((entry): entry is Call => entry.event === 'Call');
  const ofRoles = calls.filter(({ role }) => role);
  const attempts = new Map<string, Attempt>();
  for (const attempt of ofRoles.flatMap((call) => attemptsOf(call, assembly))) {
    const key = JSON.stringify([attempt.request, attempt.emulatorAllowed]);
    const before = attempts.get(key);
    attempts.set(key, before ? { ...before, times: before.times + 1 } : attempt);
  }
  return { attempts: [...attempts.values()], calls: ofRoles.length, byAdministrator: calls.length - ofRoles.length };
}

function attemptsOf(call: Call, assembly: Assembly): Attempt[] {
  const caller = roleCaller(call.role as string);
  const checked = (call.checks ?? []).map(({ action, resource, context, allowed }) => ({
    request: requestOf(caller, action, resource, context, bucketOwner(resource, assembly)),
    because: 'recorded',
    times: 1,
    emulatorAllowed: allowed,
  }));
  return [...checked, ...handedOn(call, caller, assembly)];
}

/** The account in whose stacks a bucket is, or whose name the bucket of a bootstrap stack bears: its ARN says neither. */
function bucketOwner(resource: string, assembly: Assembly): string | undefined {
  const bucket = /^arn:aws:s3:::([^/]+)/.exec(resource)?.[1];
  if (bucket === undefined) return undefined;
  return assembly.resources('AWS::S3::Bucket').find(({ id }) => id === bucket)?.stack.account;
}
