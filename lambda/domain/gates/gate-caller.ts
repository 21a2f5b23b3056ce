/**
 * Whether a caller is one of the given members.
 *
 * A member is the ARN of an IAM user or role; a caller, as the authorizer names it, is a user or a *session* of a role:
 * `arn:aws:sts::111111111111:assumed-role/Release/service-manager` is `arn:aws:iam::111111111111:role/teams/Release`. The session's ARN
 * leaves the role's path out, which is no loss: role names are unique within an account whatever their path
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html). A member may also be one exact session.
 */
export function isOneOf(caller: string, members: readonly string[]): boolean {
  const role = roleOfSession(caller);
  return members.some((member) => member === caller || (role !== undefined && roleName(member) === role));
}

const SESSION = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\/.+$/;
const ROLE = /^arn:([^:]+):iam::(\d+):role\/(?:.+\/)?([^/]+)$/;

const roleOfSession = (arn: string) => SESSION.exec(arn)?.slice(1).join(':');
const roleName = (arn: string) => ROLE.exec(arn)?.slice(1).join(':');
