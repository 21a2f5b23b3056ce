import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundled } from '../bundles';
import { type Checked, checked } from './checked';

type Template = {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown>; Metadata?: Record<string, string> }>;
  Outputs: Record<string, { Value: unknown }>;
};
let example: Checked;

beforeAll(() => {
  bundled();
  const context = JSON.stringify({ 'aws:cdk:enable-asset-metadata': true });
  Object.assign(process.env, { CDK_DEFAULT_ACCOUNT: '111111111111', CDK_DEFAULT_REGION: 'eu-west-2', CDK_CONTEXT_JSON: context });
  example = checked(require('../../examples/own-stack/own-stack').app);
}, 120_000);

/** A slot's template, and the one nested in it. */
function slot(name: string): { readonly own: Template; readonly nested: Template } {
  const artifact = example.assembly.stacksRecursively.find(({ stackName }) => stackName === name);
  const own = artifact?.template as Template;
  const stack = Object.values(own.Resources).find(({ Type }) => Type === 'AWS::CloudFormation::Stack');
  const file = join(artifact?.assembly.directory ?? '', stack?.Metadata?.['aws:asset:path'] ?? '');
  return { own, nested: JSON.parse(readFileSync(file, 'utf8')) as Template };
}

describe('the example of a stack of a team’s own', () => {
  test('has nothing that cdk-nag would object to, and no acknowledgement too many', () => {
    expect([example.open, example.unused]).toEqual([[], []]);
  });

  test('is in the slot’s template, which forwards to its target group', () => {
    const { own, nested } = slot('Orders-Production-Blue');
    const types = Object.values(nested.Resources).map(({ Type }) => Type);
    expect(types).toEqual(expect.arrayContaining(['AWS::Lambda::Function', 'AWS::ElasticLoadBalancingV2::TargetGroup']));
    const rules = Object.values(own.Resources).filter(({ Type }) => Type === 'AWS::ElasticLoadBalancingV2::ListenerRule');
    expect(rules.map(({ Properties }) => JSON.stringify(Properties.Actions))).toEqual(
      Array(2).fill(expect.stringMatching(/"TargetGroupArn":\{"Fn::GetAtt":\["\w*NestedStackResource\w*","Outputs\.\w+"\]\}/)),
    );
  });

  test('has roles under the environment’s boundary and on its path, and the slot’s tags', () => {
    const role = Object.values(slot('Orders-Production-Green').nested.Resources).find(({ Type }) => Type === 'AWS::IAM::Role');
    expect(role?.Properties).toMatchObject({
      Path: '/path-to-live/Orders/Production/',
      PermissionsBoundary: expect.anything(),
      Tags: expect.arrayContaining([{ Key: 'path-to-live:slot', Value: 'green' }]),
    });
  });
});
