import type { EnvironmentPlan } from '../../../lambda/contract';
import type { Ports } from '../../../lambda/domain/ports';
import { targetGroupOf } from '../../../test/lambda/fake-slots';
import type { PlotKind } from './plot';
import type { World } from './world';

const BUSY = 1_000;
const QUIET = 3;
/** Where it answers with an error. */
const FAILS: Readonly<Partial<Record<PlotKind, string>>> = {
  'fails a test': '/health',
  'fails a test beside a bake': '/orders',
  'fails a health gate': '/ready',
};

/** How a version behaves where it runs: as its plot says. */
export class Behaviour {
  constructor(private readonly world: World) {}

  /** What a version is like in an environment; undefined where nothing is wrong with it there. */
  kindOf(version: string | undefined, { environment }: EnvironmentPlan): PlotKind | undefined {
    const plot = version === undefined ? undefined : this.world.attempts.plotOf(version);
    return plot?.environment === environment ? plot.kind : undefined;
  }

  /** The same of what a slot's stack holds. */
  kindIn(plan: EnvironmentPlan, stackName: string | undefined): PlotKind | undefined {
    return this.kindOf(this.world.stacks.holds.get(stackName ?? ''), plan);
  }

  /** Whether what is deployed there has healthy targets at all. */
  hasTargets(plan: EnvironmentPlan, stackName: string): boolean {
    return this.kindIn(plan, stackName) !== 'has no healthy target';
  }

  requests(plan: EnvironmentPlan, targetGroupArn: string): number {
    const slot = plan.slots.find(({ stackName }) => targetGroupOf(stackName) === targetGroupArn);
    return this.kindIn(plan, slot?.stackName) === 'gets too few requests' ? QUIET : BUSY;
  }

  tests(): Ports['tests'] {
    return {
      probe: async (plan, { colour, path }) => {
        const { stackName = '' } = plan.slots.find((slot) => slot.colour === colour) ?? {};
        const kind = this.kindIn(plan, stackName);
        if (kind === 'raises an alarm while it is tested') this.world.traffic.fire(plan, stackName);
        const isBad = kind !== undefined && FAILS[kind] === path;
        return { status: isBad ? 500 : 200, milliseconds: 12, body: '' };
      },
      invoke: async () => ({ verdict: 'passed' }),
    };
  }
}
