import { type EnvironmentPlan, type MigrationRequest, ORIGINAL, type SlotPlan } from '../../../lambda/contract';
import type { AuditEvent, EnvironmentState, Gate } from '../../../lambda/domain/model';
import type { RuleHeld } from '../../../lambda/domain/ports';
import { step } from '../../../lambda/domain/steps/step';
import { session } from '../../../test/lambda/example-gate';
import { targetGroupOf } from '../../../test/lambda/fake-slots';
import { firingUnder } from './alarmed';
import type { Attempt } from './attempts';
import { cameBack, evictedBy, staysAway } from './evicted';
import { Outages } from './outages';
import type { World } from './world';

/** Who speaks for whom, as the world knows it: not as the rules under test read it. */
const SPEAKS: Readonly<Record<string, string>> = { 'service management': 'OnCall', product: 'Product', 'change authority': 'ChangeAuthority' };
/** A ticket of one whose place another has taken, which is nothing to mend. */
const TAKEN = /^(evicted|superseded) by/;
/** Tickets of what is live, or of a roll back that cannot be, not of the release's end. */
const OTHER_TICKETS = new Set(['a live release', 'the accepted target', 'the roll back target']);

/** What must hold in every world: at each step where that is cheap, and when everything has come to rest. */
export class Judge {
  /** Since when an attempt has had users in an environment. */
  private readonly served = new Map<string, number>();
  private readonly outages: Outages;
  private readonly broken = (rule: string, found: string) => this.world.broken(rule, found);

  constructor(private readonly world: World) {
    this.outages = new Outages(world);
  }

  happened(event: AuditEvent): void {
    const { attempts, records } = this.world;
    if (event.what !== 'ReleaseSuperseded' && event.what !== 'ReleaseSubmitted') return;
    const attempt = attempts.of(event.release);
    if (!attempt) return;
    if (event.what === 'ReleaseSubmitted') cameBack(this.broken, attempts, attempt);
    else evictedBy(this.broken, attempts, attempt, event, records.gatesOf(event.release, event.environment));
  }

  environmentChanged(before: EnvironmentState, after: EnvironmentState): void {
    const { environment } = after;
    if (before.lock && after.lock && before.lock.execution !== after.lock.execution) {
      this.broken('one owner of the lock at a time', `${environment}: ${before.lock.execution} had it, and now ${after.lock.execution} has`);
    }
    const isHeld = before.lease !== undefined && before.lease.expiresAt > this.world.timeline.text();
    const [was, is] = [before.lease?.fence ?? 0, after.lease?.fence ?? 0];
    if (is < was || (is > was && isHeld)) this.broken('one writer at a time', `${environment}: lease ${was} is held, and now ${is} is`);
    const sum = Object.values(after.weights).reduce((total, weight) => total + weight, 0);
    if (sum !== 100 && sum !== 0) this.broken('weights sum to the whole', `${environment}: ${JSON.stringify(after.weights)}`);
    const isGivenBack = before.lease && before.lease.expiresAt !== '' && after.lease?.expiresAt === '';
    const { rules, isByHand } = this.world;
    if (isGivenBack && !isByHand.has(environment) && rules.of(environment).kind === 'apart')
      this.broken('rules that are moved as one hold the same when their writer is done', `${environment}: ${JSON.stringify(rules.of(environment))}`);
    this.outages.changed(before, after);
    const { live, lock } = after;
    const intended = lock?.intended;
    // Whom an outage leaves without a version is not kept out by a freeze, nor is anybody let in again on the way back.
    const isOut = before.outage !== undefined && (!before.outage.over || after.outage?.goesBack === true);
    if (before.freeze && !isOut && intended && intended !== before.lock?.intended)
      this.broken('no release gets more users under a freeze', `${environment}: ${lock.release} is to have ${JSON.stringify(intended)}`);
    if (live && live.version !== before.live?.version && this.isBad(live.version, environment)) {
      this.broken('a bad version never is live', `${live.version} is recorded as live in ${environment}`);
    }
  }

  gateChanged(before: Gate | undefined, after: Gate): void {
    const known = before?.execution === after.execution && before.percent === after.percent ? before.decisions.length : 0;
    for (const { by, party, decision, digest } of after.decisions.slice(known)) {
      const role = SPEAKS[party] ?? 'nobody';
      const route = `POST /releases/${after.release}/decisions`;
      const isTheirs = by === session(role) && this.world.people.has(role, route, 0, { environment: after.environment, decision, digest });
      if (!isTheirs) this.broken('nobody decides for somebody else', `${by} is recorded to ${decision} ${after.release} for ${party}`);
    }
  }

