/**
 * Only the switch: weighted traffic, and the way back, in a state machine of your own. You have an Application Load Balancer, two target groups behind it, and
 * something that deploys a version to one of them; they stay as they are. Change the identifiers below to yours and run:
 *
 * ```
 * npx cdk deploy --app "node --import tsx only-the-switch.ts"
 * aws stepfunctions start-execution --state-machine-arn "$RELEASE_MACHINE" --input '{ "release": "1.4.2", "digest": "sha256:9f86d081…" }'
 * aws stepfunctions start-execution --state-machine-arn "$ROLL_BACK_MACHINE" --input '{ "reason": "wrong prices" }'
 * ```
 *
 * Outside this repository it imports from `path-to-live`. docs/pieces.md says more.
 */
import { App, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { AcceptStep, Colour, EnterStep, RollBackStep, ShiftStep, TrafficHub, TrafficSwitch } from '../../lib';

export const app = new App();

/** An identifier of yours: edit it here, or give it by `-c <name>=…`. */
const yours = (name: string, identifier: string): string => app.node.tryGetContext(name) ?? identifier;

const env = { account: yours('account', '111111111111'), region: yours('region', 'eu-west-2') };
const arn = `arn:aws:elasticloadbalancing:${env.region}:${env.account}`;
const DEPLOY = yours('deploy', `arn:aws:lambda:${env.region}:${env.account}:function:shop-deploy`);
const bake = Duration.seconds(Number(yours('bakeSeconds', '600')));

class ShopRelease extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const traffic = new TrafficHub(this, 'Traffic', {
      path: 'Shop',
      environment: 'Production',
      trafficSwitch: new TrafficSwitch(this, 'Switch', {
        listenerArn: yours('listener', `${arn}:listener/app/front/50dc6c495c0c9188/f2f7dc8efc522ab2`),
        priority: Number(yours('rulePriority', '200')), // free, and in front of the rule that serves now
        pathPatterns: ['/shop', '/shop/*'],
        path: 'Shop',
        environment: 'Production',
        currentlyServing: yours('serving', `${arn}:targetgroup/shop/73e2d6bc24d8a067`), // stays at 100 percent until the first release
      }),
      slots: [
        { colour: Colour.blue(), targetGroupArn: yours('blue', `${arn}:targetgroup/shop-blue/2453ed029918f21f`) },
        { colour: Colour.green(), targetGroupArn: yours('green', `${arn}:targetgroup/shop-green/9a4ff0e8b1f74d21`) },
      ],
      machineName: 'ShopRelease',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const machine = new sfn.StateMachine(this, 'Release', {
      stateMachineName: traffic.machineName,
      definitionBody: sfn.DefinitionBody.fromChainable(this.steps(traffic)),
      queryLanguage: sfn.QueryLanguage.JSONATA,
      timeout: Duration.hours(12),
    });
    new CfnOutput(this, 'ReleaseMachine', { value: machine.stateMachineArn });
    new CfnOutput(this, 'RollBackMachine', { value: traffic.rollBackMachine.stateMachineArn });
    this.acknowledge(machine);
  }

  /** Enter, deploy, 10 percent, 100 percent, accept; whatever goes wrong after the entrance leads back. */
  private steps(hub: TrafficHub): sfn.IChainable {
    const why = '{% $failure.actual %}';
    const notLetIn = sfn.Fail.jsonata(this, 'NotLetIn', { stateName: 'The release is not let in', error: 'NotLetIn', cause: why });
    const wentBack = sfn.Fail.jsonata(this, 'WentBack', { stateName: 'Production serves what it did before', error: 'RolledBack', cause: why });
    const alreadyLive = sfn.Succeed.jsonata(this, 'AlreadyLive', { stateName: 'The release is live already' });
    const rollBack = new RollBackStep(this, 'RollBack', { hub });
    rollBack.next(wentBack);
    return new EnterStep(this, 'Enter', { hub, otherwise: notLetIn, alreadyLive })
      .next(this.deploy(rollBack))
      .next(new ShiftStep(this, 'ShiftTo10', { hub, percent: 10, otherwise: rollBack }))
      .next(this.bake('BakeAt10', 'Bake at 10 percent'))
      .next(new ShiftStep(this, 'ShiftTo100', { hub, percent: 100, otherwise: rollBack }))
      .next(this.bake('BakeAt100', 'Bake at 100 percent'))
      .next(new AcceptStep(this, 'Accept', { hub, otherwise: rollBack }));
  }

  /** Yours: gets `{ release, colour }`, and answers when that slot runs that version. */
  private deploy(otherwise: sfn.IChainable): sfn.TaskStateBase {
    const deploy = LambdaFunction.fromFunctionArn(this, 'Yours', DEPLOY);
    const stateName = 'Deploy to the slot that serves nobody';
    const failure = { step: stateName, subject: 'the deployment', expected: 'done', actual: '{% $states.errorOutput.Error %}', logs: deploy.functionArn };
    return tasks.LambdaInvoke.jsonata(this, 'Deploy', {
      stateName,
      lambdaFunction: deploy,
      payload: sfn.TaskInput.fromObject({ release: '{% $states.context.Execution.Input.release %}', colour: '{% $colour %}' }),
      taskTimeout: sfn.Timeout.duration(Duration.minutes(15)),
    }).addCatch(otherwise, { assign: { failure } });
  }

  /** Nothing but time here; an alarm, a test or a person would be states of yours that lead to the roll back. */
  private bake(id: string, stateName: string): sfn.Wait {
    return sfn.Wait.jsonata(this, id, { stateName, time: sfn.WaitTime.duration(bake) });
  }

  /** For cdk-nag, where you have it: what the CDK gives the role of every machine that calls functions, and what this example leaves to you. */
  private acknowledge(machine: sfn.StateMachine): void {
    const called = ['TakeSlotFunction2D0ED0CE', 'MoveTrafficFunction365E6A88', 'AcceptFunction5BFAD2E1'].map((id) => `<TrafficFunctions${id}.Arn>`);
    for (const arn of [...called, DEPLOY]) {
      const id = `AwsSolutions::AwsSolutions-IAM5[Resource::${arn}:*]`;
      Validations.of(machine).acknowledge({ id, reason: 'the versions of one function: an execution in flight calls the one it started with' });
    }
    for (const rule of ['SF1', 'SF2']) {
      Validations.of(machine).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason: 'logs and traces of a machine of yours are yours to choose' });
    }
  }
}

new ShopRelease(app, 'ShopRelease', { env });
