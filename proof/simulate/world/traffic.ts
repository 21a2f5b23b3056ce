import type { EnvironmentPlan } from '../../../lambda/contract';
import { alarmOf, targetGroupOf } from '../../../test/lambda/fake-slots';
import type { Chance } from '../chance';
import type { Timeline } from '../timeline';
import type { Plot } from './plot';
import type { WorldAlarms } from './world-alarms';

export interface TrafficProps {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly alarms: WorldAlarms;
  /** Whether users get anything of it. */
  readonly serves: (environment: string, targetGroupArn: string) => boolean;
  readonly holds: (stackName: string) => string | undefined;
  readonly plotOf: (version: string) => Plot | undefined;
  /** An alarm notifies its topic. */
  readonly notify: (plan: EnvironmentPlan, alarm: string) => void;
}

/** A version that is bad under traffic raises its slot's alarm well within the first bake; an alarm forgets when nobody is served. */
const FIRES_MS = [15_000, 240_000] as const;
const FORGETS_MS = [60_000, 180_000] as const;

/** Users, and what their requests do to the alarms of the slots that serve them. */
export class Traffic {
  constructor(private readonly props: TrafficProps) {}

  /** The live rule was written. */
  moved(plan: EnvironmentPlan): void {
    const { timeline, chance, alarms } = this.props;
    for (const { stackName } of plan.slots) {
      const alarm = alarmOf(stackName);
      const isBad = () => this.isServed(plan, stackName) && this.isBad(plan, stackName);
      if (isBad() && alarms.since(alarm) === undefined) timeline.after(chance.between(...FIRES_MS), () => isBad() && this.fire(plan, stackName));
      else if (alarms.since(alarm) !== undefined && !this.isServed(plan, stackName)) this.forgetLater(plan, stackName);
    }
  }

  fire(plan: EnvironmentPlan, stackName: string): void {
    const { alarms, notify } = this.props;
    const alarm = alarmOf(stackName);
    if (!alarms.fire(alarm)) return;
    notify(plan, alarm);
    if (!this.isServed(plan, stackName)) this.forgetLater(plan, stackName);
  }

  isServed({ environment }: EnvironmentPlan, stackName: string): boolean {
    return this.props.serves(environment, targetGroupOf(stackName));
  }

  private forgetLater(plan: EnvironmentPlan, stackName: string): void {
    const { timeline, chance, alarms } = this.props;
    timeline.after(chance.between(...FORGETS_MS), () => {
      if (!this.isServed(plan, stackName)) alarms.quiet(alarmOf(stackName));
    });
  }

  private isBad({ environment }: EnvironmentPlan, stackName: string): boolean {
    const plot = this.props.plotOf(this.props.holds(stackName) ?? '');
    return plot?.kind === 'raises an alarm under traffic' && plot.environment === environment;
  }
}
