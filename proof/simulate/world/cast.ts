import type { EnvironmentPlan } from '../../../lambda/contract';
import type { AuditEvent, Gate } from '../../../lambda/domain/model';
import type { Attempt } from './attempts';
import type { World } from './world';

const SPEAKS: Readonly<Record<string, string>> = { 'service management': 'OnCall', product: 'Product', 'change authority': 'ChangeAuthority' };
const STRANGERS = ['Stranger', 'Product', 'OnCall', 'ChangeAuthority'];
/** How a plot ends that is about what people say at a gate. */
const WHERE: Readonly<Record<Gate['gate'], readonly string[]>> = {
  firebreak: ['the firebreak'],
  goNoGo: ['the go/no-go'],
  pause: ['the pause'],
  inconclusive: ['too few requests'],
  contract: [],
  rollBackTarget: [],
};
const SOON_MS = [20_000, 900_000] as const;

/** People around the releases: they look at what happens, and say what the plot has them say. */
export class Cast {
  constructor(private readonly world: World) {}

  happened(event: AuditEvent): void {
    const attempt = this.world.attempts.of(event.release);
    if (!attempt) return;
    if (event.what === 'TrafficShifted') this.shifted(attempt, event.environment ?? '');
    if (event.what === 'OutageBegan' && attempt.plot.kind === 'is rolled back by a person')
      this.rollBackSoon(attempt, event.environment ?? '', [1_000, 600_000]);
    if (event.what === 'OutageBegan' && attempt.plot.kind === 'is aborted') this.abortOutSoon(attempt, event.environment ?? '');
    if (event.what === 'ReleaseStopped' && event.detail.outage === 'stays') this.endOutageSoon(event.environment ?? '');
    if (event.what === 'ReleaseSubmitted' && attempt.plot.kind === 'is aborted') this.abortSoon(attempt);
  }

  /** A gate has opened, or waits for another thing. */
  gateChanged(before: Gate | undefined, gate: Gate): void {
    const attempt = this.world.attempts.of(gate.release);
    if (!attempt) return;
    const isNew = before?.execution !== gate.execution || before.percent !== gate.percent;
    if (isNew && gate.status === 'open') for (const [index, { name }] of gate.parties.entries()) this.decideSoon(attempt, gate, name, index);
    if (gate.status === 'accepted' && before?.status !== 'accepted') this.resumeSoon(attempt, gate);
    if (isNew && this.world.chance.happens(0.15)) this.strangerSoon(attempt, gate);
  }

  private decideSoon(attempt: Attempt, { environment, gate, percent }: Gate, party: string, index: number): void {
    const { plot, version, body } = attempt;
    const isHere = plot.environment === environment && WHERE[gate].some((where) => plot.kind.endsWith(where));
    if (isHere && index === 0 && plot.kind.startsWith('waits')) return;
    const decision = isHere && index === 0 && /^(is refused|gets)/.test(plot.kind) ? 'refuse' : 'accept';
    const asked = { environment, decision, reason: `${party} looked at it`, digest: body.digest, gate, percent };
    const role = SPEAKS[party] ?? '';
    // PRODUCT speaks for product only, where it could be in more than one party.
    // What somebody says is about this attempt: by the next one they are asked anew, and may think otherwise.
    const still = () => this.world.attempts.of(version) === attempt;
    this.soon(() => this.world.people.ask(role, `POST /releases/${version}/decisions`, asked, { still }));
    // The same once more, as people do who are not sure: it must count once.
    if (this.world.chance.happens(0.1)) this.soon(() => this.world.people.ask(role, `POST /releases/${version}/decisions`, asked, { still }));
  }

  private resumeSoon({ version }: Attempt, { environment }: Gate): void {
    this.soon(() => this.world.people.ask('ReleaseManager', `POST /releases/${version}/resume`, { environment }));
  }

  /** Somebody who is in no party, or who speaks for another one. */
  private strangerSoon({ version, body }: Attempt, { environment, gate, percent, parties }: Gate): void {
    const { chance, people } = this.world;
    const party = chance.oneOf(parties).name;
    const role = chance.oneOf(STRANGERS.filter((each) => each !== SPEAKS[party]));
    const asked = { environment, decision: chance.oneOf(['accept', 'refuse']), reason: 'I can', digest: body.digest, party, gate, percent };
    this.soon(() =>
      people.ask(role, `POST /releases/${version}/decisions`, asked, {
        answered: ({ status }) => {
          if (status === 200) this.world.broken('nobody decides for somebody else', `${role} for ${party}`);
        },
      }),
    );
  }

