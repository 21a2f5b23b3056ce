/**
 * A path to live of one environment in an account that was bootstrapped with a qualifier of its own, beside a team's own pipeline as a state
 * machine. `ptl`, `cdk` and the pipelines of `examples/pipelines` are run against it.
 */
import { join } from 'node:path';
import { App, DefaultStackSynthesizer, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib/core';
import { OwnPipeline } from '../../../examples/pipelines/step-functions/own-pipeline';
import { Environment, Firebreak, GoNoGo, HealthGate, LambdaWorkload, PathToLive, TrafficStrategy } from '../../../lib';

const env = { account: process.env.CDK_DEFAULT_ACCOUNT as string, region: process.env.CDK_DEFAULT_REGION as string };
const QUALIFIER = 'ownqual';
const app = new App({ defaultStackSynthesizer: new DefaultStackSynthesizer({ qualifier: QUALIFIER }) });

new PathToLive(app, 'Piped', {
  hub: env,
  workload: new LambdaWorkload({ code: Code.fromAsset(join(__dirname, '../../../examples/service')), handler: 'index.handler' }),
  removalPolicy: RemovalPolicy.DESTROY,
  environments: [
    new Environment('Live', {
      env,
      firebreak: Firebreak.none({ reason: 'nobody is asked in this integration test' }),
      goNoGo: GoNoGo.none({ reason: 'nobody is asked in this integration test' }),
      healthGates: [HealthGate.http('/health')],
      traffic: TrafficStrategy.allAtOnce({ bakeTime: Duration.seconds(1) }),
    }),
  ],
});

// What the team's build answers is given to it here: the pipeline's job is to hand it on.
const build = new LambdaFunction(new Stack(app, 'PipedBuild', { env }), 'Build', {
  runtime: Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async (event) => event;'),
});
new OwnPipeline(app, 'PipedPipeline', { env, path: 'Piped', build });