  /** The hub's writer has written the live rule. */
  ruleWritten(plan: EnvironmentPlan, state: EnvironmentState, targets: RuleHeld): void {
    const { environment, slots, plannedOutage } = plan;
    if (!state.lease || state.lease.expiresAt === '') this.broken('one writer at a time', `the live rule of ${environment} is written without a lease`);
    if (state.goingBack && !state.lock?.shifted) this.goesBack(environment, state, targets);
    if (plannedOutage && targets.kind === 'other') this.outages.out(environment, state, (attempt) => this.missing(attempt, environment));
    if (targets.kind !== 'slots') return;
    const sum = Object.values(targets.weights).reduce((total, weight) => total + weight, 0);
    if (sum !== 100) this.broken('weights sum to the whole', `the live rule of ${environment}: ${JSON.stringify(targets.weights)}`);
    for (const [arn, share] of Object.entries(targets.weights)) {
      if (arn === this.world.path.original) continue;
      const slot = slots.find(({ stackName }) => targetGroupOf(stackName) === arn);
      const version = slot && this.world.stacks.holds.get(slot.stackName);
      if (plannedOutage && version !== undefined) this.outages.gets(environment, version);
      if (version === undefined) this.broken('traffic goes to slots that hold a version', `${environment}: ${arn}`);
      else if (version !== state.live?.version && version !== state.previous?.version) this.mayBeShifted(environment, state, version, share, slot);
    }
  }

  /** What breaks the live version, or takes that back, is about to change the shared state. */
  migrates(plan: EnvironmentPlan, request: MigrationRequest): void {
    if (request.migration === this.world.brought.breaking) this.outages.migrates(plan, request);
  }

  /** Somebody takes users from what is live, or has begun to: they are not to be given it again. */
  private goesBack(environment: string, { previous, slots }: EnvironmentState, targets: RuleHeld): void {
    const arn = slots[previous?.colour ?? '']?.targetGroupArn ?? '';
    if (targets.kind !== 'slots' || targets.weights[arn] !== 100)
      this.broken('a roll back that has begun is gone on with', `${environment}: ${JSON.stringify(targets)}`);
  }

  /** From here on the stack holds another version. */
  overwritten(plan: EnvironmentPlan, stackName: string, version: string): void {
    if (!this.world.isByHand.has(plan.environment) && this.world.traffic.isServed(plan, stackName)) {
      this.broken('no slot is deployed to that serves', `${version} to ${stackName}`);
    }
  }

  private mayBeShifted(environment: string, { lock, live }: EnvironmentState, version: string, share: number, slot: SlotPlan | undefined): void {
    if (lock?.release !== version) this.broken('traffic goes to what is live, was live, or holds the lock', `${environment}: ${version}`);
    const attempt = this.world.attempts.of(version);
    if (attempt?.isAborted) this.broken('what is aborted gets no traffic', `${version} in ${environment}`);
    if (attempt?.events.some(({ what }) => what === 'ReleaseSuperseded'))
      this.broken('whose place another takes gets no traffic', `${version} in ${environment}`);
    if (attempt && slot) this.alarmed(environment, attempt, slot);
    // With nothing to share with, the first step takes all of it.
    const missing = attempt && (this.missing(attempt, environment) ?? (live && this.undecided(attempt, environment, share)));
    if (missing !== undefined) this.broken('no traffic without every acceptance', `${version} in ${environment} lacks ${missing}`);
  }

  private alarmed(environment: string, attempt: Attempt, slot: SlotPlan): void {
    const { version, number } = attempt;
    const key = `${version} ${number} ${environment}`;
    const since = this.served.get(key) ?? this.world.timeline.now;
    this.served.set(key, since);
    const alarm = firingUnder(this.world, slot, attempt, since);
    if (alarm !== undefined) this.broken('no traffic while an alarm fires, but what fired before a fix-forward', `${version} in ${environment}: ${alarm}`);
  }

  /** Whose acceptance an attempt lacks. */
  private missing(attempt: Attempt, environment: string): string | undefined {
    const { people, path } = this.world;
    const plan = path.plans.find((each) => each.environment === environment);
    const { version, body, submittedAt } = attempt;
    const firebreak = plan?.firebreak;
    const asked =
      firebreak && (this.outages.isTaker(attempt) || firebreak.when.length === 0 || firebreak.when.some((change) => body.changes?.includes(change)))
        ? firebreak
        : undefined;
    const parties = [...(asked?.parties ?? []), ...(plan?.goNoGo ? [plan.goNoGo.party] : [])];
    const wanted = { environment, decision: 'accept', digest: body.digest };
    const party = parties.find(({ name }) => !people.has(SPEAKS[name] ?? '', `POST /releases/${version}/decisions`, submittedAt, wanted));
    if (party) return `the acceptance of ${party.name}`;
    const resumed = asked?.resumes !== 'byReleaseManager' || people.has('ReleaseManager', `POST /releases/${version}/resume`, submittedAt, { environment });
    return resumed ? undefined : 'a release manager who resumes it';
  }

