/**
 * Only the firebreak, in a Step Functions pipeline that you have: it builds and deploys by its own means, and in between people decide. Change the identifiers
 * below to yours and run:
 *
 * ```
 * npx cdk deploy --app "node --import tsx only-the-firebreak.ts"
 * aws stepfunctions start-execution --state-machine-arn "$PIPELINE_MACHINE" --input '{ "commit": "9f86d081" }'
 * sh decide.sh accept 1.4.2 "tested, CHG0031"    # a member of each party, signed in as its role
 * sh decide.sh resume 1.4.2                      # a release manager
 * ```
 *
 * Outside this repository it imports from `path-to-live`. docs/pieces.md says more.
 */
import { App, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { DecisionHub, Firebreak, FirebreakStep, Party, Resumes } from '../../lib';

export const app = new App();

/** An identifier of yours: edit it here, or give it by `-c <name>=…`. */
const yours = (name: string, identifier: string): string => app.node.tryGetContext(name) ?? identifier;

const env = { account: yours('account', '111111111111'), region: yours('region', 'eu-west-2') };
const yourFunction = (name: string) => yours(name, `arn:aws:lambda:${env.region}:${env.account}:function:invoices-${name}`);
const party = (name: string, role: string) => Party.of(name, { members: [`arn:aws:iam::${env.account}:role/${role}`] });

const firebreak = Firebreak.parties([party('Product', 'ProductOwner'), party('Security', 'SecurityOfficer')], {
  resumes: Resumes.byReleaseManager(party('Release managers', 'ReleaseManager')),
  timeout: Duration.seconds(Number(yours('timeoutSeconds', String(14 * 24 * 60 * 60)))),
});

class InvoicesPipeline extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const machineName = 'InvoicesPipeline';
    const hub = new DecisionHub(this, 'Decisions', { path: 'Invoices', machineName, removalPolicy: RemovalPolicy.DESTROY });
    const machine = new sfn.StateMachine(this, 'Pipeline', {
      stateMachineName: machineName,
      definitionBody: sfn.DefinitionBody.fromChainable(this.steps(hub)),
      queryLanguage: sfn.QueryLanguage.JSONATA,
      timeout: Duration.days(15),
    });
    new CfnOutput(this, 'PipelineMachine', { value: machine.stateMachineArn });
    new CfnOutput(this, 'ApiUrl', { value: hub.apiUrl });
    this.acknowledge(machine);
  }

  private steps(hub: DecisionHub): sfn.IChainable {
    const waits = new FirebreakStep(this, 'Firebreak', {
      hub,
      environment: 'Production',
      firebreak,
      release: '{% $version %}',
      digest: '{% $digest %}',
    });
    const decided = sfn.Choice.jsonata(this, 'Decided', { stateName: 'What was decided?' })
      .when(sfn.Condition.jsonata("{% $states.input.outcome = 'accepted' %}"), this.call('Deploy', 'Deploy to production'))
      .when(
        sfn.Condition.jsonata("{% $states.input.outcome = 'timedOut' %}"),
        sfn.Fail.jsonata(this, 'TimedOut', { stateName: 'Nobody decided in time', error: 'TimedOut', cause: '{% $states.input.failure.actual %}' }),
      )
      .otherwise(sfn.Fail.jsonata(this, 'Refused', { stateName: 'Somebody refused', error: 'Refused', cause: '{% $states.input.failure.actual %}' }));
    const answer = '$states.result.Payload';
    const built = this.call('Build', 'Build and test the version', { version: `{% ${answer}.version %}`, digest: `{% ${answer}.digest %}` });
    return built.next(waits).next(decided);
  }

  /** For cdk-nag, where you have it: what the CDK gives the role of every machine that calls functions, and what this example leaves to you. */
  private acknowledge(machine: sfn.StateMachine): void {
    const called = ['OpenFirebreakFunction80927001', 'FinishFunctionA0D32C11'].map((id) => `<DecisionsFunctions${id}.Arn>`);
    for (const arn of [...called, yourFunction('build'), yourFunction('deploy')]) {
      const id = `AwsSolutions::AwsSolutions-IAM5[Resource::${arn}:*]`;
      Validations.of(machine).acknowledge({ id, reason: 'the versions of one function: an execution in flight calls the one it started with' });
    }
    for (const rule of ['SF1', 'SF2']) {
      Validations.of(machine).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason: 'logs and traces of a pipeline of yours are yours to choose' });
    }
  }

  /** Functions of yours. `build` answers `{ version, digest }`; people accept that digest, so it must tell this content from any other. */
  private call(id: string, stateName: string, assign?: Record<string, string>): tasks.LambdaInvoke {
    return tasks.LambdaInvoke.jsonata(this, id, {
      stateName,
      lambdaFunction: LambdaFunction.fromFunctionArn(this, `Your${id}`, yourFunction(id.toLowerCase())),
      payload: sfn.TaskInput.fromObject({ input: '{% $states.context.Execution.Input %}', version: id === 'Build' ? '' : '{% $version %}' }),
      assign,
      taskTimeout: sfn.Timeout.duration(Duration.minutes(15)),
    });
  }
}

new InvoicesPipeline(app, 'InvoicesPipeline', { env });
