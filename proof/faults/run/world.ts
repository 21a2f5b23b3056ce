import type { HubApi } from '../../../cli/hub/hub-api';
import type { Emulator } from '../../../rehearsal/emulator/emulator';
import type { Traffic } from '../../../rehearsal/traffic/traffic';
import type { Place } from '../names';
import type { Builds } from './builds';
import type { Ledger } from './ledger';
import type { LiveRule } from './live-rule';

/** What cells happen on, one after the other. */
export interface Platform {
  readonly place: Place;
  readonly emulator: Emulator;
  readonly builds: Builds;
  readonly ledger: Ledger;
  readonly liveRule: LiveRule;
  /** The hub, as who submits asks it, and as who decides. */
  readonly pipeline: HubApi;
  readonly authority: HubApi;
  readonly traffic: Traffic;
}
