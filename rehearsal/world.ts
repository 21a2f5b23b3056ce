import type { EnvironmentPlan, FrontDoor, ReleaseView } from '../lambda/contract';
import type { Aws } from './aws';
import type { Emulator } from './emulator/emulator';
import type { Forbidden } from './figures/calls';
import type { Narrator } from './narrator';
import type { Hub } from './people/hub';
import type { People } from './people/people';
import type { Promises } from './promises';
import type { Traffic } from './traffic/traffic';

/** The platform, as it stands after `cdk deploy`. */
export interface Platform {
  /** Id of the path to live. */
  readonly path: string;
  /** In the order of the path; the last one is where the users are. */
  readonly plans: readonly EnvironmentPlan[];
  readonly production: EnvironmentPlan;
  /** By environment. */
  readonly frontDoors: ReadonlyMap<string, FrontDoor>;
  /** What the app was synthesized with, `<key>=<value>`. */
  readonly context: readonly string[];
}

/** What a scenario plays in. */
export interface World extends Platform {
  readonly root: string;
  /** Folder for everything the rehearsal makes. */
  readonly state: string;
  readonly narrator: Narrator;
  readonly aws: Aws;
  readonly people: People;
  readonly hub: Hub;
  readonly traffic: Traffic;
  readonly promises: Promises;
  /** What people were seen to be refused: no missing permission. Scenarios add to it. */
  readonly tried: Forbidden[];
}

/** The world on the local AWS, which records every call. */
export interface LocalWorld extends World {
  readonly aws: Emulator;
}

/** What became of one release of the story. */
export interface Told {
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly ended: number;
  /** As the CLI showed it at the end. */
  readonly release: ReleaseView;
}
