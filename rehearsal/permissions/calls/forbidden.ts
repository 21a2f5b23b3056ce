import type { Context, Statement } from '../../../permissions';
import type { Assembly } from '../assembly/assembly';
import { type Attempt, derived, requestOf, roleCaller } from './attempt';

/** What each Deny is there for: it must refuse it, whatever else allows it. A Deny that refuses nothing is one too many. */
export function forbiddenAttempts(assembly: Assembly, leftOut: readonly string[] = []): Attempt[] {
  const roles = [...assembly.roles.values()];
  const somebody = roles[0]?.arn ?? '';
  return [
    ...roles.flatMap(({ arn, statements }) => statements.flatMap((statement) => attempts(statement, arn))),
    ...assembly.resourcePolicies.flatMap(({ statements, account }) => statements.flatMap((statement) => attempts(statement, somebody, account))),
  ]
    .filter(({ statement }) => !leftOut.includes(statement.from.stackName))
    .map(({ attempt }) => attempt);
}

function attempts(statement: Statement, role: string, account?: string): { readonly statement: Statement; readonly attempt: Attempt }[] {
  if (statement.effect !== 'Deny') return [];
  const context = breaking(statement);
  const { from, actions, resources } = statement;
  const because = `${from.stackName}/${from.logicalId} must deny it`;
  return actions.flatMap((action) =>
    resources.map((resource) => ({ statement, attempt: derived(because, requestOf(roleCaller(role), example(action, resource), resource, context, account)) })),
  );
}

/** What makes the Deny apply. @throws Error on a condition not known here */
function breaking({ conditions, from }: Statement): Context {
  if (Object.keys(conditions).length === 0) return {};
  if (JSON.stringify(conditions) === '{"Bool":{"aws:SecureTransport":["false"]}}') return { 'aws:SecureTransport': 'false' };
  throw new Error(
    `${from.stackName}/${from.logicalId} denies on the condition ${JSON.stringify(conditions)}, for which there is no attempt yet; teach permissions/calls/forbidden.ts`,
  );
}

/** An action for a pattern such as `s3:*`. */
function example(action: string, resource: string): string {
  if (action === 's3:*') return resource.includes('/') ? 's3:PutObject' : 's3:ListBucket';
  return action === 'sqs:*' ? 'sqs:SendMessage' : action;
}
