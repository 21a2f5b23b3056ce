/** What must hold where a release breaks what the live version needs: by what the shared state really is, and what people really asked for. */
import type { EnvironmentPlan, MigrationRequest } from '../../../lambda/contract';
import type { EnvironmentState } from '../../../lambda/domain/model';
import type { Attempt } from './attempts';
import type { World } from './world';

/** Longer than from a decision to what it begins, whatever happens to the call. */
const LATE_MS = 40_000;

export class Outages {
  /** Since when users are out, or were before a release got them that may still go back. */
  private readonly since = new Map<string, number>();
  /** Who has taken users out, or changed the shared state: firebreaks are on for them, whatever those are for. */
  private readonly takers = new Set<Attempt>();
  /** Versions that users were given because a person has said so, whatever they understand. */
  private readonly saidSo = new Map<string, string>();

  constructor(private readonly world: World) {}

  changed({ environment, outage: was }: EnvironmentState, { outage: is }: EnvironmentState): void {
    if (was && !is) this.since.delete(environment);
  }

  /** What breaks the live version, or takes that back, is about to change the shared state. */
  migrates(plan: EnvironmentPlan, { migration, release, undo }: MigrationRequest): void {
    const { environment } = plan;
    const { traffic, records, timeline, jumpedAt, isByHand, brought } = this.world;
    if (isByHand.has(environment)) return;
    const about = `${undo ? 'what takes back ' : ''}${migration} of ${release} in ${environment}`;
    const served = plan.slots.find(({ stackName }) => traffic.isServed(plan, stackName));
    if (served && !this.isAskedBack(environment)) this.broken('nothing changes the shared state under users', `${about}: ${served.stackName} has some`);
    this.saidSo.delete(environment);
    const attempt = this.world.attempts.of(release);
    if (attempt) this.takers.add(attempt);
    const { beganAt, until } = records.environment(environment).outage ?? {};
    const longest = (brought.migration?.runner.timeoutSeconds ?? 0) * 1_000;
    if (undo || until === undefined || timeline.now + longest <= Date.parse(until) + LATE_MS || jumpedAt > Date.parse(beganAt ?? '')) return;
    this.broken('nothing is begun in an outage that may not be over in time', `${about}, and the outage was to end at ${until}`);
  }

  /** The hub's writer has left users to no slot. @param missing whose acceptance an attempt lacks */
  out(environment: string, { live, lock, outage }: EnvironmentState, missing: (attempt: Attempt) => string | undefined): void {
    if (live === undefined) return;
    const attempt = lock && this.world.attempts.of(lock.release);
    if (!this.since.has(environment)) {
      this.since.set(environment, this.world.timeline.now);
      if (attempt) this.takers.add(attempt);
    }
    if (!attempt || !outage) this.broken('users are out only for a release that has the environment', `${environment}: ${lock?.release ?? 'nobody'} has it`);
    const lacks = attempt && missing(attempt);
    if (lacks !== undefined) this.broken('nobody is out without every acceptance', `${attempt?.version} in ${environment} lacks ${lacks}`);
  }

  /** The hub's writer has given users a version. */
  gets(environment: string, version: string): void {
    const found = this.notUnderstood(environment, version);
    if (found === undefined || this.saidSo.get(environment) === version) return;
    if (this.isAskedBack(environment)) this.saidSo.set(environment, version);
    else this.broken('users get no version that does not understand the shared state, unless a person says so', `${version} in ${environment}: ${found}`);
  }

  /** Whether it needs an outage, and does not only go on with one that another has left, with nothing to change. */
  isTaker(attempt: Attempt): boolean {
    return this.takers.has(attempt);
  }

  /** Nothing is due any more. */
  atRest({ environment, outage, lock }: EnvironmentState): void {
    if (!outage || lock) return;
    if (outage.over) this.broken('no outage is left that is over', `${environment}: ${JSON.stringify(outage)}`);
    // Of an attempt before, where a later one has not come so far as to change anything.
    const events = this.world.attempts.all.flatMap(({ version, events: own }) => (version === outage.release ? own : []));
    const isTold = events.some(
      (event) => event.what === 'TicketRaised' && event.environment === environment && String(event.detail.actual).includes('have had no version since'),
    );
    if (!isTold) this.broken('users stay out only where a ticket says so', `${environment}: ${JSON.stringify(outage)}`);
  }

  private notUnderstood(environment: string, version: string): string | undefined {
    const { brought, migrations } = this.world;
    if (brought.breaking === undefined) return undefined;
    const is = migrations.of(environment, brought.breaking);
    return is === (brought.isBroughtBy(version) ? 'all' : 'nothing') ? undefined : `of ${brought.breaking} there is ${is}`;
  }

  /** A person has asked for the roll back since users are out. */
  private isAskedBack(environment: string): boolean {
    const since = this.since.get(environment);
    return since !== undefined && this.world.people.has('ReleaseManager', `POST /environments/${environment}/roll-back`, since, {});
  }

  private broken(rule: string, found: string): void {
    this.world.broken(rule, found);
  }
}
