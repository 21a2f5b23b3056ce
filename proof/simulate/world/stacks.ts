import type { CapacityTarget, EnvironmentPlan, SlotMigration } from '../../../lambda/contract';
import type { SlotDeployment, SlotRequest } from '../../../lambda/domain/ports';
import { targetGroupOf } from '../../../test/lambda/fake-slots';
import type { Chance } from '../chance';
import type { Timeline } from '../timeline';
import type { Plot } from './plot';

interface Operation {
  readonly execution: string;
  readonly version: string;
  readonly until: number;
  readonly fails: boolean;
}

export interface StacksProps {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly plotOf: (version: string) => Plot | undefined;
  readonly migrationsOf: (version: string) => readonly SlotMigration[];
  /** Names of a slot's alarms. */
  readonly alarmsOf: (stackName: string) => readonly string[];
  /** From here on, what the stack held is gone. */
  readonly onOverwritten: (plan: EnvironmentPlan, stackName: string, version: string) => void;
  readonly onDeployed: (plan: EnvironmentPlan, stackName: string, capacity: CapacityTarget | undefined) => void;
}

const LONGEST_MS = 150_000;
const HANGS_MS = 3 * 3_600_000;

/** What of a slot runs in a number, where slots have a capacity. */
export function capacityOf(service: string): CapacityTarget {
  return { kind: 'ecsService', cluster: 'main', service, least: 2 };
}

/** CloudFormation: what each slot's stack holds in truth, whatever the ledger says. */
export class Stacks {
  /** By stack name. */
  readonly holds = new Map<string, string>();
  private readonly operations = new Map<string, Operation>();

  constructor(private readonly props: StacksProps) {}

  /** One look: the next step of the deployment, whoever took the last. */
  look(plan: EnvironmentPlan, { stackName, version, execution }: SlotRequest): SlotDeployment | undefined {
    const { timeline, chance, plotOf } = this.props;
    const known = this.operations.get(stackName);
    if (known && timeline.now < known.until) return undefined;
    if (known?.execution === execution && known.version === version) return this.ended(plan, stackName, known);
    const plot = plotOf(version);
    const isHere = plot?.environment === plan.environment;
    const takes = isHere && plot.kind === 'hangs while it is deployed' ? HANGS_MS : chance.between(1_000, LONGEST_MS);
    this.operations.set(stackName, { execution, version, until: timeline.now + takes, fails: isHere && plot.kind === 'fails to deploy' });
    this.holds.set(stackName, version);
    this.props.onOverwritten(plan, stackName, version);
    return undefined;
  }

  private ended(plan: EnvironmentPlan, stackName: string, { version, fails }: Operation): SlotDeployment {
    if (fails) return { state: 'failed', reason: 'CREATE_FAILED: no room', logs: stackName };
    const capacity: CapacityTarget | undefined = plan.roles.capacity === undefined ? undefined : capacityOf(stackName);
    this.props.onDeployed(plan, stackName, capacity);
    const migrations = this.props.migrationsOf(version);
    return {
      state: 'deployed',
      targetGroupArn: targetGroupOf(stackName),
      alarms: this.props.alarmsOf(stackName),
      ...(capacity && { capacity }),
      ...(migrations.length > 0 && { migrations }),
    };
  }
}
