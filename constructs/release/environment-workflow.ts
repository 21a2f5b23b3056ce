import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import {
  CAPACITY_TIMEOUT_SECONDS,
  type EnterInput,
  type EnvironmentPlan,
  type GoNoGoPlan,
  machineShape,
  type OwnPathInput,
  type RegisterInput,
  type SlotTaskInput,
} from '../../lambda/contract';
import type { HubFunctions } from '../hub/hub-functions';
import type { HandlerFunction } from '../private/handler-function';
import { PathNames } from '../private/names';
import { WorkflowMachine } from '../private/workflow-machine';
import { Accept } from './fragments/accept';
import { AskPeople, askAtFirebreak } from './fragments/ask-people';
import { ContractTheState } from './fragments/contract-the-state';
import { RollBack, StopRelease, safetyNetState } from './fragments/ending';
import { GuardedStep } from './fragments/guarded-step';
import { callBesideWriter, callTask } from './fragments/hub-task';
import { jsonata, type Payload, slotInput, taskInput } from './fragments/jsonata';
import { MatchCapacity } from './fragments/match-capacity';
import { runMigrations } from './fragments/run-migrations';
import { ShiftAndBake } from './fragments/shift-and-bake';
import { TestTheShadow } from './fragments/test-the-shadow';
import { ThroughAnOutage } from './fragments/through-an-outage';
import { MOST_TURNS, WaitForTurn } from './fragments/wait-for-turn';

export interface EnvironmentWorkflowProps {
  readonly plan: EnvironmentPlan;
  readonly functions: HubFunctions;
  /**
   * Registers the release that a team's own machine brings; the firebreak in front of the environment is then in here, too.
   *
   * @default - the release is registered, and has passed its firebreak, before it comes here
   */
  readonly register?: HandlerFunction;
}

/**
 * How often a deployment is looked at, each time for as long as the function may run, a quarter of an hour. Longer than any deployment of
 * replaceable compute, and an end for one that hangs.
 */
const MOST_LOOKS = 8;
/** For everything that neither waits nor deploys, with all its tries. */
const ROOM = Duration.hours(6);

/**
 * What a release goes through in one environment, as a state machine. It always succeeds, with an outcome (`live`, `stopped`, `rolledBack`):
 * a failure is data. It fails only when it cannot even stop or roll back; then the safety net takes over.
 *
 * ```
 *   enter ─> deploy ─> (migrate) ─> test ─> ask for go/no-go ─> (shift ─> bake ─> read the gates) per step ─> accept ─> live
 *     └────────┴───────────┴─────────┴─────────┴─> stop            └────────┴──────────┴──────────────────────┴─> roll back
 * ```
 *
 * Where there is shared state, a release that brings something for it which is new here goes by `migrate`; any other goes past it, at no cost.
 *
 * Where somebody is asked about the slot of what can be rolled back to, that comes before the deployment.
 *
 * Where slots have a capacity, it is matched to live's after the deployment and before every shift.
 *
 * Where a team's own machine brings the release, it is registered first, and waits at the firebreak in front of the environment.
 *
 * Where there is shared state, the machine is started a second time for a release that is live and brings a contract, when somebody asks for that: enter then
 * leads to `ContractTheState`, and no release pays a state for it.
 *
 * Where outages may be planned, a release that breaks the live version leaves that way behind the deployment, or behind `migrate`, and goes through
 * `ThroughAnOutage`.
 *
 * Where the path lets releases wait for their turn, one that finds another here waits behind enter; one that does not pays no state for it.
 *
 * A release that is live here already, as one is that comes by again after a failure further on, goes from enter straight to live.
 */
export class EnvironmentWorkflow extends Construct {
  readonly stateMachine: sfn.StateMachine;
  /** Longest an execution can run. */
  readonly timeout: Duration;

