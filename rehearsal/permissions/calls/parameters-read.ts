import type { StackTemplate } from '../../../permissions';

/** ARN of a parameter in the account and region of a stack. */
export function parameterArn({ account, region }: StackTemplate, name: string): string {
  return `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`;
}

/** Parameters of Systems Manager that are parameters of a template: CloudFormation reads them as whoever makes the change set. */
export function parametersRead(stack: StackTemplate): string[] {
  return Object.values(stack.template.Parameters ?? {})
    .filter(({ Type }) => Type?.startsWith('AWS::SSM::Parameter::Value'))
    .map(({ Default }) => parameterArn(stack, String(Default)));
}
