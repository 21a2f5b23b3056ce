import type { MigrationRunner, SlotMigration } from '../../../lambda/contract';
import type { AuditEvent } from '../../../lambda/domain/model';
import type { InMemoryPorts } from '../../../test/lambda/in-memory-ports';
import { publish } from '../../../test/lambda/submission-body';
import { bodyOf } from './attempts';
import { GOOD, plotOf } from './plot';
import type { World } from './world';

const VERSIONS = ['1.1.0', '1.2.0', '1.3.0'];
const PAUSE_MS = [60_000, 3_600_000] as const;
const CLOSE_MS = [0, 900_000] as const;
const EXPAND = { name: 'add-column', kind: 'expand' as const, content: 'c1' };
/** A function, or what is started and followed. */
const RUNNERS: readonly MigrationRunner[] = [
  { kind: 'lambda', functionName: 'add-column', timeoutSeconds: 60 },
  { kind: 'codeBuildProject', project: 'add-column', timeoutSeconds: 600 },
];

/** Which releases come, and when: one after the other, or close together. */
export class ReleaseTrain {
  private readonly versions: readonly string[];
  private readonly isCrowded: boolean;
  /** What runs the migration that all but the first bring; undefined: they bring none. */
  private readonly runner: MigrationRunner | undefined;
  private left: number;

  constructor(private readonly world: World) {
    const { chance, path } = world;
    this.versions = VERSIONS.slice(0, chance.between(1, 3));
    this.isCrowded = this.versions.length > 1 && chance.happens(0.4);
    const migrates = path.plans.some(({ roles }) => roles.migrate) && chance.happens(0.5);
    this.runner = migrates ? chance.oneOf(RUNNERS) : undefined;
    this.left = chance.between(0, 2);
  }

  begin(): void {
    if (!this.isCrowded) this.submitSoon(0);
    else for (const index of this.versions.keys()) this.submitSoon(index, CLOSE_MS);
  }

  /** What a version's templates say that it brings. */
  migrationsOf(version: string): readonly SlotMigration[] {
    return this.runner && version !== '1.0.0' ? [{ ...EXPAND, runner: this.runner }] : [];
  }

  happened({ what, release, detail }: AuditEvent): void {
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
    const drawn = again ? GOOD(path.plans) : plotOf(chance, path.plans);
    const mayAlter = path.plans.some(({ firebreak }) => firebreak?.when.includes('altersSchema'));
    // What came before without a change that asks for a firebreak has none this time either.
    const isAsked = !mayAlter || !known || known.body.changes?.includes('altersSchema') === true;
    const plot = drawn.kind.endsWith('the firebreak') && !isAsked ? GOOD(path.plans) : drawn;
    const alters = mayAlter && (plot.kind.endsWith('the firebreak') || chance.happens(0.5));
    const changes = known?.body.changes ?? (alters ? ['altersSchema'] : []);
    const body = bodyOf(path.name, version, path.plans, changes);
    publish({ bundles: world.bundles } as unknown as InMemoryPorts, body);
    for (const { template } of body.bundle.stacks) world.templates.migrations.set(`${template.bucket}/${template.key}`, this.migrationsOf(version));
    attempts.plan({ version, plot, body, isCrowded: this.isCrowded || this.mayMeetSomebody() });
    world.tell('pipeline', `submits ${version}, which ${plot.kind === 'good' ? 'is good' : plot.kind} (${plot.environment})`);
    // The ledger has whole milliseconds.
    const asked = Math.floor(timeline.now);
    people.ask('Pipeline', 'POST /releases', again ? { ...body, again } : body, {
      answered: ({ status, code }) => {
        // Asked again because no answer came, and taken by then; or come by a second time, and not said so.
        const wasTaken = (attempts.of(version)?.submittedAt ?? 0) >= asked || (!again && known !== undefined);
        const mayBeInside = code === 'StillInside' && world.isStormy;
        if (status !== 200 && !wasTaken && !mayBeInside) world.broken('what may be submitted is taken', `${version}: ${status} ${code}`);
      },
    });
  }

  /** Somebody may be taking an earlier version back just then. */
  private mayMeetSomebody(): boolean {
    return this.world.attempts.all.some(({ plot }) => plot.kind === 'is rolled back by a person');
  }
}