  constructor(scope: Construct, id: string, { plan, functions, register }: EnvironmentWorkflowProps) {
    super(scope, id);
    const { environment } = plan;
    this.timeout = longestRun(plan).plus(Duration.seconds(register ? (plan.firebreak?.timeoutSeconds ?? 0) : 0));
    const { enter, deploy, runTest, openGate, moveTraffic, startBake, readGates, accept, stop, matchCapacity, migrate } = functions;
    const { machine } = new PathNames(plan.path).environment(environment);
    this.stateMachine = new WorkflowMachine(this, 'Workflow', {
      stateMachineName: machine,
      comment: `What a release goes through in ${environment}`,
      definition: this.story(plan, functions, register),
      timeout: this.timeout,
      calls: [
        ...(register ? [register] : []),
        enter,
        deploy,
        runTest,
        openGate,
        moveTraffic,
        startBake,
        readGates,
        accept,
        stop,
        ...(plan.roles.capacity && matchCapacity ? [matchCapacity] : []),
        ...(plan.roles.migrate && migrate ? [migrate] : []),
      ],
    }).stateMachine;
  }

  private story(plan: EnvironmentPlan, functions: HubFunctions, register: HandlerFunction | undefined): sfn.IChainable {
    const { environment } = plan;
    const safetyNet = safetyNetState(this, 'SafetyNet', `Leave ${environment} to the safety net`);
    const stop = new StopRelease(this, 'Stop', { environment, calls: functions.stop, safetyNet });
    const rollBack = new RollBack(this, 'RollBack', { environment, calls: functions.moveTraffic, safetyNet });

    const live = sfn.Succeed.jsonata(this, 'Done', { stateName: `The release is live in ${environment}` });

    const contract = this.contract(plan, functions, safetyNet);
    const enter = this.enter(plan, functions, stop, live, contract);
    let story = register ? this.arrive(plan, functions, register, stop, enter, contract) : sfn.Chain.start(enter);
    const outage = this.outage(plan, functions, stop, rollBack);
    if (outage) outage.next(live);
    if (plan.rollBackTarget?.kind === 'ask') story = story.next(this.askAboutTarget(plan, plan.rollBackTarget, functions, stop));
    story = story.next(this.deploy(plan, functions, stop, outage));
    const calls = plan.roles.capacity === undefined ? undefined : functions.matchCapacity;
    if (calls !== undefined) story = story.next(new MatchCapacity(this, 'Capacity', { environment, calls, otherwise: stop }));
    if (plan.tests.length > 0) story = story.next(new TestTheShadow(this, 'Test', { plan, calls: functions.runTest, otherwise: stop }));
    if (plan.goNoGo) story = story.next(this.ask(plan, plan.goNoGo, functions, stop));
    plan.steps.forEach((step, index) => {
      // Only what is refused at the first step was refused before anything was moved.
      const refused = index === 0 ? stop : rollBack;
      if (calls !== undefined) {
        const { percent } = step;
        story = story.next(new MatchCapacity(this, `CapacityFor${percent}`, { environment, percent, calls, otherwise: refused }));
      }
      story = story.next(
        new ShiftAndBake(this, `ShiftTo${step.percent}`, { environment, step, functions, rollBack, refused, inconclusive: plan.inconclusive }),
      );
    });
    return story.next(new Accept(this, 'Accept', { environment, calls: functions.accept, otherwise: rollBack })).next(live);
  }

  /** What a path machine does before it starts this one. */
  private arrive(
    { environment, firebreak }: EnvironmentPlan,
    { openGate }: HubFunctions,
    calls: HandlerFunction,
    otherwise: sfn.IChainable,
    enter: GuardedStep,
    contract?: sfn.IChainable,
  ): sfn.Chain {
    const given = (field: keyof OwnPathInput) => jsonata(`$states.context.Execution.Input.${field}`);
    const payload: Payload<RegisterInput> = { ...taskInput(environment), path: given('path'), submission: given('submission') };
    const registered = new GuardedStep(this, 'Register', {
      task: callTask(this, 'RegisterTask', { stateName: `Register the release for ${environment}`, calls, payload }),
      question: `Is the release registered for ${environment}?`,
      // What is live there already has passed.
      instead: [...contractInstead(contract), ...(firebreak ? [{ when: '$states.input.live = true', next: enter }] : [])],
      goesOn: "$states.input.outcome = 'registered'",
      subject: 'the submission',
      expected: 'one that the path takes',
      otherwise,
    });
    const story = sfn.Chain.start(registered);
    return (firebreak ? story.next(askAtFirebreak(this, 'Firebreak', { environment, firebreak, openGate, otherwise })) : story).next(enter);
  }