  /** A pause on the way to this share at which nobody has accepted. */
  private undecided({ version, body, submittedAt }: Attempt, environment: string, share: number): string | undefined {
    const { people, path } = this.world;
    const passed = path.plans.find((plan) => plan.environment === environment)?.steps.filter(({ percent, pause }) => pause && percent < share) ?? [];
    const wanted = { environment, decision: 'accept', digest: body.digest, gate: 'pause' };
    const route = `POST /releases/${version}/decisions`;
    const left = passed.find(({ pause }) => !people.has(SPEAKS[pause?.party.name ?? ''] ?? '', route, submittedAt, wanted));
    return left && `the acceptance at the pause at ${left.percent} percent`;
  }

  /** Nothing is due any more. */
  async atRest(): Promise<void> {
    const { engine, ledger, path, hub } = this.world;
    for (const execution of engine.running()) this.broken('every execution ends', execution.arn);
    if (engine.waiting() > 0) this.broken('no token is left unanswered', `${engine.waiting()} are`);
    if (hub.givenUp.length > 0) this.broken('nothing is given up', JSON.stringify(hub.givenUp));
    const outbox = await ledger.outbox();
    if (outbox.length > 0) this.broken('the outbox is empty', `${outbox.length} deliveries are in it`);
    for (const gate of await ledger.waitingGates())
      this.broken('no gate waits for nobody', `${gate.gate} of ${gate.release} in ${gate.environment} is ${gate.status}`);
    for (const release of await ledger.releasesInFlight()) this.broken('every release ends', `${release.version} is on its way`);
    const { overlaps } = this.world.migrations;
    if (overlaps > 0) this.broken('a migration never runs twice at once', `one was started ${overlaps} times while another of it ran`);
    for (const plan of path.plans) this.environmentAtRest(plan, await ledger.environment(plan.environment));
    for (const attempt of this.world.attempts.all) {
      this.attemptAtRest(attempt);
      staysAway(this.broken, this.world.attempts, attempt);
      await this.wavesAtRest(attempt);
    }
  }

