import type { Context } from '../../../permissions';

/** Who makes a request: a role, by one of its sessions, or an AWS service for itself, some of them from an account of their own. */
export interface Caller {
  readonly kind: 'role' | 'service';
  /** ARN of the role; name of the service, `sns.amazonaws.com`, or ARN of its account. */
  readonly arn: string;
}

/** One thing somebody does, as IAM decides about it. */
export interface AttemptRequest {
  readonly caller: Caller;
  /** For example `dynamodb:PutItem`. */
  readonly action: string;
  /** An ARN, or `*` for an action that knows no resources. */
  readonly resource: string;
  /** Account that owns the resource. */
  readonly resourceAccount: string;
  /** Everything that is known beside. */
  readonly context: Context;
}

/** Something that was done, or that AWS does by itself for what the templates say. */
export interface Attempt {
  readonly request: AttemptRequest;
  /** Why it is made, for people: `recorded`, or what in a template causes it. */
  readonly because: string;
  /** How often it was recorded; 1 for what is derived. */
  readonly times: number;
  /**
   * What the emulator decided.
   *
   * @default - it was not asked: the call is derived
   */
  readonly emulatorAllowed?: boolean;
}

export function roleCaller(arn: string): Caller {
  return { kind: 'role', arn };
}

export function serviceCaller(arn: string): Caller {
  return { kind: 'service', arn };
}

export function accountOf(arn: string): string | undefined {
  return /^\d{12}$/.exec(arn.split(':')[4] ?? '')?.[0];
}

/**
 * A request with what every request has in its context: who calls, over TLS, whose resource.
 *
 * @param resourceAccount for resources whose ARN names no account
 * @default resourceAccount - the account in the ARN, else the caller's
 */
export function requestOf(caller: Caller, action: string, resource: string, context: Context = {}, resourceAccount?: string): AttemptRequest {
  const owner = resourceAccount ?? accountOf(resource) ?? accountOf(caller.arn) ?? '';
  return { caller, action, resource, resourceAccount: owner, context: { ...alwaysKnown(caller, owner), ...context } };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function alwaysKnown({ kind, arn }: Caller, owner: string): Context {
  const common = { 'aws:SecureTransport': 'true', 'aws:ResourceAccount': owner };
  if (kind === 'service') return { ...common, 'aws:PrincipalIsAWSService': 'true', 'aws:PrincipalServiceName': arn };
  return { ...common, 'aws:PrincipalIsAWSService': 'false', 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': accountOf(arn) ?? '' };
}

/** Something AWS does by itself. */
export function derived(because: string, request: AttemptRequest): Attempt {
  return { request, because, times: 1 };
}
