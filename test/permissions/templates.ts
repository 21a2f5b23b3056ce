import type { StackTemplate, TemplateResource } from '../../permissions';

/** A stack of an assembly, with these resources. */
export function stackOf(resources: Record<string, TemplateResource>, more: Partial<StackTemplate> = {}): StackTemplate {
  return { stackName: 'Payments-Hub', account: '111111111111', region: 'eu-west-2', template: { Resources: resources }, ...more };
}

export const allow = (Action: string | string[], Resource: unknown = '*', Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

/** A role with inline statements. */
export function roleResource(RoleName: string, statements: object[], more: object = {}): TemplateResource {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName,
      AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }] },
      Policies: [{ PolicyName: 'Inline', PolicyDocument: { Statement: statements } }],
      ...more,
    },
  };
}
