import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { BeginOutageInput, EnvironmentPlan, KeepOutInput, MigrateInOutageInput, UndoInput } from '../../../lambda/contract';
import type { HandlerFunction } from '../../private/handler-function';
import { Accept } from './accept';
import { AskPeople } from './ask-people';
import { GuardedStep } from './guarded-step';
import { callBesideWriter, callTask, sentence } from './hub-task';
import { jsonata, type Payload, slotInput } from './jsonata';
import { MatchCapacity } from './match-capacity';
import { runMigrations } from './run-migrations';
import { ShiftAndBake, type TrafficFunctions } from './shift-and-bake';
import { TestTheShadow } from './test-the-shadow';

export interface ThroughAnOutageProps {
  readonly plan: EnvironmentPlan;
  readonly functions: TrafficFunctions & {
    readonly openGate: HandlerFunction;
    readonly runTest: HandlerFunction;
    readonly accept: HandlerFunction;
    readonly matchCapacity?: HandlerFunction;
  };
  readonly migrate: HandlerFunction;
  /** How often migrations are followed, each time for a quarter of an hour. */
  readonly mostRuns: number;
  /** Where everything leads before users are taken out. */
  readonly stop: sfn.IChainable;
  /** Where everything leads after that which is not live, when all that can be taken back is. */
  readonly rollBack: sfn.IChainable;
}

/**
 * The way of a release that breaks the version which is live: users are taken out of every slot, and get the new version all at once.
 *
 * ```
 *   ask ─> (capacity) ─> begin the outage ─> migrate ─> test ─> shift to 100 percent ─> bake ─> gates ─> accept ─> (next)
 *    └──────────┴──> stop      └───────────────┴──────────┴────────────┴──────────────────┴───────┴─────────┴─> keep users out ─> undo ─> roll back
 * ```
 *
 * There are no tests before: the version needs what the outage is for. The ledger decides what the roll back comes to: users get what was live when it
 * understands the state, and stay out when it may not.
 */
export class ThroughAnOutage extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: ThroughAnOutageProps) {
    super(scope, id);
    const { plan, functions, stop } = props;
    const back = this.wayBack(props);
    const steps = [
      ...(plan.goNoGo ? [this.ask(props, plan.goNoGo.timeoutSeconds)] : []),
      ...(plan.roles.capacity && functions.matchCapacity ? [this.capacity(plan, functions.matchCapacity, stop)] : []),
      this.begin(props, back),
      this.migrate(props, back),
      ...(plan.tests.length > 0 ? [new TestTheShadow(this, 'Test', { plan, calls: functions.runTest, when: 'in the outage', otherwise: back })] : []),
      this.shift(props, back),
      new Accept(this, 'Accept', { environment: plan.environment, calls: functions.accept, otherwise: back, when: 'after the outage' }),
    ];
    const [first, ...others] = steps as [sfn.StateMachineFragment, ...sfn.StateMachineFragment[]];
    const story = others.reduce((chain, step) => chain.next(step), sfn.Chain.start(first));
    this.startState = story.startState;
    this.endStates = story.endStates;
  }

  private ask({ plan: { environment }, functions: { openGate }, stop }: ThroughAnOutageProps, timeoutSeconds: number): AskPeople {
    return new AskPeople(this, 'Ask', {
      environment,
      gate: 'goNoGo',
      outage: true,
      timeoutSeconds,
      stateName: `Ask for an outage of ${environment}`,
      question: `Is an outage of ${environment} agreed to?`,
      subject: `the go/no-go in ${environment}`,
      openGate,
      otherwise: stop,
    });
  }

  private capacity({ environment }: EnvironmentPlan, calls: HandlerFunction, otherwise: sfn.IChainable): MatchCapacity {
    return new MatchCapacity(this, 'Capacity', { environment, percent: 100, when: 'for the outage', calls, otherwise });
  }

  private begin({ plan: { environment }, functions, stop }: ThroughAnOutageProps, back: sfn.IChainable): GuardedStep {
    const payload: Payload<BeginOutageInput> = { ...slotInput(environment), outage: 'begins' };
    return new GuardedStep(this, 'Begin', {
      task: callBesideWriter(this, 'BeginTask', {
        stateName: `Begin the outage of ${environment}`,
        calls: functions.moveTraffic,
        payload,
        assign: { runs: 0 },
      }),
      question: `Are the users of ${environment} out?`,
      goesOn: "$states.input.outcome = 'shifted'",
      subject: `the outage of ${environment}`,
      expected: 'begun: the live rule answers users itself',
      otherwise: stop,
      // No answer: it may have begun.
      onError: back,
    });
  }

  private migrate({ plan: { environment }, migrate, mostRuns }: ThroughAnOutageProps, otherwise: sfn.IChainable): GuardedStep {
    const payload: Payload<MigrateInOutageInput> = { ...slotInput(environment), outage: 'migrates' };
    const words = { does: 'Migrate', done: 'migrated', when: 'in the outage' };
    return runMigrations(this, 'Migrate', { environment, calls: migrate, payload, words, mostRuns, otherwise });
  }

  /** All at once, whatever the strategy: no two versions can use the state. Its last bake watches that. */
  private shift({ plan: { environment, steps }, functions }: ThroughAnOutageProps, back: sfn.IChainable): ShiftAndBake {
    const step = { percent: 100, bakeSeconds: steps.at(-1)?.bakeSeconds ?? 0 };
    return new ShiftAndBake(this, 'Shift', { environment, step, functions, rollBack: back, refused: back, when: 'after the outage' });
  }

  /** Whatever becomes of each of these, the roll back comes: it finds in the ledger how far they got. */
  private wayBack({ plan: { environment }, functions, migrate, mostRuns, rollBack }: ThroughAnOutageProps): sfn.IChainable {
    const keeps: Payload<KeepOutInput> = { ...slotInput(environment), outage: 'stays' };
    const undoes: Payload<UndoInput> = { ...slotInput(environment), outage: 'undoes' };
    const [keep, undo] = [
      callBesideWriter(this, 'KeepOut', {
        stateName: `Keep the users of ${environment} out`,
        calls: functions.moveTraffic,
        payload: keeps,
        assign: { runs: 0 },
      }),
      callTask(this, 'Undo', { stateName: `Undo the migration of ${environment}`, calls: migrate, payload: undoes, assign: { runs: jsonata('$runs + 1') } }),
    ];
    const again = sfn.Condition.jsonata(jsonata(`$states.input.outcome = 'migrating' and $runs < ${mostRuns}`));
    const question = sfn.Choice.jsonata(this, 'Undone', { stateName: sentence(this, `Is the migration of ${environment} undone, as far as it can be?`) });
    undo.addCatch(rollBack);
    keep.addCatch(undo, { assign: { runs: 0 } });
    return keep.next(undo).next(question.when(again, undo).otherwise(rollBack));
  }
}
