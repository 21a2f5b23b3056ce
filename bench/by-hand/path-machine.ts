import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { EnvironmentMachine } from './environment-machine';
import { ACCOUNT, PLACES, type Place, REGION } from './environments';
import type { Functions } from './functions';
import { ask, call, EXECUTION, makeMachine, RELEASE, TOKEN } from './states';

/** The environments one after the other, and the firebreak in front of production. */
export class PathMachine extends Construct {
  readonly machine: sfn.StateMachine;

  constructor(
    scope: Construct,
    private readonly service: string,
    private readonly functions: Functions,
    private readonly environments: readonly EnvironmentMachine[],
  ) {
    super(scope, 'Path');
    const safetyNet = sfn.Fail.jsonata(this, 'SafetyNet', {
      stateName: `Leave the release of ${service} to the safety net`,
      error: 'SafetyNet',
      cause: "{% $states.input.Error & ': ' & ($exists($states.input.Cause) ? $substring($string($states.input.Cause), 0, 1000) : 'no cause given') %}",
    });
    const endedEarly = sfn.Succeed.jsonata(this, 'EndedEarly', { stateName: 'The release ended early' });
    const ended = this.finish('Ended', 'Record how the release ended', {
      outcome: '{% $states.input.outcome %}',
      environment: '{% $states.input.environment %}',
    });
    const stopped = this.finish('Stopped', 'Record that the release stopped at a firebreak', {
      outcome: 'stopped',
      environment: '{% $environment %}',
      failure: '{% $failure %}',
    });
    const live = this.finish('Live', 'Record that the release is live', { outcome: 'live', environment: 'Production' });
    for (const [task, next] of [
      [ended, endedEarly],
      [stopped, endedEarly],
      [live, sfn.Succeed.jsonata(this, 'Done', { stateName: 'The release is live' })],
    ] as const) {
      task.addCatch(safetyNet).next(next);
    }
    let first: sfn.State | undefined;
    let last: sfn.Choice | undefined;
    PLACES.forEach((place, index) => {
      if (place.firebreakDays !== undefined && last !== undefined) last = this.firebreak(last, place.name, place.firebreakDays, stopped);
      const through = this.through(place, environments[index] as EnvironmentMachine);
      last?.otherwise(through);
      first ??= through;
      last = ask(this, place.name, `Is the release live in ${place.name}?`, through, {
        yes: "$states.input.outcome = 'live'",
        subject: `the release in ${place.name}`,
        expected: `live in ${place.name}`,
        otherwise: ended,
        onError: safetyNet,
      });
    });
    last?.otherwise(live);
    this.machine = this.make(first as sfn.State);
  }

  private firebreak(after: sfn.Choice, name: string, days: number, stopped: sfn.IChainable): sfn.Choice {
    const task = call(this, `Firebreak${name}`, `Wait at the firebreak in front of ${name}`, {
      calls: this.functions['open-gate'],
      payload: { environment: name, release: RELEASE, execution: EXECUTION, gate: 'firebreak', ...TOKEN },
      seconds: days * 86_400,
      waits: true,
    });
    after.otherwise(task);
    return ask(this, `FirebreakOpen${name}`, `Is the firebreak in front of ${name} open?`, task, {
      yes: "$states.input.outcome in ['passed', 'notNeeded']",
      subject: `the firebreak in front of ${name}`,
      expected: `accepted within ${days} days`,
      assign: { environment: name },
      otherwise: stopped,
    });
  }

  private through({ name }: Place, { machine, seconds }: EnvironmentMachine): tasks.StepFunctionsStartExecution {
    const task = tasks.StepFunctionsStartExecution.jsonata(this, `Through${name}`, {
      stateName: `Take the release through ${name}`,
      stateMachine: machine,
      integrationPattern: sfn.IntegrationPattern.RUN_JOB,
      name: `{% $states.context.Execution.Name & '-${name}' %}`,
      input: sfn.TaskInput.fromObject({ contract: '{% $states.context.Execution.Input.contract %}', release: RELEASE }),
      associateWithParent: true,
      taskTimeout: sfn.Timeout.duration(Duration.seconds(seconds + 3_600)),
      outputs: '{% $states.result.Output %}',
    });
    task.addRetry({
      errors: ['StepFunctions.ExecutionLimitExceeded', 'StepFunctions.AWSStepFunctionsException', 'StepFunctions.SdkClientException'],
      interval: Duration.seconds(2),
      backoffRate: 2,
      maxAttempts: 6,
      jitterStrategy: sfn.JitterType.FULL,
    });
    return task;
  }

  private finish(id: string, stateName: string, how: { outcome: string; environment: string; failure?: string }) {
    const { outcome, environment } = how;
    const payload = { release: RELEASE, execution: EXECUTION, ...how };
    return call(this, id, stateName, { calls: this.functions.finish, payload, seconds: 90, outputs: { outcome, environment, release: RELEASE } });
  }

  private make(definition: sfn.IChainable): sfn.StateMachine {
    const machines = this.environments.map(({ machine }) => machine);
    const seconds = this.environments.reduce((sum, environment) => sum + environment.seconds + 3_600, 3_600 + 14 * 86_400);
    const statements = machines.flatMap((machine) => [
      new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }),
      new iam.PolicyStatement({
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: [`arn:aws:states:${REGION}:${ACCOUNT}:execution:${machine.stateMachineName}:*`],
      }),
      new iam.PolicyStatement({
        actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        resources: [`arn:aws:events:${REGION}:${ACCOUNT}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`],
      }),
    ]);
    const calls = [this.functions['open-gate'], this.functions.finish];
    return makeMachine(this, `${this.service}-path`, `The path to live of ${this.service}`, definition, seconds, calls, statements);
  }
}