  private contract(plan: EnvironmentPlan, { enter, openGate, migrate, stop }: HubFunctions, safetyNet: sfn.IChainable): ContractTheState | undefined {
    if (plan.roles.migrate === undefined || migrate === undefined) return undefined;
    return new ContractTheState(this, 'Contract', { plan, enter, openGate, migrate, stop, mostRuns: MOST_LOOKS, safetyNet });
  }

  private outage(plan: EnvironmentPlan, functions: HubFunctions, stop: sfn.IChainable, rollBack: sfn.IChainable): ThroughAnOutage | undefined {
    const { migrate } = functions;
    if (plan.plannedOutage === undefined || plan.roles.migrate === undefined || migrate === undefined) return undefined;
    return new ThroughAnOutage(this, 'Outage', { plan, functions, migrate, mostRuns: MOST_LOOKS, stop, rollBack });
  }

  private enter(plan: EnvironmentPlan, { enter }: HubFunctions, otherwise: sfn.IChainable, live: sfn.IChainable, contract?: sfn.IChainable): GuardedStep {
    const { environment } = plan;
    const payload: Payload<EnterInput> = { ...taskInput(environment), machine: machineShape(plan) };
    const colour = '$states.result.Payload.colour';
    // Variables must exist before anything reads them; a release that is not let in has no colour.
    const found = { colour: jsonata(`$exists(${colour}) ? ${colour} : 'none'`) };
    const [subject, expected] = [`the way into ${environment}`, 'free, not frozen, and every file of the release still there'];
    const instead = [{ when: "$states.input.outcome = 'live'", next: live }, ...contractInstead(contract)];
    const { concurrency } = plan;
    const turn =
      concurrency && new WaitForTurn(this, 'Turn', { environment, concurrency, enter, payload, assign: found, instead, subject, expected, otherwise });
    return new GuardedStep(this, 'Enter', {
      task: callBesideWriter(this, 'EnterTask', {
        stateName: `Enter ${environment}`,
        calls: enter,
        payload,
        assign: { ...found, looks: 0, ...(plan.roles.migrate !== undefined && { runs: 0 }), ...(turn && { turns: 0 }) },
      }),
      question: `May the release enter ${environment}?`,
      instead,
      by: turn && { when: "$states.input.outcome = 'waits'", step: turn },
      goesOn: "$states.input.outcome = 'entered'",
      subject,
      expected,
      otherwise,
    });
  }

  private askAboutTarget({ environment }: EnvironmentPlan, { timeoutSeconds }: GoNoGoPlan, { openGate }: HubFunctions, otherwise: sfn.IChainable): AskPeople {
    return new AskPeople(this, 'RollBackTarget', {
      environment,
      gate: 'rollBackTarget',
      timeoutSeconds,
      stateName: `Ask about the roll-back target of ${environment}`,
      question: `May the release take the roll-back target of ${environment}?`,
      subject: `the question about the roll-back target of ${environment}`,
      openGate,
      otherwise,
    });
  }

