/**
 * An ARN as people know it: the user, or the role and its session, for example `Release/service-manager`. Executions are the machine itself.
 */
export function person(arn: string): string {
  if (arn.startsWith('arn:') && arn.includes(':execution:')) return 'the release itself';
  const [, account] = /^arn:[^:]*:iam::(\d+):root$/.exec(arn) ?? [];
  if (account !== undefined) return `the root user of ${account}`;
  const [, name] = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:user|role|assumed-role)\/(.+)$/.exec(arn) ?? [];
  return name ?? arn;
}
