import { Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ReleasePipeline } from '../../examples/pipelines/codepipeline/release-pipeline';
import { Environment, Firebreak, GoNoGo, LambdaWorkload, PathToLive } from '../../lib';
import { bundled } from '../bundles';
import { testApp } from '../test-app';

const env = { account: '111111111111', region: 'eu-west-2' };
const reason = 'nobody is asked in this test';

class Platform extends Stage {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env });
    new PathToLive(this, 'Payments', {
      hub: env,
      workload: new LambdaWorkload({ code: Code.fromAsset('examples/service'), handler: 'index.handler' }),
      environments: [new Environment('Production', { env, firebreak: Firebreak.none({ reason }), goNoGo: GoNoGo.none({ reason }) })],
    });
  }
}

interface Action {
  readonly Name: string;
  readonly ActionTypeId: { readonly Provider: string };
  readonly Configuration?: { readonly StackName?: string };
}

describe('CDK Pipelines', () => {
  let template: Template;
  let actions: Action[];

  beforeAll(() => {
    bundled();
    const connectionArn = 'arn:aws:codeconnections:eu-west-2:111111111111:connection/1';
    const props = { env, repository: 'my-organisation/payments', branch: 'main', connectionArn, path: 'Payments' };
    const pipeline = new ReleasePipeline(testApp(), 'Release', { ...props, platform: (scope) => new Platform(scope, 'Platform') });
    template = Template.fromStack(pipeline);
    const [found] = Object.values(template.findResources('AWS::CodePipeline::Pipeline'));
    actions = found?.Properties.Stages.flatMap((stage: { Actions: Action[] }) => stage.Actions);
  }, 60_000);

  test('deploys the platform, hub first, and no slot', () => {
    const stacks = actions.flatMap(({ Configuration }) => Configuration?.StackName ?? []);
    expect([...new Set(stacks)]).toEqual(['Payments-Hub', 'Payments-Production']);
  });

  test('releases last, without waiting for people', () => {
    expect(actions.at(-1)).toMatchObject({ Name: 'Release', ActionTypeId: { Provider: 'CodeBuild' } });
    const specs = Object.values(template.findResources('AWS::CodeBuild::Project')).map(({ Properties }) => JSON.stringify(Properties.Source.BuildSpec));
    expect(specs.filter((spec) => spec.includes('ptl release'))).toEqual([expect.stringContaining('--until submitted')]);
  });

  test('may submit and publish, and nothing else of the path', () => {
    const roles = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('ReleaseRole'));
    expect(roles).toHaveLength(1);
    const [, role] = roles[0] as [string, { Properties: { ManagedPolicyArns: unknown[]; Policies: unknown[] } }];
    expect(JSON.stringify(role.Properties.ManagedPolicyArns)).toContain(':policy/Payments-submit');
    expect(JSON.stringify(role.Properties.Policies)).toContain('"iam:ResourceTag/aws-cdk:bootstrap-role":"file-publishing"');
  });
});
