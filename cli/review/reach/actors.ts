import { type Caller, managedPolicies, type Role, resourcesOf, roles } from '../../../permissions';
import { functionsOf, nameIn } from '../read/functions';
import type { ReviewedPath, ReviewedStack, StackKind } from '../read/reviewed-path';

/** Somebody who may do something: a role with what runs as it, or a policy that people and pipelines are given. */
export interface Actor {
  readonly kind: 'policy' | 'role';
  /** Name of the policy or role where it is fixed, else its construct path. */
  readonly name: string;
  readonly caller: Caller;
  /** What runs as the role: functions and state machines, in words. */
  readonly runs: readonly string[];
  readonly stackKind: StackKind;
  readonly environment?: string;
  /** Of a role only. */
  readonly role?: Role;
  /** For a policy: what it is for. */
  readonly description: string;
}

/** Every role of the stacks, and every managed policy that is nobody's yet and bounds nobody: those are for people and pipelines. */
export function actorsOf(reviewed: ReviewedPath): Actor[] {
  const { stacks, values } = reviewed;
  const running = runners(reviewed);
  const all = roles(stacks, values);
  const made = all.map((role): Actor => {
    const stack = stackNamed(stacks, role.stackName);
    const fixed = stack.template.Resources?.[role.logicalId]?.Properties?.RoleName !== undefined;
    const name = fixed ? role.name : `${stack.stackName}/${nameIn(stack, role.logicalId)}`;
    return { kind: 'role', name, caller: role, role, runs: running.get(role.arn) ?? [], ...placeOf(stack), description: '' };
  });
  return [...policies(reviewed, all), ...made];
}

function policies({ stacks, values }: ReviewedPath, all: readonly Role[]): Actor[] {
  const boundaries = new Set(
    stacks.flatMap((stack) => resourcesOf([stack], 'AWS::IAM::Role').map(({ logicalId }) => values.properties(stack, logicalId).PermissionsBoundary)),
  );
  const attached = new Set(all.flatMap(({ statements }) => statements.map(({ from }) => `${from.stackName} ${from.logicalId}`)));
  return managedPolicies(stacks, values)
    .filter(({ arn, stackName, logicalId }) => !boundaries.has(arn) && !attached.has(`${stackName} ${logicalId}`))
    .map((policy) => ({
      kind: 'policy',
      name: policy.name,
      caller: { arn: `arn:aws:iam::${policy.account}:role/whoever-has/${policy.name}`, account: policy.account, statements: policy.statements },
      runs: [],
      ...placeOf(stackNamed(stacks, policy.stackName)),
      description: policy.description,
    }));
}

/** Role ARN -> what runs as it. */
function runners(reviewed: ReviewedPath): Map<string, string[]> {
  const { stacks, values } = reviewed;
  const running = new Map<string, string[]>();
  const add = (roleArn: unknown, what: string) => running.set(String(roleArn), [...(running.get(String(roleArn)) ?? []), what]);
  for (const { stack, name, roleArn } of functionsOf(reviewed))
    add(roleArn, `function ${stack.kind === 'hub' ? name.replace(/^Functions\//, '') : `${stack.stackName}/${name}`}`);
  for (const { stack, logicalId } of resourcesOf(stacks, 'AWS::StepFunctions::StateMachine')) {
    const { RoleArn, StateMachineName = logicalId } = values.properties(stack, logicalId);
    add(RoleArn, `state machine ${StateMachineName}`);
  }
  for (const { stack, logicalId } of resourcesOf(stacks, 'AWS::ECS::TaskDefinition')) {
    const { TaskRoleArn, ExecutionRoleArn } = values.properties(stack, logicalId);
    if (TaskRoleArn !== undefined) add(TaskRoleArn, `task ${stack.stackName}/${nameIn(stack as ReviewedStack, logicalId)}`);
    if (ExecutionRoleArn !== undefined) add(ExecutionRoleArn, `the start of task ${stack.stackName}/${nameIn(stack as ReviewedStack, logicalId)}`);
  }
  return running;
}

function placeOf({ kind, environment }: ReviewedStack): Pick<Actor, 'stackKind' | 'environment'> {
  return { stackKind: kind, ...(environment !== undefined && { environment }) };
}

export function stackNamed(stacks: readonly ReviewedStack[], name: string): ReviewedStack {
  return stacks.find(({ stackName }) => stackName === name) as ReviewedStack;
}
