import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { RestoreInput, RetireInput, StopRetiringInput } from '../../lambda/contract';
import type { HubFunctions } from '../hub/hub-functions';
import { PathNames } from '../private/names';
import { WorkflowMachine } from '../private/workflow-machine';
import { orSafetyNet, safetyNetState } from './fragments/ending';
import { GuardedStep } from './fragments/guarded-step';
import { callBesideWriter, callTask } from './fragments/hub-task';
import { EXECUTION, jsonata, type Payload } from './fragments/jsonata';

export interface RetireWorkflowProps {
  /** Id of the path to live. */
  readonly path: string;
  /** Names, in the order of the path. */
  readonly environments: readonly string[];
  readonly functions: HubFunctions;
}

/** How often the removal of an environment's slots is looked at, each time for a quarter of an hour. */
const MOST_LOOKS = 8;

/**
 * Takes the whole path out again, as a state machine: first every environment's users get back what served before any release, and only when all of
 * them have it are slots removed. It succeeds, with an outcome, also when it has to stop: then the path is open again, a ticket says why, and the next
 * run finds what this one did. It fails when it cannot even stop; then the safety net opens the path.
 *
 * ```
 *   (give the users back) per environment ─> (remove the slots) per environment ─> retired
 *       └───────────────────────┴─> stop retiring
 * ```
 */
export class RetireWorkflow extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, { path, environments, functions }: RetireWorkflowProps) {
    super(scope, id);
    this.stateMachine = new WorkflowMachine(this, 'Workflow', {
      stateMachineName: new PathNames(path).retireMachine,
      comment: `Takes the path to live of ${path} out again`,
      definition: this.story(environments, functions),
      timeout: Duration.minutes(environments.length * (15 * MOST_LOOKS + 30)).plus(Duration.hours(1)),
      calls: [functions.moveTraffic, functions.retire],
    }).stateMachine;
  }

  private story(environments: readonly string[], functions: HubFunctions): sfn.IChainable {
    const stop = this.stop(environments, functions);
    const looks = Object.fromEntries(environments.map((_, index) => [`looks${index}`, 0]));
    const steps = [
      ...environments.map((environment, index) => this.giveBack(environment, functions, stop, index === 0 ? looks : {})),
      ...environments.map((environment, index) => this.removeSlots(environment, `looks${index}`, functions, stop)),
    ];
    const [first, ...others] = steps as [GuardedStep, ...GuardedStep[]];
    return others
      .reduce((story, step) => story.next(step), sfn.Chain.start(first))
      .next(sfn.Succeed.jsonata(this, 'Retired', { stateName: 'The path is retired', outputs: { outcome: 'retired' } }));
  }

  private giveBack(environment: string, { moveTraffic }: HubFunctions, otherwise: sfn.IChainable, assign: Record<string, unknown>): GuardedStep {
    const payload: Payload<RestoreInput> = { environment, execution: jsonata(EXECUTION), restore: 'original' };
    return new GuardedStep(this, `GiveBack${environment}`, {
      task: callBesideWriter(this, `GiveBack${environment}Task`, {
        stateName: `Give the users of ${environment} back to what served before`,
        calls: moveTraffic,
        payload,
        assign,
      }),
      question: `Have the users of ${environment} what served before?`,
      goesOn: "$states.input.outcome = 'restored'",
      subject: `the users of ${environment}`,
      expected: 'back at what served before any release',
      assign: { environment },
      otherwise,
    });
  }

  /** @param looks variable that counts how often it was called */
  private removeSlots(environment: string, looks: string, { retire }: HubFunctions, otherwise: sfn.IChainable): GuardedStep {
    const payload: Payload<RetireInput> = { environment, execution: jsonata(EXECUTION) };
    return new GuardedStep(this, `Remove${environment}`, {
      task: callTask(this, `Remove${environment}Task`, {
        stateName: `Remove the slots of ${environment}`,
        calls: retire,
        payload,
        assign: { [looks]: jsonata(`$${looks} + 1`) },
      }),
      question: `Are the slots of ${environment} removed?`,
      again: `$states.input.outcome = 'removing' and $${looks} < ${MOST_LOOKS}`,
      goesOn: "$states.input.outcome = 'removed'",
      subject: `the slots of ${environment}`,
      expected: `removed within ${MOST_LOOKS} quarters of an hour`,
      assign: { environment },
      otherwise,
    });
  }

  private stop(environments: readonly string[], { retire }: HubFunctions): sfn.IChainable {
    const payload: Payload<StopRetiringInput> = {
      environment: jsonata('$environment'),
      environments: [...environments],
      execution: jsonata(EXECUTION),
      failure: jsonata('$failure'),
    };
    const task = callTask(this, 'StopTask', { stateName: 'Stop retiring the path', calls: retire, payload });
    return orSafetyNet(task, safetyNetState(this, 'SafetyNet', 'Leave the path to the safety net')).next(
      sfn.Succeed.jsonata(this, 'Stopped', { stateName: 'The path is not retired' }),
    );
  }
}
