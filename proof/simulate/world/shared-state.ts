import type { EnvironmentPlan, FunctionRunner, MigrationRequest, StartedRunner } from '../../../lambda/contract';
import type { MigrationRun } from '../../../lambda/domain/model';
import type { MigrationLook, Migrations } from '../../../lambda/domain/ports';
import type { Chance } from '../chance';
import type { Timeline } from '../timeline';
import type { PlotKind } from './plot';

/** What of a migration there is in the shared state of an environment, whatever the ledger says. */
export type Migrated = 'nothing' | 'half' | 'all';

export interface SharedStateProps {
  readonly timeline: Timeline;
  readonly chance: Chance;
  /** Whether the live version cannot go on with it. */
  readonly breaks: (migration: string) => boolean;
  readonly kindOf: (version: string, plan: EnvironmentPlan) => PlotKind | undefined;
  /** From here on it may be half. */
  readonly onBegun: (plan: EnvironmentPlan, request: MigrationRequest) => void;
}

/** One run of a migration, or of what takes it back: from its begin it is half, and at its end all of it is there, or nothing. */
interface Running {
  readonly key: string;
  readonly id: string;
  readonly name: string | undefined;
  readonly endsAt: number;
  state: MigrationLook;
}

/** A call takes less than its time-out, but for one that is called again and again. */
const CALL_MS = [500, 40_000] as const;
const SLOW_CALL_MS = 50_000;
const RUN_MS = [1_000, 90_000] as const;
const SHORT_RUN_MS = [1_000, 12_000] as const;
const ENDLESS_MS = 86_400_000;
const FAILS: readonly (PlotKind | undefined)[] = ['fails to migrate', 'fails to migrate, and to take that back'];

/** What versions share, and what changes it: functions that are called, and builds that go on whoever looks. */
export class SharedState implements Migrations {
  /** How often one was begun while another of the same migration, or what takes it back, ran in the same environment. */
  overlaps = 0;
  private readonly migrated = new Map<string, Migrated>();
  /** Which was begun last. */
  private readonly last = new Map<string, Running>();
  private readonly started: Running[] = [];
  private ids = 0;

  constructor(private readonly props: SharedStateProps) {}

  of(environment: string, migration: string): Migrated {
    return this.migrated.get(`${environment} ${migration}`) ?? 'nothing';
  }

  async call(plan: EnvironmentPlan, _runner: FunctionRunner, request: MigrationRequest): Promise<{ readonly answer: unknown } | { readonly error: string }> {
    const { chance, breaks } = this.props;
    const kind = this.kindOf(plan, request);
    const isSlow = kind === 'takes too long to migrate';
    const run = this.begin(plan, request, isSlow ? SLOW_CALL_MS : breaks(request.migration) ? chance.between(...CALL_MS) : 0);
    await this.ended(run);
    if (isSlow) return { answer: { done: false, next: run.id } };
    if (FAILS.includes(kind)) return { error: 'it broke' };
    this.done(run, request);
    return { answer: { done: true } };
  }

  /** The same name again is the same run, as with a token of ECS or CodeBuild. */
  async start(plan: EnvironmentPlan, { name }: MigrationRun, request: MigrationRequest): Promise<{ readonly id: string }> {
    const known = this.started.find((run) => run.name === name);
    if (known) return { id: known.id };
    const { chance, breaks, timeline } = this.props;
    const kind = this.kindOf(plan, request);
    const [least, most] = breaks(request.migration) ? RUN_MS : SHORT_RUN_MS;
    const takes = kind === 'takes too long to migrate' ? ENDLESS_MS : chance.between(least, most);
    const run = this.begin(plan, request, takes, name);
    this.started.push(run);
    if (takes === ENDLESS_MS) return { id: run.id };
    timeline.after(takes, () => {
      if (run.state.state !== 'running') return;
      run.state = FAILS.includes(kind) ? { state: 'failed', reason: 'it broke', logs: 'its log' } : { state: 'done', said: 'done' };
      if (run.state.state === 'done') this.done(run, request);
    });
    return { id: run.id };
  }

  async find(_plan: EnvironmentPlan, { name }: MigrationRun): Promise<string | undefined> {
    return this.started.find((run) => run.name === name && run.state.state === 'running')?.id;
  }

  async look(_plan: EnvironmentPlan, _runner: StartedRunner, id: string): Promise<MigrationLook> {
    return this.started.find((run) => run.id === id)?.state ?? { state: 'gone' };
  }

  async stop(_plan: EnvironmentPlan, _runner: StartedRunner, id: string, reason: string): Promise<void> {
    const run = this.started.find((each) => each.id === id);
    if (run?.state.state === 'running') run.state = { state: 'failed', reason, logs: 'its log' };
  }

  /** What of it goes wrong; what takes it back does where the plot says so. */
  private kindOf(plan: EnvironmentPlan, { release, undo }: MigrationRequest): PlotKind | undefined {
    const kind = this.props.kindOf(release, plan);
    return undo && kind !== 'fails to migrate, and to take that back' ? undefined : kind;
  }

  private begin(plan: EnvironmentPlan, request: MigrationRequest, takes: number, name?: string): Running {
    const { timeline, onBegun } = this.props;
    const key = `${plan.environment} ${request.migration}`;
    const before = this.last.get(key);
    if (before && before.endsAt > timeline.now && (before.name === undefined || before.state.state === 'running')) this.overlaps += 1;
    this.ids += 1;
    const run: Running = { key, id: `run-${this.ids}`, name, endsAt: timeline.now + takes, state: { state: 'running' } };
    this.last.set(key, run);
    onBegun(plan, request);
    this.migrated.set(key, 'half');
    return run;
  }

  private ended({ endsAt }: Running): Promise<void> | undefined {
    const { timeline } = this.props;
    if (endsAt <= timeline.now) return undefined;
    return new Promise((resolve) => {
      timeline.after(endsAt - timeline.now, () => {
        timeline.running = true;
        resolve();
      });
    });
  }

  /** Unless another has begun since. */
  private done(run: Running, { undo }: MigrationRequest): void {
    if (this.last.get(run.key) === run) this.migrated.set(run.key, undo ? 'nothing' : 'all');
  }
}
