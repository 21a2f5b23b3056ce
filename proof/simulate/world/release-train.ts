import type { AuditEvent } from '../../../lambda/domain/model';
import type { InMemoryPorts } from '../../../test/lambda/in-memory-ports';
import { publish } from '../../../test/lambda/submission-body';
import { bodyOf } from './attempts';
import { Emergencies } from './emergencies';
import { inOutage } from './in-outage';
import { GOOD, type Plot, plotOf } from './plot';
import type { World } from './world';

const VERSIONS = ['1.1.0', '1.2.0', '1.3.0'];
const PAUSE_MS = [60_000, 3_600_000] as const;
const CLOSE_MS = [0, 900_000] as const;

/** What some worlds have beside releases that come by themselves. */
type Special = 'emergency' | 'incident' | 'nothing';
const FIX_FORWARD = { fixForward: 'the database is asked too much, and this asks less' };
const EMERGENCY = { emergency: 'users cannot pay' };

/** Which releases come, and when: one after the other, or close together. */
export class ReleaseTrain {
  private readonly versions: readonly string[];
  private readonly isCrowded: boolean;
  private readonly special: Special;
  private readonly emergencies: Emergencies | undefined;
  private left: number;
  private hasFailed = false;

  constructor(private readonly world: World) {
    const { chance } = world;
    this.special = specialOf(world);
    this.versions = VERSIONS.slice(0, chance.between(1, this.special === 'emergency' ? 2 : 3));
    this.emergencies = this.special === 'emergency' ? new Emergencies(world, (version) => this.submit(version, false)) : undefined;
    this.isCrowded = this.special === 'emergency' || (this.special === 'nothing' && this.versions.length > 1 && chance.happens(0.4));
    this.left = chance.between(0, 2);
  }

  /** Whether something may fail that every version needs. */
  get mayFail(): boolean {
    return this.special === 'incident';
  }

  begin(): void {
    this.emergencies?.begin();
    if (!this.isCrowded) this.submitSoon(0);
    else for (const index of this.versions.keys()) this.submitSoon(index, CLOSE_MS);
  }

  happened(event: AuditEvent): void {
    this.emergencies?.happened(event);
    this.world.incident.happened(event);
    const { what, release, detail } = event;
    const { attempts, chance, bundles } = this.world;
    const attempt = attempts.of(release);
    if (what === 'ReleaseSubmitted' && attempt?.plot.kind === 'has a file that changes') {
      const { template } = attempt.body.bundle.stacks.find(({ environment }) => environment === attempt.plot.environment) ?? {};
      if (template) bundles.files.set(`${template.bucket}/${template.key}`, 'of another content');
    }
    if (what !== 'ReleaseFinished' || !attempt) return;
    const mayComeAgain = detail.outcome !== 'live' && this.left > 0 && chance.happens(0.3);
    if (mayComeAgain) {
      this.left -= 1;
      this.submitSoon(this.versions.indexOf(release), PAUSE_MS, true);
    } else if (!this.isCrowded) this.submitSoon(this.versions.indexOf(release) + 1);
  }

  private submitSoon(index: number, within: readonly [number, number] = PAUSE_MS, again = false): void {
    const version = this.versions[index];
    const { timeline, chance } = this.world;
    if (version === undefined) return;
    timeline.after(chance.between(...within), () => {
      timeline.running = true;
      this.submit(version, again);
    });
  }

