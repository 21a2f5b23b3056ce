import { Duration, Stack, type StackProps, type Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CodeBuildStep, CodePipeline, CodePipelineSource } from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';

export interface ReleasePipelineProps extends StackProps {
  /** For example `my-organisation/payments`. */
  readonly repository: string;
  readonly branch: string;
  /** ARN of the CodeConnections connection to where the repository is. */
  readonly connectionArn: string;
  /** Id of the path to live, for example `Payments`. */
  readonly path: string;
  /** Makes the stage that holds the path to live; its slots are no stacks of it, so this pipeline cannot deploy one. */
  readonly platform: (scope: Construct) => Stage;
}

/**
 * A team's own CDK Pipelines pipeline: it deploys the platform, then submits what it has built as a release and ends. The release goes on
 * through its environments by itself, for days if people have to be asked; no stage of this pipeline waits for that.
 */
export class ReleasePipeline extends Stack {
  readonly pipeline: CodePipeline;

  constructor(scope: Construct, id: string, { repository, branch, connectionArn, path, platform, ...props }: ReleasePipelineProps) {
    super(scope, id, props);
    const input = CodePipelineSource.connection(repository, branch, { connectionArn });
    const synth = new CodeBuildStep('Synth', {
      input,
      // The version is the commit: a build that is run again releases nothing twice.
      commands: ['npm ci', `npx cdk synth '**' --quiet --context "release=$(echo "$CODEBUILD_RESOLVED_SOURCE_VERSION" | cut -c1-12)" --output cdk.out`],
      primaryOutputDirectory: '.',
    });
    this.pipeline = new CodePipeline(this, 'Pipeline', { synth, selfMutation: false, crossAccountKeys: true });
    this.pipeline.addStage(platform(this), { post: [this.release(path, synth)] });
  }

  private release(path: string, synth: CodeBuildStep): CodeBuildStep {
    return new CodeBuildStep('Release', {
      input: synth,
      timeout: Duration.minutes(30),
      commands: ['npm ci', `npx ptl release "$(echo "$CODEBUILD_RESOLVED_SOURCE_VERSION" | cut -c1-12)" --assembly cdk.out --path ${path} --until submitted`],
      role: new iam.Role(this, 'ReleaseRole', {
        assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'),
        // Made by the hub: what a pipeline may do there.
        managedPolicies: [iam.ManagedPolicy.fromManagedPolicyName(this, 'Submit', `${path}-submit`)],
        inlinePolicies: {
          // By the tag that every bootstrap puts on its roles: whatever qualifier, account or region.
          Publish: new iam.PolicyDocument({
            statements: [
              new iam.PolicyStatement({
                actions: ['sts:AssumeRole'],
                resources: ['*'],
                conditions: { StringEquals: { 'iam:ResourceTag/aws-cdk:bootstrap-role': 'file-publishing' } },
              }),
            ],
          }),
        },
      }),
    });
  }
}