  private environmentAtRest(plan: EnvironmentPlan, state: EnvironmentState): void {
    const { world } = this;
    const { environment } = plan;
    const { live, lock, bake, lease, waiting = [], rollBackRequested = state.goingBack } = state;
    if (lock) this.broken('every lock is free', `${environment}: ${lock.execution}`);
    if (!lock && !rollBackRequested && lease && lease.expiresAt !== '')
      this.broken('no lease of a dead writer keeps releases out', `${environment}: ${JSON.stringify(lease)}`);
    if (waiting.length > 0) this.broken('nobody waits for a turn that never comes', `${environment}: ${JSON.stringify(waiting)}`);
    if (bake) this.broken('no bake is left', `${environment}: ${JSON.stringify(bake)}`);
    const isGone = world.rules.of(environment).kind === 'gone';
    if (rollBackRequested && !(isGone && state.goingBack)) this.broken('no roll back is left', `${environment}: ${JSON.stringify(rollBackRequested)}`);
    const slot = live && state.slots[live.colour];
    if (live && slot?.version !== live.version) this.broken('what is live is in its slot', `${environment}: ${live.version}, slot: ${slot?.version}`);
    const stack = plan.slots.find(({ colour }) => colour === live?.colour)?.stackName;
    const holds = live?.colour === ORIGINAL ? ORIGINAL : world.stacks.holds.get(stack ?? '');
    if (live && holds !== live.version) this.broken('what is live is in its stack', `${environment}: ${live.version}, stack: ${holds}`);
    this.outages.atRest(state);
    if (world.isByHand.has(environment)) return;
    const targets = world.rules.of(environment);
    const before = world.path.original === '503' ? {} : { [world.path.original]: 100 };
    const wanted = state.outage ? {} : slot ? { [slot.targetGroupArn]: 100 } : before;
    const found = targets.kind === 'slots' ? targets.weights : {};
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
      this.broken('all traffic is on what is live', `${environment}: live is ${live?.version}, the live rule holds ${JSON.stringify(found)}`);
    }
  }

  private attemptAtRest(attempt: Attempt): void {
    const { finished, plot, isAborted, isTakenBack, rollBacks, isCrowded, events } = attempt;
    const name = `${attempt.version}, attempt ${attempt.number}, which ${plot.kind === 'good' ? 'is good' : plot.kind} (${plot.environment})`;
    const ends = events.filter(({ what }) => what === 'ReleaseFinished');
    // Submitted once more when the environment had recorded its end, and the path had not: nobody records it any more.
    if (ends.length === 0 && this.world.attempts.of(attempt.version) !== attempt) return;
    if (ends.length !== 1 || finished === undefined) {
      this.broken('every release ends once', `${name}: ${ends.length} times`);
      return;
    }
    if (isAborted && finished === 'live') this.broken('what is aborted does not go live', name);
    for (const environment of rollBacks)
      if (this.wentLive(events, environment)) this.broken('what is to roll back does not go live', `${name} in ${environment}`);
    const tickets = events.filter(({ what, detail }) => what === 'TicketRaised' && !OTHER_TICKETS.has(String(detail.subject)));
    const superseded = events.find(({ what }) => what === 'ReleaseSuperseded');
    if (superseded) this.supersededAtRest(name, attempt, superseded);
    const wanted = finished === 'live' ? 0 : 1;
    // Another has taken its place: nothing is to be mended, unless it has failed just then, or somebody has aborted it.
    const isOdd = tickets.length <= 1 && (isTakenBack || (superseded && !tickets.some(({ detail }) => TAKEN.test(String(detail.actual)))));
    if (tickets.length !== wanted && !isOdd) {
      this.broken(
        'one ticket for each failure',
        `${name}, ${finished}: ${tickets.length} tickets: ${tickets.map(({ detail }) => `${detail.step}: ${detail.actual}`).join(' | ')}`,
      );
    }
    if (this.world.isStormy || isTakenBack || plot.ends === undefined) return;
    // Whether it needs an outage depends on who was there before, and what it is then on when somebody asked.
    if (this.world.brought.breaking !== undefined && (isCrowded || rollBacks.size > 0)) return;
    const wasBack = events.some(({ what, detail }) => what === 'ReleaseRolledBack' && detail.failedIn !== undefined);
    const predicted = rollBacks.size > 0 || wasBack ? 'rolledBack' : isAborted ? 'stopped' : plot.ends;
    if (finished !== predicted && !(isCrowded && finished === 'stopped'))
      this.broken('a release ends as its story says', `${name}: ${finished}, not ${predicted}`);
  }

  private supersededAtRest(name: string, { finished, events }: Attempt, superseded: AuditEvent): void {
    // What died as it was to move somebody goes back, whoever's place it is by then.
    if (finished !== 'stopped' && !(finished === 'rolledBack' && this.world.isStormy)) this.broken('whose place is taken, stops', `${name}: ${finished}`);
    const { environment } = superseded;
    const earlier = events.slice(0, events.indexOf(superseded));
    if (earlier.some((event) => event.what === 'TrafficShifted' && event.environment === environment))
      this.broken('another takes the place only of what has moved nobody', `${name} in ${environment}`);
  }

  /** It went live in a wave, and not in all of them: it is not live there any more, or a ticket says that it stays. */
  private async wavesAtRest(attempt: Attempt): Promise<void> {
    const { version, events } = attempt;
    const { ledger, path, attempts } = this.world;
    // Another attempt may have made it live again.
    if (attempts.of(version) !== attempt) return;
    const live = (environment: string) => events.some((event) => event.what === 'ReleaseLive' && event.environment === environment);
    const waves = path.plans.filter(({ wave }) => wave);
    const passed = (environment: string) => events.some(({ detail, environment: where }) => detail.alreadyLive === true && where === environment);
    if (waves.every(({ environment }) => live(environment) || passed(environment))) return;
    for (const { environment } of waves.filter((plan) => live(plan.environment))) {
      const stays = events.some((event) => event.what === 'TicketRaised' && event.detail.step === step.rollBackWave(environment));
      if ((await ledger.environment(environment)).live?.version === version && !stays)
        this.broken('a release that fails in a wave is live in none', `${version} is live in ${environment}`);
    }
  }

  private wentLive(events: readonly AuditEvent[], environment: string): boolean {
    const requested = events.findIndex(({ what, environment: where }) => what === 'RollBackRequested' && where === environment);
    return events.slice(requested).some(({ what, environment: where }) => what === 'ReleaseLive' && where === environment);
  }

  private isBad(version: string, environment: string): boolean {
    const plot = this.world.attempts.plotOf(version);
    return plot?.isBad === true && plot.environment === environment;
  }
}
