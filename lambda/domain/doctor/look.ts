import type { EnvironmentPlan } from '../../contract';
import type { EnvironmentState } from '../model';
import type { Ports, RuleTargets } from '../ports';
import { withOriginal } from '../traffic/original';
import { queueOf } from '../turns/waiting';
import { type Seen, seen } from './seen';

/** What the tags of a live rule say was accepted last. */
export interface AcceptedTags {
  readonly colour: string;
  readonly version: string;
  readonly targetGroupArn: string;
}

/** A live rule as its writer sees it. */
export interface RuleLook {
  readonly targets: RuleTargets;
  /** What the tags of each of them say; null where they name nothing. Absent where a rule is missing. */
  readonly accepted?: readonly (AcceptedTags | null)[];
}

/** The stack of a slot as who deploys it sees it. */
export interface StackLook {
  readonly colour: string;
  readonly stackName: string;
  /** Absent where there is no stack. */
  readonly found?: StackFound;
}

export interface StackFound {
  /** As CloudFormation has it, for example `UPDATE_ROLLBACK_FAILED`. */
  readonly status: string;
  readonly reason?: string;
  /** Its output; absent where it has none. */
  readonly version?: string;
  readonly targetGroupArn?: string;
  /** Its last operation began then. */
  readonly since?: string;
}

/** How an execution ended. */
export interface EndedLook {
  readonly how: string;
  readonly at?: string;
}

/** Everything that is compared in one environment. */
export interface Look {
  readonly plan: EnvironmentPlan;
  readonly state: EnvironmentState;
  readonly now: string;
  readonly rule: Seen<RuleLook>;
  readonly stacks: Seen<readonly StackLook[]>;
  /** Of what is live, where the observer could look; 1 where nothing is. */
  readonly healthyTargets: Seen<number>;
  /** Of the release that holds it; undefined while that runs, and where nobody does. */
  readonly lockEnded?: EndedLook;
  /** Of the contract that was asked for. */
  readonly contractEnded?: EndedLook;
  readonly retirementEnded?: EndedLook;
  /** Those that wait for their turn, the next one first, whose machine has ended. */
  readonly turnsEnded?: readonly { readonly release: string; readonly execution: string; readonly ended: EndedLook }[];
}

const READINGS = 3;

/** Looks at one environment. A ledger that was changed meanwhile is looked at again: what was seen beside it may be of before or after. */
export async function lookAt(ports: Ports, plan: EnvironmentPlan): Promise<Look> {
  for (let reading = 1; ; reading++) {
    const look = await lookOnce(ports, plan);
    const { revision } = await ports.ledger.environment(plan.environment);
    if (revision === look.state.revision || reading === READINGS) return look;
  }
}

async function lookOnce(ports: Ports, plan: EnvironmentPlan): Promise<Look> {
  const { ledger, repairs, frontDoors, clock } = ports;
  const [stored, original] = await Promise.all([ledger.environment(plan.environment), seen(async () => (await frontDoors.read(plan)).original)]);
  const state = 'value' in original ? withOriginal(stored, original.value) : stored;
  const [rule, stacks, healthyTargets, lockEnded, contractEnded, retirementEnded, turnsEnded] = await Promise.all([
    seen(() => repairs.rule(plan)),
    seen(() => repairs.stacks(plan)),
    'value' in original ? seen(() => healthy(ports, plan, state)) : original,
    endOf(ports, state.lock?.execution),
    endOf(ports, state.contracting?.execution),
    endOf(ports, state.retirement?.execution),
    turnsOf(ports, state),
  ]);
  return { plan, state, now: clock.now(), rule, stacks, healthyTargets, lockEnded, contractEnded, retirementEnded, turnsEnded };
}

async function healthy({ targets }: Ports, plan: EnvironmentPlan, { live, slots }: EnvironmentState): Promise<number> {
  const slot = live && slots[live.colour];
  if (!live) return 1;
  return slot ? targets.healthy(plan, slot.targetGroupArn) : 0;
}

async function turnsOf(ports: Ports, state: EnvironmentState): Promise<NonNullable<Look['turnsEnded']>> {
  const looked = await Promise.all(queueOf(state).map(async ({ release, execution }) => ({ release, execution, ended: await endOf(ports, execution) })));
  return looked.flatMap(({ ended, ...turn }) => (ended ? [{ ...turn, ended }] : []));
}

async function endOf({ machines }: Ports, execution: string | undefined): Promise<EndedLook | undefined> {
  return execution === undefined ? undefined : machines.ended(execution);
}
