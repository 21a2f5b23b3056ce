import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { EndInput, StopContractInput } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { callBesideWriter, sentence } from './hub-task';
import { jsonata, type Payload, taskInput } from './jsonata';

export interface EndingProps {
  readonly environment: string;
  /** Ends the release, or the contract, in the environment; told why in `failure`, taken from the variable `$failure`. */
  readonly calls: HandlerFunction;
  /** Where an ending leads that cannot be carried out. */
  readonly safetyNet: sfn.IChainable;
}

/** How something ends: the state that does it, and the one that says so. */
interface HowItEnds {
  readonly does: string;
  readonly done: string;
  readonly doneId?: string;
  readonly payload?: Payload<EndInput>;
}

/** A state that ends something in an environment, and the end that it leads to. */
class Ending extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[] = [];

  constructor(scope: Construct, id: string, props: EndingProps, { does, done, doneId = 'Stopped', payload }: HowItEnds) {
    super(scope, id);
    this.startState = endingTask(this, does, props, payload);
    sfn.Chain.start(this.startState).next(sfn.Succeed.jsonata(this, doneId, { stateName: done }));
  }
}

/** Before any shift: there is nothing to undo. Raises the ticket, frees the lock. */
export class StopRelease extends Ending {
  constructor(scope: Construct, id: string, props: EndingProps) {
    const { environment } = props;
    super(scope, id, props, { does: `Stop the release in ${environment}`, done: `The release is stopped in ${environment}` });
  }
}

/** A contract that cannot go on: no traffic moved, and the release stays live. Raises the ticket, frees the environment. */
export class StopContract extends Ending {
  constructor(scope: Construct, id: string, props: EndingProps) {
    const { environment } = props;
    const payload: Payload<StopContractInput> = { ...endInput(props), contract: 'stops' };
    super(scope, id, props, { does: `Stop the contract in ${environment}`, done: `The contract in ${environment} is stopped`, payload });
  }
}

/**
 * After a shift: live traffic back to what was accepted last, in one call. Asks no gate, freeze or window. Works as a fragment of any machine
 * that has `$failure` and was started with `MachineInput`.
 */
export class RollBack extends Ending {
  constructor(scope: Construct, id: string, props: EndingProps) {
    const { environment } = props;
    super(scope, id, props, { does: `Roll back ${environment}`, done: `${environment} is rolled back`, doneId: 'RolledBack' });
  }
}

/** The state that ends a release in an environment, and hands on how. */
export function endingTask(scope: Construct, stateName: string, props: EndingProps, payload: Payload<EndInput> = endInput(props)) {
  return orSafetyNet(callBesideWriter(scope, 'Task', { stateName, calls: props.calls, payload }), props.safetyNet);
}

/** Whatever the error was: an ending may be repeated, and giving up leaves a lock behind, or users on a bad version. */
export function orSafetyNet(task: sfn.TaskStateBase, safetyNet: sfn.IChainable): sfn.TaskStateBase {
  return task.addRetry({ errors: [sfn.Errors.ALL], interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 3 }).addCatch(safetyNet);
}

function endInput({ environment }: EndingProps): Payload<EndInput> {
  return { ...taskInput(environment), failure: jsonata('$failure') };
}

/** The machine cannot end the release properly: it fails, and what watches the hub's machines takes over. */
export function safetyNetState(scope: Construct, id: string, stateName: string): sfn.Fail {
  return sfn.Fail.jsonata(scope, id, {
    stateName: sentence(scope, stateName),
    error: 'SafetyNet',
    cause: jsonata("$states.input.Error & ': ' & ($exists($states.input.Cause) ? $substring($string($states.input.Cause), 0, 1000) : 'no cause given')"),
  });
}
