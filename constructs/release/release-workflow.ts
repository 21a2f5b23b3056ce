import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { childExecutionName, type EnvironmentPlan, type FinishInput, type MachineInput } from '../../lambda/contract';
import type { HubFunctions, PathFunctions } from '../hub/hub-functions';
import { PathNames } from '../private/names';
import { WorkflowMachine } from '../private/workflow-machine';
import type { EnvironmentWorkflow } from './environment-workflow';
import { askAtFirebreak } from './fragments/ask-people';
import { safetyNetState } from './fragments/ending';
import { callTask } from './fragments/hub-task';
import { EXECUTION, jsonata, type Payload, RELEASE } from './fragments/jsonata';
import { FAILED_IN, failedIn, rollBackWave } from './fragments/roll-back-wave';
import { ThroughEnvironment } from './fragments/through-environment';

/** One environment of the path: its plan, and the machine that takes a release through it. */
export interface PathStep {
  readonly plan: EnvironmentPlan;
  readonly workflow: EnvironmentWorkflow;
}

/** What the states between environments call. */
type PathWorkflowFunctions = Pick<HubFunctions, 'openGate' | 'moveTraffic'> & Pick<PathFunctions, 'finish'>;

export interface ReleaseWorkflowProps {
  /** Id of the path to live. */
  readonly path: string;
  /** In the order of the path. */
  readonly steps: readonly PathStep[];
  readonly functions: PathWorkflowFunctions;
}

/** How a release ended, as the path knows it. */
type Ending = Pick<Payload<FinishInput>, 'outcome' | 'environment' | 'failure'>;
const AS_THE_CHILD_SAYS: Ending = { outcome: jsonata('$states.input.outcome'), environment: jsonata('$states.input.environment') };
const STOPPED_AT_FIREBREAK: Ending = { outcome: 'stopped', environment: jsonata('$environment'), failure: jsonata('$failure') };
const FAILED_IN_A_WAVE: Ending = { ...STOPPED_AT_FIREBREAK, outcome: jsonata(`$${FAILED_IN.outcome}`) };

/** A Standard execution lives this long, https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html. */
const LONGEST_EXECUTION = Duration.days(365);

/**
 * The path to live as a state machine: the environments in order, with the firebreaks in front of them. Each environment is a child execution.
 *
 * ```
 *   (firebreak in front of an environment ─> take the release through it) per environment ─> live
 *       └─> the release stopped at the firebreak      └─> the release ended early
 * ```
 *
 * Behind a wave that is not the first one, both lead past the waves before it, newest first: in each the release is rolled back.
 */
export class ReleaseWorkflow extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: ReleaseWorkflowProps) {
    super(scope, id);
    const waits = props.steps.map(({ plan, workflow }) => workflow.timeout.toSeconds() + (plan.firebreak?.timeoutSeconds ?? 0) + 3_600);
    const timeout = Duration.seconds(
      Math.min(
        LONGEST_EXECUTION.toSeconds(),
        waits.reduce((sum, seconds) => sum + seconds, 3_600),
      ),
    );
    this.stateMachine = new WorkflowMachine(this, 'Workflow', {
      stateMachineName: new PathNames(props.path).pathMachine,
      comment: `The path to live of ${props.path}`,
      definition: this.story(props),
      timeout,
      calls: [props.functions.openGate, props.functions.finish, ...(props.steps.some(({ plan }) => plan.wave) ? [props.functions.moveTraffic] : [])],
      starts: props.steps.map(({ workflow }) => workflow.stateMachine),
    }).stateMachine;
  }

  private story({ path, steps, functions }: ReleaseWorkflowProps): sfn.IChainable {
    const safetyNet = safetyNetState(this, 'SafetyNet', `Leave the release of ${path} to the safety net`);
    const endedEarly = sfn.Succeed.jsonata(this, 'EndedEarly', { stateName: 'The release ended early' });
    const ended = this.finish('Ended', 'Record how the release ended', AS_THE_CHILD_SAYS, functions, safetyNet).next(endedEarly);
    const stopped = this.finish('Stopped', 'Record that the release stopped at a firebreak', STOPPED_AT_FIREBREAK, functions, safetyNet).next(endedEarly);

    let back: sfn.IChainable | undefined;
    const journey = steps.flatMap(({ plan, workflow }) => {
      const before = (plan.wave?.place ?? 0) > 0 ? back : undefined;
      back = this.backFrom(plan, before, endedEarly, functions, safetyNet);
      return [...this.firebreak(plan, functions, before ?? stopped), this.through(plan, workflow, before ?? ended, safetyNet)];
    });
    const environment = steps.at(-1)?.plan.environment ?? '';
    const live = this.finish('Arrived', 'Record that the release is live', { outcome: 'live', environment }, functions, safetyNet).next(
      sfn.Succeed.jsonata(this, 'Done', { stateName: 'The release is live' }),
    );
    const [start, ...rest] = [...journey, live];
    return rest.reduce<sfn.Chain>((story, next) => story.next(next), sfn.Chain.start(start as sfn.IChainable));
  }

  /** Where a failure leads that comes behind this environment: while it is a wave, and there are more. */
  private backFrom(
    { environment, wave }: EnvironmentPlan,
    before: sfn.IChainable | undefined,
    endedEarly: sfn.IChainable,
    functions: PathWorkflowFunctions,
    safetyNet: sfn.IChainable,
  ): sfn.IChainable | undefined {
    if (wave === undefined || wave.place === wave.waves - 1) return undefined;
    const recorded = `Record how the release ended in the waves of ${wave.of}`;
    const next = before ?? this.finish(`Ended${wave.of}Waves`, recorded, FAILED_IN_A_WAVE, functions, safetyNet).next(endedEarly);
    return rollBackWave(this, `RollBack${environment}`, { environment, calls: functions.moveTraffic, safetyNet }).next(next);
  }

  private firebreak({ environment, firebreak, wave }: EnvironmentPlan, { openGate }: PathWorkflowFunctions, otherwise: sfn.IChainable) {
    if (firebreak === undefined) return [];
    const assign = wave ? failedIn(environment) : { environment };
    return [askAtFirebreak(this, `Firebreak${environment}`, { environment, firebreak, openGate, assign, otherwise })];
  }

  private through({ environment, wave }: EnvironmentPlan, workflow: EnvironmentWorkflow, otherwise: sfn.IChainable, onError: sfn.IChainable) {
    const name = jsonata(`$states.context.Execution.Name & '${childExecutionName('', environment)}'`);
    const input: Payload<MachineInput> = { contract: jsonata('$states.context.Execution.Input.contract'), release: jsonata(RELEASE) };
    // A child that fails could not even stop: the safety net has been told of it, and is told of this machine too.
    return new ThroughEnvironment(this, `Through${environment}`, {
      environment,
      workflow,
      name,
      input,
      otherwise,
      onError,
      assign: wave && failedIn(environment),
    });
  }

  private finish(id: string, stateName: string, how: Ending, { finish }: PathWorkflowFunctions, safetyNet: sfn.IChainable) {
    const payload: Payload<FinishInput> = { release: jsonata(RELEASE), execution: jsonata(EXECUTION), ...how };
    const { outcome, environment, release } = payload;
    return callTask(this, id, { stateName, calls: finish, payload, outputs: { outcome, environment, release } }).addCatch(safetyNet);
  }
}