  private abortSoon({ version }: Attempt): void {
    const { world } = this;
    world.timeline.after(world.chance.between(1_000, 2_400_000), () => {
      world.timeline.running = true;
      world.people.ask('ReleaseManager', `POST /releases/${version}/abort`, { reason: 'found a fault' });
    });
  }

  /** While users are out nobody has the release yet. */
  private abortOutSoon({ version }: Attempt, environment: string): void {
    const { timeline, chance, people, records } = this.world;
    const isOut = () => {
      const { outage, weights, lock } = records.environment(environment);
      return outage?.over === undefined && lock?.release === version && lock.intended === undefined && Object.keys(weights).length === 0;
    };
    timeline.after(chance.between(500, 120_000), () => {
      timeline.running = true;
      people.ask(
        'ReleaseManager',
        `POST /releases/${version}/abort`,
        { reason: 'found a fault' },
        {
          still: isOut,
          answered: ({ code }) => {
            if (code === 'AlreadyShifted' && isOut()) this.world.broken('a release may be aborted in an outage', `${version} in ${environment}`);
          },
        },
      );
    });
  }

  private shifted(attempt: Attempt, environment: string): void {
    const { plot, events } = attempt;
    const isFirst = events.filter(({ what, environment: where }) => what === 'TrafficShifted' && where === environment).length === 1;
    if (plot.kind === 'is rolled back by a person' && plot.environment === environment && isFirst) this.rollBackSoon(attempt, environment, [1_000, 2_000_000]);
  }

  private rollBackSoon({ version }: Attempt, environment: string, within: readonly [number, number]): void {
    const { timeline, chance } = this.world;
    timeline.after(chance.between(...within), () => {
      timeline.running = true;
      this.rollBack(environment, version);
    });
  }

  /** Users are out, and nothing ends that: somebody may say that they are to have what was live, whatever that understands. */
  private endOutageSoon(environment: string): void {
    const { timeline, chance, people, records } = this.world;
    if (!chance.happens(0.5)) return;
    const still = () => {
      const { outage, lock } = records.environment(environment);
      return outage !== undefined && lock === undefined;
    };
    timeline.after(chance.between(60_000, 3_600_000), () => {
      timeline.running = true;
      people.ask('ReleaseManager', `POST /environments/${environment}/roll-back`, { reason: 'it reads what it needs' }, { still });
    });
  }

  /** As long as the version that somebody wants out is the one that would go. */
  private rollBack(environment: string, version: string): void {
    const still = () => {
      const { lock, live, rollBackRequested } = this.world.records.environment(environment);
      return rollBackRequested === undefined && (lock ? lock.release === version && lock.shifted : live?.version === version);
    };
    this.world.people.ask('ReleaseManager', `POST /environments/${environment}/roll-back`, { reason: 'users complain' }, { still });
  }

  /**
   * The operator, when nothing moves any more and something is left: what a dead-letter queue holds is driven once more, a release whose machine was never
   * started is submitted once more, as `ptl doctor` finds it, and one that still holds an environment is told to go back until it has.
   * @returns whether there was anything to do
   */
  operate(plans: readonly EnvironmentPlan[]): boolean {
    const { world } = this;
    const unstarted = world.records.inFlight().filter(({ execution }) => !world.engine.executions.has(execution));
    const stuck = plans.filter(({ environment }) => this.isStuck(environment));
    if (world.hub.givenUp.length > 0) {
      world.hub.redrive();
      return true;
    }
    for (const { version } of unstarted) world.people.ask('Pipeline', 'POST /releases', world.attempts.of(version)?.body ?? {});
    for (const { environment } of stuck) world.people.ask('ReleaseManager', `POST /environments/${environment}/roll-back`, { reason: 'it is stuck' });
    return stuck.length + unstarted.length > 0;
  }

  /** A rule that somebody removed by hand is for others. */
  private isStuck(environment: string): boolean {
    const { lock, goingBack } = this.world.records.environment(environment);
    return lock !== undefined || (goingBack !== undefined && this.world.rules.of(environment).kind !== 'gone');
  }

  private soon(then: () => void): void {
    const { timeline, chance } = this.world;
    timeline.after(chance.between(...SOON_MS), () => {
      timeline.running = true;
      then();
    });
  }
}
