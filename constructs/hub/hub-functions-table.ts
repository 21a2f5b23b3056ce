import { CAPACITY_TIMEOUT_SECONDS, MIGRATE_TIMEOUT_SECONDS, SAFETY_NET_TIMEOUT_SECONDS, WRITER_TIMEOUT_SECONDS } from '../../lambda/contract';

/** What a handler reaches beyond itself, by the names the handlers declare: `task(enter, { ledger, bundles })`. */
export type Port =
  | 'ledger'
  | 'plans'
  | 'liveRule'
  | 'slots'
  | 'alarms'
  | 'health'
  | 'metrics'
  | 'targets'
  | 'capacity'
  | 'tests'
  | 'migrations'
  | 'frontDoors'
  | 'bundles'
  | 'templates'
  | 'machines'
  | 'repairs'
  | 'bus';

/** Roles with a fixed name are the ones an environment's own roles trust; the others reach nothing outside the hub. */
export type HubRole = 'deployer' | 'traffic' | 'observer' | 'capacity' | 'migrator' | 'own';

/** One function of the hub: what for, as whom, for how long at most, and what it may reach. */
export interface HubFunctionEntry {
  readonly description: string;
  readonly role: HubRole;
  /** Most it may run. */
  readonly seconds: number;
  readonly ports: readonly Port[];
  /**
   * What it asks others to do.
   *
   * @default - nothing
   */
  readonly asks?: readonly HubAsk[];
  /**
   * What it does with the ledger, of which everybody may read single items: `commits` changes, which includes delivering what they promise; reads
   * what belongs to one release, or waits in the outbox (`entries`); reads lists over all releases (`lists`).
   *
   * @default ['commits']
   */
  readonly ledger?: readonly LedgerUse[];
}

/**
 * What a function asks others to do: a machine to take a release, one to take the path out, that of an environment to contract its shared state, the one
 * writer to move traffic, the keeper of capacity to raise a slot, who deploys slots how their stacks are, an execution whether it runs, a machine that waits
 * at a firebreak or a go/no-go to go on, a machine that bakes to stop, a machine that waits for its turn to come in.
 */
export type HubAsk =
  | 'startsReleases'
  | 'retires'
  | 'contracts'
  | 'movesTraffic'
  | 'raisesSlots'
  | 'asksOfSlots'
  | 'looksAtExecutions'
  | 'answersGates'
  | 'givesTurns'
  | 'endsBakes';

/** What somebody does with the ledger beside reading single items. */
export type LedgerUse = 'commits' | 'entries' | 'lists';

/**
 * The hub's functions, by the name of their handler: what they are for, as whom they act, and what they may reach. A row must name the ports
 * its handler declares, no fewer and no more.
 */
