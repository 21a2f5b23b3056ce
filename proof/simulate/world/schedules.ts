import type { EnvironmentState } from '../../../lambda/domain/model';
import type { World } from './world';

const MINUTE_MS = 60_000;
/** Until the schedule has come by again that looks at the capacity of every slot. */
const NEXT_LOOK_MS = 960_000;

/** What EventBridge calls again and again, as far as there is anything for it to do: a world in which it always came would never come to rest. */
export class Schedules {
  private isSweeping = false;

  constructor(private readonly world: World) {}

  /** The sweep finds what a commit has left in the outbox. */
  committing(): void {
    if (this.isSweeping) return;
    this.isSweeping = true;
    this.sweepSoon();
  }

  environmentChanged(before: EnvironmentState, after: EnvironmentState): void {
    const { hub } = this.world;
    const { warmForSeconds } = this.world.planOf(after.environment);
    if (warmForSeconds === undefined) return;
    const isIdle = Object.values(after.slots).some(({ idleSince, loweredFrom }) => idleSince !== undefined && loweredFrom === undefined);
    if (isIdle && before.lock && !after.lock) hub.send('keep-capacity', {}, (warmForSeconds + 30) * 1_000, false);
    if (after.rollBackRequested && !before.rollBackRequested) hub.send('keep-capacity', {}, NEXT_LOOK_MS, false);
  }

  private sweepSoon(): void {
    const { timeline, ledger, hub } = this.world;
    timeline.after(MINUTE_MS, () => {
      this.isSweeping = ledger.isOwing;
      if (!this.isSweeping) return;
      hub.send('sweep', {}, 0, false);
      this.sweepSoon();
    });
  }
}