  private submit(version: string, again: boolean): void {
    const { world } = this;
    const { path, chance, attempts, people, timeline } = world;
    const known = attempts.of(version);
    // What is never in anybody's way is no emergency's business.
    const isGood = again || (this.special === 'emergency' && chance.happens(0.5));
    const drawn = isGood ? GOOD(path.plans) : plotOf(chance, path.plans);
    const mayAlter = path.plans.some(({ firebreak }) => firebreak?.when.includes('altersSchema'));
    // What came before without a change that asks for a firebreak has none this time either.
    const isAsked = !mayAlter || !known || known.body.changes?.includes('altersSchema') === true;
    const like = drawn.kind.endsWith('the firebreak') && !isAsked ? GOOD(path.plans) : inOutage(world, drawn, version);
    const isForward = this.goesForward(version);
    const plot = this.inIncident(like, isForward, version);
    const alters = mayAlter && (plot.kind.endsWith('the firebreak') || chance.happens(0.5));
    const changes = known?.body.changes ?? (alters ? ['altersSchema'] : []);
    const isEmergency = !this.versions.includes(version);
    const says = { changes, ...(isForward && FIX_FORWARD), ...(isEmergency && EMERGENCY) };
    const body = bodyOf(path.name, version, path.plans, says);
    const sent = again ? bodyOf(path.name, version, path.plans, { ...says, again }) : body;
    publish({ bundles: world.bundles } as unknown as InMemoryPorts, body);
    for (const { template } of body.bundle.stacks) world.templates.migrations.set(`${template.bucket}/${template.key}`, world.brought.by(version));
    attempts.plan({ version, plot, body, isCrowded: this.isCrowded || this.mayMeetSomebody() });
    world.tell('pipeline', `submits ${version}, which ${plot.kind === 'good' ? 'is good' : plot.kind} (${plot.environment})`);
    // The ledger has whole milliseconds.
    const asked = Math.floor(timeline.now);
    people.ask('Pipeline', 'POST /releases', sent, {
      answered: ({ status, code }) => {
        // Asked again because no answer came, and taken by then; or come by a second time, and not said so.
        const wasTaken = (attempts.of(version)?.submittedAt ?? 0) >= asked || (!again && known !== undefined);
        const mayBeInside = code === 'StillInside' && world.isStormy;
        if (status !== 200 && !wasTaken && !mayBeInside) world.broken('what may be submitted is taken', `${version}: ${status} ${code}`);
      },
    });
  }

  /** Something that every version needs may fail right before: most who know that say so. */
  private goesForward(version: string): boolean {
    const { chance, incident } = this.world;
    if (this.mayFail && !this.hasFailed && (version !== VERSIONS[0] || chance.happens(0.5))) {
      this.hasFailed = true;
      incident.begin();
    }
    return incident.environment !== undefined && chance.happens(0.75);
  }

  /** A release that does not say so is stopped by it, where it comes that far; of those that do, some have what failed before fail anew. */
  private inIncident(plot: Plot, isForward: boolean, version: string): Plot {
    const { chance, incident, path, records } = this.world;
    const { environment } = incident;
    // Where it is live already it only passes by.
    if (environment === undefined || records.environment(environment).live?.version === version) return plot;
    if (isForward) {
      if (plot.kind !== 'good' || chance.happens(0.6)) return plot;
      const kind = chance.oneOf(['raises anew an alarm of before', 'makes worse what fired before'] as const);
      return inOutage(this.world, { kind, environment, ends: 'rolledBack', isBad: true }, version);
    }
    const place = (name: string) => path.plans.findIndex((plan) => plan.environment === name);
    const comesSoFar = plot.kind === 'good' || place(plot.environment) >= place(environment);
    return comesSoFar && plot.ends !== undefined ? { ...plot, ends: 'stopped' } : plot;
  }

  /** Somebody may be taking an earlier version back just then. */
  private mayMeetSomebody(): boolean {
    return this.world.attempts.all.some(({ plot }) => plot.kind === 'is rolled back by a person');
  }
}

/** A path on which releases wait for their turn has more of what they wait for. */
function specialOf({ chance, path }: World): Special {
  const isInTurn = path.plans.some(({ concurrency }) => concurrency !== undefined);
  return chance.weighted<Special>([
    [isInTurn ? 3 : 1, 'emergency'],
    [1, 'incident'],
    [7, 'nothing'],
  ]);
}