  /** The function follows the stack within its own run and is called again while it is not done: transitions do not depend on the duration. */
  private deploy(plan: EnvironmentPlan, functions: HubFunctions, otherwise: sfn.IChainable, outage?: sfn.IChainable): GuardedStep {
    const { environment } = plan;
    const { deploy, migrate } = functions;
    const payload: Payload<SlotTaskInput> = slotInput(environment);
    return new GuardedStep(this, 'Deploy', {
      task: callTask(this, 'DeployTask', {
        stateName: `Deploy to the shadow slot of ${environment}`,
        calls: deploy,
        payload,
        assign: { looks: jsonata('$looks + 1') },
      }),
      question: `Is the shadow slot of ${environment} deployed?`,
      again: `$states.input.outcome = 'deploying' and $looks < ${MOST_LOOKS}`,
      instead: outageInstead(outage, "$states.input.outcome = 'deployed' and $not($states.input.migrates = true)"),
      goesOn: "$states.input.outcome = 'deployed'",
      by:
        plan.roles.migrate === undefined || migrate === undefined
          ? undefined
          : { when: "$states.input.outcome = 'deployed' and $states.input.migrates = true", step: this.migrate(environment, migrate, otherwise, outage) },
      subject: `the stack of the shadow slot of ${environment}`,
      expected: `deployed within ${MOST_LOOKS} quarters of an hour`,
      otherwise,
    });
  }

  private migrate(environment: string, calls: HandlerFunction, otherwise: sfn.IChainable, outage?: sfn.IChainable): GuardedStep {
    const payload: Payload<SlotTaskInput> = { ...taskInput(environment), colour: jsonata('$colour') };
    const words = { does: 'Migrate', done: 'migrated' };
    const instead = outageInstead(outage, "$states.input.outcome = 'migrated'");
    return runMigrations(this, 'Migrate', { environment, calls, payload, words, mostRuns: MOST_LOOKS, instead, otherwise });
  }

  private ask({ environment }: EnvironmentPlan, { timeoutSeconds }: GoNoGoPlan, { openGate }: HubFunctions, otherwise: sfn.IChainable): AskPeople {
    return new AskPeople(this, 'GoNoGo', {
      environment,
      gate: 'goNoGo',
      timeoutSeconds,
      stateName: `Ask for go/no-go in ${environment}`,
      question: `Is it a go in ${environment}?`,
      subject: `the go/no-go in ${environment}`,
      openGate,
      otherwise,
    });
  }
}

function contractInstead(contract: sfn.IChainable | undefined): { readonly when: string; readonly next: sfn.IChainable }[] {
  return contract === undefined ? [] : [{ when: "$states.input.outcome = 'contract'", next: contract }];
}

function outageInstead(outage: sfn.IChainable | undefined, when: string): { readonly when: string; readonly next: sfn.IChainable }[] {
  return outage === undefined ? [] : [{ when: `${when} and $states.input.outage = true`, next: outage }];
}

/** The literal sum of what the states may wait, and room for the rest. */
function longestRun(plan: EnvironmentPlan): Duration {
  const tests = Math.max(0, ...plan.tests.map(({ timeoutSeconds }) => timeoutSeconds));
  const asked = plan.inconclusive?.timeoutSeconds ?? 0;
  const bakes = plan.steps.reduce((sum, { bakeSeconds, pause }) => sum + bakeSeconds + asked + (pause?.timeoutSeconds ?? 0), 0);
  const deployment = Duration.minutes(15 * MOST_LOOKS).toSeconds();
  const migrating = plan.roles.migrate === undefined ? 0 : deployment;
  const raising = plan.roles.capacity === undefined ? 0 : (plan.steps.length + 1) * CAPACITY_TIMEOUT_SECONDS;
  // What can be taken back takes as long again as what was to run.
  const outage = plan.plannedOutage === undefined ? 0 : plan.plannedOutage.longestSeconds + deployment;
  const turn = plan.concurrency === undefined ? 0 : MOST_TURNS * plan.concurrency.longestSeconds;
  const target = plan.rollBackTarget?.kind === 'ask' ? plan.rollBackTarget.timeoutSeconds : 0;
  return Duration.seconds(turn + target + deployment + migrating + raising + tests + (plan.goNoGo?.timeoutSeconds ?? 0) + bakes + outage).plus(ROOM);
}
