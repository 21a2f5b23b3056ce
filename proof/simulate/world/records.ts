import type { AuditEvent, Change, EnvironmentState, Gate, Release } from '../../../lambda/domain/model';
import type { Cast } from './cast';
import type { Judge } from './judge';
import type { ReleaseTrain } from './release-train';
import type { Schedules } from './schedules';
import type { World } from './world';

/** Who looks at what the ledger takes in. */
export interface Readers {
  readonly judge: Judge;
  readonly cast: Cast;
  readonly train: ReleaseTrain;
  readonly schedules: Schedules;
}

/** What the ledger holds, as it was last seen, for all who look at what changes in it. */
export class Records {
  private readonly environments = new Map<string, EnvironmentState>();
  private readonly gates = new Map<string, Gate>();
  private readonly releases = new Map<string, Release>();

  constructor(
    private readonly world: World,
    private readonly readers: Readers,
  ) {}

  environment(name: string): EnvironmentState {
    return this.environments.get(name) ?? { kind: 'environment', revision: 0, environment: name, slots: {}, weights: {} };
  }

  gatesOf(release: string, environment: string | undefined): Gate[] {
    return [...this.gates.values()].filter((gate) => gate.release === release && gate.environment === environment);
  }

  /** Releases on their way. */
  inFlight(): Release[] {
    return [...this.releases.values()].filter(({ status }) => status === 'submitted');
  }

  /** How an environment was before the first release of the story. */
  begin(state: EnvironmentState): void {
    this.environments.set(state.environment, state);
  }

  /** One transaction. */
  committed(change: Change): void {
    for (const item of change.put) {
      if (item.kind === 'environment') this.environmentChanged(item);
      if (item.kind === 'gate') this.gateChanged(item);
      if (item.kind === 'release') this.releases.set(item.version, item);
    }
    for (const event of change.audit) this.happened(event, change);
  }

  private happened(event: AuditEvent, { put }: Change): void {
    const { path, attempts } = this.world;
    const { judge, cast, train } = this.readers;
    const release = put.find((item): item is Release => item.kind === 'release' && item.version === event.release);
    const users = path.plans.at(-1)?.environment ?? '';
    this.world.tell('ledger', () => `${event.what} ${event.release} ${event.environment ?? ''} ${JSON.stringify(event.detail)}`);
    attempts.happened(event, release?.reached[users] === 'live');
    judge.happened(event);
    cast.happened(event);
    train.happened(event);
  }

  private environmentChanged(after: EnvironmentState): void {
    const before = this.environment(after.environment);
    this.environments.set(after.environment, after);
    this.readers.judge.environmentChanged(before, after);
    this.readers.schedules.environmentChanged(before, after);
  }

  private gateChanged(after: Gate): void {
    const key = `${after.release} ${after.environment} ${after.gate}`;
    const before = this.gates.get(key);
    this.gates.set(key, after);
    this.readers.judge.gateChanged(before, after);
    this.readers.cast.gateChanged(before, after);
  }
}
