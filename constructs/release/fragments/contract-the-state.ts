import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { BeginContractInput, EnvironmentPlan, RunContractInput } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { AskPeople } from './ask-people';
import { StopContract } from './ending';
import { GuardedStep } from './guarded-step';
import { callBesideWriter } from './hub-task';
import { jsonata, type Payload, taskInput } from './jsonata';
import { runMigrations } from './run-migrations';

export interface ContractTheStateProps {
  readonly plan: EnvironmentPlan;
  /** Lets the contract in, when people have agreed. */
  readonly enter: HandlerFunction;
  readonly openGate: HandlerFunction;
  readonly migrate: HandlerFunction;
  readonly stop: HandlerFunction;
  /** How often the migrations are followed, each time for a quarter of an hour. */
  readonly mostRuns: number;
  /** Where a stop leads that cannot be carried out. */
  readonly safetyNet: sfn.IChainable;
}

/**
 * What an execution does that was started to contract the shared state of an environment. No traffic moves: whatever happens, live stays live.
 *
 * ```
 *   (ask for the contract) ─> begin: lock, and look again ─> contract the shared state ─> contracted
 *       └───────────────────────────┴─────────────────────────────┴─> stop the contract
 * ```
 */
export class ContractTheState extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[] = [];

  constructor(scope: Construct, id: string, props: ContractTheStateProps) {
    super(scope, id);
    const { environment } = props.plan;
    const stop = new StopContract(this, 'Stop', { environment, calls: props.stop, safetyNet: props.safetyNet });
    const outputs = { outcome: 'contracted', environment };
    const done = sfn.Succeed.jsonata(this, 'Done', { stateName: `The shared state of ${environment} is contracted`, outputs });
    const asked = this.ask(props, stop);
    const story = this.begin(props, stop).next(this.run(props, stop)).next(done);
    this.startState = (asked === undefined ? story : asked.next(story)).startState;
  }

  private ask({ plan: { environment, goNoGo }, openGate }: ContractTheStateProps, otherwise: sfn.IChainable): AskPeople | undefined {
    if (goNoGo === undefined) return undefined;
    return new AskPeople(this, 'Ask', {
      environment,
      gate: 'contract',
      timeoutSeconds: goNoGo.timeoutSeconds,
      stateName: `Ask for the contract in ${environment}`,
      question: `Is the contract in ${environment} agreed to?`,
      subject: `the contract in ${environment}`,
      openGate,
      otherwise,
    });
  }

  private begin({ plan: { environment }, enter }: ContractTheStateProps, otherwise: sfn.IChainable): GuardedStep {
    const payload: Payload<BeginContractInput> = { ...taskInput(environment), contract: 'begins' };
    const colour = '$states.result.Payload.colour';
    return new GuardedStep(this, 'Begin', {
      task: callBesideWriter(this, 'BeginTask', {
        stateName: `Begin the contract in ${environment}`,
        calls: enter,
        payload,
        assign: { colour: jsonata(`$exists(${colour}) ? ${colour} : 'none'`), runs: 0 },
      }),
      question: `May the contract in ${environment} begin?`,
      goesOn: "$states.input.outcome = 'entered'",
      subject: `the contract of ${environment}`,
      expected: 'nothing in its way',
      otherwise,
    });
  }

  private run({ plan: { environment }, migrate, mostRuns }: ContractTheStateProps, otherwise: sfn.IChainable): GuardedStep {
    const payload: Payload<RunContractInput> = { ...taskInput(environment), colour: jsonata('$colour'), contract: 'runs' };
    return runMigrations(this, 'Run', { environment, calls: migrate, payload, words: { does: 'Contract', done: 'contracted' }, mostRuns, otherwise });
  }
}
