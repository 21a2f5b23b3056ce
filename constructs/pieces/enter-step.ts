import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { TakeSlotInput } from '../../lambda/contract';
import { object, optional } from '../kinds/kind';
import { CHAINABLE, made, requireConstructed } from '../kinds/kinds';
import { GuardedStep } from '../release/fragments/guarded-step';
import { callBesideWriter } from '../release/fragments/hub-task';
import { DIGEST, jsonata, type Payload, taskInput } from '../release/fragments/jsonata';
import { TrafficHub } from './traffic-hub';

export interface EnterStepProps {
  readonly hub: TrafficHub;
  /** Where it leads when another release is on its way, or this is none: nothing has changed, and the variable `$failure` says why. */
  readonly otherwise: sfn.IChainable;
  /**
   * Where it leads when this very release is live already.
   *
   * @default - where `otherwise` leads
   */
  readonly alreadyLive?: sfn.IChainable;
}

const PROPS = object<EnterStepProps>({ hub: made(TrafficHub, 'new TrafficHub(…)'), otherwise: CHAINABLE, alreadyLive: optional(CHAINABLE) });

/**
 * The environment is this execution's until it accepts or goes back. The variable `$colour` says which slot serves nobody: deploy the release to it next. From now
 * on what that slot held is nothing to roll back to.
 *
 * @example
 * new EnterStep(this, 'Enter', { hub: traffic, otherwise: sfn.Fail.jsonata(this, 'NotLetIn', { cause: '{% $failure.actual %}' }) });
 */
export class EnterStep extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: EnterStepProps) {
    requireConstructed('EnterStep', scope, id, props, PROPS);
    super(scope, id);
    const { hub, otherwise, alreadyLive } = props;
    const { environment, _plan: plan } = hub;
    const slots = Object.fromEntries(hub._slots.map(({ colour, targetGroupArn, alarms = [] }) => [colour.name, { targetGroupArn, alarms }]));
    const payload: Payload<TakeSlotInput> = { ...taskInput(environment), digest: jsonata(DIGEST), plan, slots };
    const colour = '$states.result.Payload.colour';
    const step = new GuardedStep(this, 'Enter', {
      task: callBesideWriter(this, 'Task', {
        stateName: `Enter ${environment}`,
        calls: hub._functions.takeSlot,
        payload,
        assign: { colour: jsonata(`$exists(${colour}) ? ${colour} : 'none'`) },
      }),
      question: `May the release enter ${environment}?`,
      instead: [{ when: "$states.input.outcome = 'live'", next: alreadyLive ?? otherwise }],
      goesOn: "$states.input.outcome = 'entered'",
      subject: `the way into ${environment}`,
      expected: 'free, and a release that can be told from others',
      otherwise,
    });
    this.startState = step.startState;
    this.endStates = step.endStates;
  }
}
