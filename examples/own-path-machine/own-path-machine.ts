/**
 * Your own path: a state machine of yours takes releases from environment to environment, in your order and with what you do in between. What a release goes
 * through in each of them is one of its states. Change the identifiers below to yours and run:
 *
 * ```
 * npx cdk deploy --all --app "node --import tsx own-path-machine.ts"                                    # when the platform changes: never a slot
 * npx ptl bundle 1.4.2 --publish --app "node --import tsx own-path-machine.ts" > submission.json        # in your build; asks no hub
 * aws stepfunctions start-execution --state-machine-arn "$PATH_MACHINE" --input file://submission.json  # takes it along
 * ```
 *
 * Outside this repository it imports from `path-to-live`. docs/pieces.md says more, also how people decide with nothing but curl.
 */
import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import {
  Change,
  Environment,
  EnvironmentHub,
  EnvironmentStacks,
  EnvironmentTest,
  Firebreak,
  GoNoGo,
  HealthGate,
  LambdaWorkload,
  Party,
  Resumes,
  ThroughEnvironmentStep,
  TrafficStrategy,
} from '../../lib';

export const app = new App();

/** An identifier of yours: edit it here, or give it by `-c <name>=…`. */
const yours = (name: string, identifier: string): string => app.node.tryGetContext(name) ?? identifier;

const env = { account: yours('account', '111111111111'), region: yours('region', 'eu-west-2') };
const seconds = (name: string, value: number) => Duration.seconds(Number(yours(name, String(value))));
const bake = seconds('bakeSeconds', 600);
const removalPolicy = RemovalPolicy.DESTROY;

const changeAuthority = Party.of('Change authority', { members: [`arn:aws:iam::${env.account}:role/ChangeAuthority`] });
const environments = [
  new Environment('Integration', { env, tests: [EnvironmentTest.http('/health')], traffic: TrafficStrategy.allAtOnce({ bakeTime: bake }) }),
  new Environment('Production', {
    env,
    tests: [EnvironmentTest.http('/health')],
    firebreak: Firebreak.parties([changeAuthority], { resumes: Resumes.automatically() }).when(Change.altersSchema()),
    goNoGo: GoNoGo.none({ reason: 'a night in integration decides' }),
    healthGates: [HealthGate.http('/bookings')],
    traffic: TrafficStrategy.canary({ steps: [50], bakeTime: bake }),
  }),
];

class BookingsPath extends Stack {
  readonly hub: EnvironmentHub;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const workload = new LambdaWorkload({ code: Code.fromAsset(yours('service', join(__dirname, 'service'))), handler: 'index.handler' });
    this.hub = new EnvironmentHub(this, 'Hub', { path: 'Bookings', machineName: 'BookingsPath', environments, workload, removalPolicy });
    const machine = new sfn.StateMachine(this, 'Path', {
      stateMachineName: this.hub.machineName,
      definitionBody: sfn.DefinitionBody.fromChainable(this.steps(this.hub)),
      queryLanguage: sfn.QueryLanguage.JSONATA,
      timeout: Duration.days(30),
    });
    new CfnOutput(this, 'PathMachine', { value: machine.stateMachineArn });
    new CfnOutput(this, 'ApiUrl', { value: this.hub.apiUrl });
    this.acknowledge(machine);
  }

  /** Integration, a night, production: one state of yours each. */
  private steps(hub: EnvironmentHub): sfn.IChainable {
    const notLive = sfn.Fail.jsonata(this, 'NotLive', {
      stateName: 'The release is not live',
      error: 'NotLive',
      cause: "{% $failure.subject & ': ' & $failure.actual %}",
    });
    // Anything of yours: a load test, an approval in another tool, a wave of tenants.
    const night = sfn.Wait.jsonata(this, 'Night', {
      stateName: 'Leave it in integration for a night',
      time: sfn.WaitTime.duration(seconds('nightSeconds', 43_200)),
    });
    return new ThroughEnvironmentStep(this, 'ThroughIntegration', { hub, environment: 'Integration', otherwise: notLive })
      .next(night)
      .next(new ThroughEnvironmentStep(this, 'ThroughProduction', { hub, environment: 'Production', otherwise: notLive }));
  }

  /** For cdk-nag, where you have it: what the CDK gives the role of every machine that starts others, and what this example leaves to you. */
  private acknowledge(machine: sfn.StateMachine): void {
    for (const started of ['IntegrationWorkflowMachine90BA0A51', 'ProductionWorkflowMachine85D0538E']) {
      const name = `{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"HubEnvironments${started}"}]}]}`;
      const executions = `arn:<AWS::Partition>:states:${env.region}:${env.account}:execution:${name}*`;
      Validations.of(machine).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::${executions}]`,
        reason: 'the executions of one state machine: their names are made at run time',
      });
    }
    for (const rule of ['SF1', 'SF2']) {
      Validations.of(machine).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason: 'logs and traces of a machine of yours are yours to choose' });
    }
  }
}

const { hub } = new BookingsPath(app, 'BookingsPath', { env });
new EnvironmentStacks(app, 'Bookings', { hub, removalPolicy });