export const HUB_FUNCTIONS = {
  enter: {
    description: 'Lets a release into an environment: lock, order, every file still there',
    role: 'observer',
    seconds: 60,
    ports: ['ledger', 'bundles', 'frontDoors', 'targets'],
    asks: ['answersGates'],
  },
  deploy: {
    description: "Deploys a release to a slot that serves nobody, follows the slot's stack, and waits for its alarms",
    role: 'deployer',
    seconds: 900,
    ports: ['ledger', 'slots', 'bundles', 'alarms', 'targets'],
    ledger: ['commits', 'entries'],
  },
  migrate: {
    description: 'Runs what a release brings for the shared state of an environment, once there',
    role: 'migrator',
    seconds: MIGRATE_TIMEOUT_SECONDS,
    ports: ['ledger', 'migrations'],
    asks: ['givesTurns'],
  },
  'run-test': {
    description: "Runs one test of an environment against a slot, records the verdict, and reads the slot's alarms after it",
    role: 'observer',
    seconds: 900,
    ports: ['ledger', 'tests', 'frontDoors', 'alarms'],
    asks: ['endsBakes'],
  },
  'open-gate': {
    description: 'Opens a firebreak or a go/no-go',
    role: 'own',
    seconds: 30,
    ports: ['ledger'],
    asks: ['answersGates'],
  },
  'match-capacity': {
    description: 'Gives a slot as much capacity as the live one has',
    role: 'capacity',
    seconds: CAPACITY_TIMEOUT_SECONDS,
    ports: ['ledger', 'capacity', 'targets'],
  },
  'keep-capacity': {
    description: 'Lowers slots that serve nobody, and raises one before a roll back to it',
    role: 'capacity',
    seconds: CAPACITY_TIMEOUT_SECONDS,
    ports: ['ledger', 'plans', 'capacity', 'targets', 'machines'],
    asks: ['movesTraffic'],
  },
  'move-traffic': {
    description: 'The one writer of live rules: shifts, and rolls back',
    role: 'traffic',
    seconds: WRITER_TIMEOUT_SECONDS,
    ports: ['ledger', 'liveRule', 'alarms', 'targets'],
    asks: ['givesTurns'],
    ledger: ['commits', 'entries'],
  },
  'start-bake': {
    description: 'Begins to watch a step of the traffic',
    role: 'observer',
    seconds: 120,
    ports: ['ledger', 'alarms'],
    asks: ['answersGates', 'endsBakes'],
  },
  'read-gates': {
    description: 'Reads the health gates of a slot',
    role: 'observer',
    seconds: 300,
    ports: ['ledger', 'alarms', 'health', 'metrics', 'tests', 'frontDoors'],
  },
  accept: {
    description: 'Makes a release the live one of its environment',
    role: 'traffic',
    seconds: 60,
    ports: ['ledger', 'liveRule', 'alarms'],
    asks: ['givesTurns'],
    ledger: ['commits', 'entries'],
  },
  stop: {
    description: 'Ends a release in an environment where it has moved nobody',
    role: 'own',
    seconds: 60,
    ports: ['ledger'],
    asks: ['givesTurns'],
    ledger: ['commits', 'entries'],
  },
  finish: {
    description: 'Records how a release ended',
    role: 'own',
    seconds: 60,
    ports: ['ledger'],
    asks: ['givesTurns'],
    ledger: ['commits', 'entries'],
  },
  retire: {
    description:
      'Removes the slots of an environment that is taken out, or ends that with a ticket; says how stacks of slots are, and removes one that is stuck',
    role: 'deployer',
    seconds: 900,
    ports: ['ledger', 'slots', 'targets'],
  },
  'alarm-raised': {
    description: 'Ends the bake of the slot whose alarm fires',
    role: 'own',
    seconds: 60,
    ports: ['ledger', 'plans'],
    asks: ['endsBakes'],
  },
  reconcile: {
    description: 'Brings an environment back to its last accepted release when a workflow died',
    role: 'own',
    seconds: SAFETY_NET_TIMEOUT_SECONDS,
    ports: ['ledger', 'machines'],
    asks: ['movesTraffic', 'answersGates'],
    ledger: ['commits', 'entries'],
  },
  doctor: {
    description: 'Looks for what is not as the ledger says, and raises a ticket for what stays so',
    role: 'observer',
    seconds: 240,
    ports: ['ledger', 'plans', 'frontDoors', 'targets', 'machines', 'repairs'],
    asks: ['movesTraffic', 'asksOfSlots', 'looksAtExecutions'],
    ledger: ['commits', 'entries', 'lists'],
  },
  sweep: {
    description: 'Delivers the answers and events that a crash left in the outbox',
    role: 'own',
    seconds: 55,
    ports: ['ledger', 'machines', 'bus'],
    asks: ['answersGates', 'endsBakes'],
    ledger: ['entries'],
  },
  api: {
    description: 'Answers the API of the path to live',
    role: 'observer',
    // An HTTP API waits 30 seconds at most, https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html.
    seconds: 30,
    ports: ['ledger', 'plans', 'frontDoors', 'bundles', 'templates', 'machines', 'targets', 'repairs', 'bus'],
    asks: ['startsReleases', 'retires', 'contracts', 'movesTraffic', 'raisesSlots', 'asksOfSlots', 'looksAtExecutions', 'answersGates', 'endsBakes'],
    ledger: ['commits', 'entries', 'lists'],
  },
  submit: {
    description: 'Takes submissions from pipelines that do not call the API',
    role: 'observer',
    seconds: 60,
    ports: ['ledger', 'plans', 'bundles', 'templates', 'machines', 'bus'],
    asks: ['startsReleases'],
    ledger: ['commits', 'entries'],
  },
} satisfies Record<string, HubFunctionEntry>;

/** Name of a handler of the hub. */
export type HubFunctionName = keyof typeof HUB_FUNCTIONS;
