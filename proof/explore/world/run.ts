import { WRITER_TIMEOUT_SECONDS } from '../../../lambda/contract';
import { NOW } from './essence';
import type { World } from './world';

/** The process died: nothing it would have done afterwards happens, not even tidying up. */
export class Died extends Error {
  override readonly name = 'Died';
}

/** What may happen to one run of a function. Effects are counted from 0. */
export interface Fate {
  /** It dies right after this effect. */
  readonly diesAfter?: number;
  /** Right before this effect, something else happens. */
  readonly overtaken?: { readonly before: number; readonly by: (world: Map<string, unknown>) => Promise<Run> };
}

/** A rule was broken. */
export interface Broken {
  readonly invariant: string;
  readonly found: string;
}

/** What a run looks at after each of its effects. */
export interface Watch {
  committed(before: World, after: World, run: Run): void;
  written(environment: string, before: World, after: World, run: Run): void;
  deployed(stackName: string, world: World, run: Run): void;
  migrated(environment: string, world: World, run: Run): void;
}

const START = Date.parse(NOW);
let names = 0;

/** One run of something over a world that it changes, effect by effect; what it read and wrote is kept. */
export class Run {
  readonly effects: string[] = [];
  readonly broken: Broken[];
  readonly owners = new Set<string>();
  /** What the world answers, where that is somebody's choice. */
  choice: { deployment?: 'failed'; verdict?: 'failed' | 'inconclusive'; migration?: 'failed' } = {};
  /** A person has said that users are to get what was live, whatever that understands. */
  saidSo = false;
  /** Called with each commit: what is remembered of whoever made it. */
  onCommit?: () => void;
  private milliseconds = START;
  private dead = false;

  /** @param broken shared by all that happens in one action */
  constructor(
    readonly world: Map<string, unknown>,
    private readonly watch: Watch,
    private readonly fate: Fate = {},
    broken: Broken[] = [],
    /** Keys that were read, and written. */
    readonly read = new Set<string>(),
    readonly wrote = new Set<string>(),
  ) {
    this.broken = broken;
  }

  get<T>(key: string): T {
    if (this.dead) throw new Died();
    this.read.add(key);
    return this.world.get(key) as T;
  }

  /** Every value of a kind. */
  all<T>(kind: string): T[] {
    if (this.dead) throw new Died();
    this.read.add(kind);
    return [...this.world].flatMap(([key, value]) => (key.startsWith(kind) ? [value as T] : []));
  }

  set(key: string, value: unknown): void {
    this.wrote.add(key);
    if (value === undefined) this.world.delete(key);
    else this.world.set(key, value);
  }

  /** One thing that the run does to the world, all of it or nothing. */
  async effect(name: string, act: () => void | Promise<void>): Promise<void> {
    if (this.dead) throw new Died();
    const n = this.effects.length;
    this.effects.push(name);
    if (this.fate.overtaken?.before === n) this.waited(await this.fate.overtaken.by(this.world));
    await act();
    if (this.fate.diesAfter !== n) return;
    this.dead = true;
    throw new Died();
  }

  /** Whether nothing happens to it: it neither dies, nor is overtaken. */
  get isAlone(): boolean {
    return this.fate.diesAfter === undefined && this.fate.overtaken === undefined;
  }

  /** Whoever goes on when the function has ended, or died. */
  after(): Run {
    return new Run(this.world, this.watch, {}, this.broken, this.read, this.wrote);
  }

  /** As long as whoever overtook it took. A writer does not live as long as its lease: who waits for that to run out finds it dead. */
  private waited(other: Run): void {
    const took = other.milliseconds - START;
    this.milliseconds += took;
    if (this.owners.size === 0 || took < WRITER_TIMEOUT_SECONDS * 1000) return;
    this.dead = true;
    throw new Died();
  }

  committed(before: World): void {
    this.onCommit?.();
    this.watch.committed(before, this.world, this);
  }
  written(environment: string, before: World): void {
    this.watch.written(environment, before, this.world, this);
  }
  deployed(stackName: string): void {
    this.watch.deployed(stackName, this.world, this);
  }

  migrated(environment: string): void {
    this.watch.migrated(environment, this.world, this);
  }

  breaks(invariant: string, found: string): void {
    this.broken.push({ invariant, found });
  }

  now(): string {
    return new Date(this.milliseconds).toISOString();
  }
  later(seconds: number): string {
    return new Date(this.milliseconds + seconds * 1000).toISOString();
  }
  sleep(milliseconds: number): void {
    if (this.dead) throw new Died();
    this.milliseconds += milliseconds;
  }

  uniqueName(): string {
    names += 1;
    this.owners.add(`writer ${names}`);
    return `writer ${names}`;
  }
}
