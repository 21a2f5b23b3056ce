import type { Action } from '../actions/action';
import { ofFreezes } from '../actions/freezes';
import { ofMachines } from '../actions/machines';
import { ofPeople } from '../actions/people';
import { ofTheWorldAround } from '../actions/world-around';
import type { Engine } from '../engine/engine';
import { brokenAtRest, brokenIn, rests } from '../invariants/states';
import { watch } from '../invariants/watch';
import { RELEASES } from '../path';
import { withoutHistory } from '../world/last';
import { type Broken, type Fate, Run } from '../world/run';
import { startOf } from '../world/start';
import { of, type World } from '../world/world';
import type { Bounds, Explored, Violation } from './bounds';
import { type Footprint, meet } from './footprint';
import { cannotRest } from './rest';
import { Store } from './store';

/**
 * Breadth first: all states that no trouble leads to, then those that one does, and so on; among these, the ones with the fewest actions first. The
 * first violation is therefore told by a shortest story.
 */
export class Exploration {
  private readonly store = new Store();
  private readonly parents: number[] = [];
  private readonly names: string[] = [];
  private readonly depths: number[] = [];
  private readonly edges: number[][] = [];
  private readonly resting: number[] = [];
  private next = new Map<string, { readonly from: number; readonly name: string }>();
  private readonly outcomes = new Set<string>();
  private transitions = 0;
  private violation?: Violation;

  constructor(
    private readonly engine: Engine,
    private readonly bounds: Bounds,
    private readonly tell: (line: string) => void = () => undefined,
  ) {}

  async run(): Promise<Explored> {
    const started = process.cpuUsage();
    const seconds = () => (process.cpuUsage(started).user + process.cpuUsage(started).system) / 1e6;
    const byTroubles: number[] = [];
    this.next.set(this.store.name(startOf(this.bounds)), { from: -1, name: 'the start' });
    let whole = true;
    for (let troubles = 0; troubles <= this.bounds.troubles && !this.violation; troubles++) {
      const before = this.store.size;
      const here = this.next;
      this.next = new Map();
      for (const [name, { from, name: action }] of here) if (this.store.find(name) === undefined) this.reach(name, from, action);
      for (let place = before; place < this.store.size && !this.violation; place++) {
        if (this.bounds.most !== undefined && place >= this.bounds.most) {
          whole = false;
          break;
        }
        if (place % 5_000 === 0) this.tell(`${place} of ${this.store.size} states so far, ${troubles} troubles, ${Math.round(place / seconds())} a second`);
        await this.expand(place, this.bounds.troubles - troubles);
      }
      byTroubles.push(this.store.size - before);
    }
    if (whole && !this.violation) this.checkRest();
    if (whole && !this.violation) this.checkOutcomes();
    return {
      states: this.store.size,
      transitions: this.transitions,
      deepest: this.depths.reduce((most, depth) => Math.max(most, depth), 0),
      atRest: this.resting.length,
      byTroubles,
      seconds: seconds(),
      whole,
      violation: this.violation,
    };
  }

  /** @param left troubles that there may be yet */
  private async expand(place: number, left: number): Promise<void> {
    const world = this.store.world(place);
    const everything = [
      ...ofMachines(world, this.engine),
      ...ofPeople(world, this.bounds.releases),
      ...ofTheWorldAround(world, this.engine),
      ...(this.bounds.freezes ? ofFreezes(world) : []),
    ];
    const actions = everything.filter(({ free }) => free || left > 0);
    const functions: Footprint[] = [];
    for (const action of actions) {
      const run = await this.happens({ place, world, left }, action, action.name, costOf(action));
      if (this.violation) return;
      if (!action.runs) continue;
      functions.push({ action, read: run.read, wrote: run.wrote, effects: run.effects });
      if (left > costOf(action)) await this.dies({ place, world, left }, action, run.effects);
      if (this.violation) return;
    }
    if (this.bounds.overtaken) await this.overtakes({ place, world, left }, functions);
  }

  private async dies(from: From, action: Action, effects: readonly string[]): Promise<void> {
    for (const [n, effect] of effects.entries()) {
      const name = `${action.name}; its function dies right after ${ordinal(n, effect)}`;
      await this.happens(from, action, name, costOf(action) + 1, { diesAfter: n });
      if (this.violation) return;
    }
  }

  private async overtakes(from: From, functions: readonly Footprint[]): Promise<void> {
    for (const slow of functions) {
      for (const fast of functions) {
        const cost = costOf(slow.action) + costOf(fast.action);
        if (slow === fast || cost > from.left || !meet(slow, fast)) continue;
        for (const [n, effect] of slow.effects.entries()) {
          const name = `${slow.action.name}; right before ${ordinal(n, effect)}, this overtakes it: ${fast.action.name}`;
          await this.happens(from, slow.action, name, cost, { before: n, by: fast.action });
          if (this.violation) return;
        }
      }
    }
  }

  private async happens(
    { place, world, left }: From,
    action: Action,
    name: string,
    cost: number,
    fate: { readonly diesAfter?: number; readonly before?: number; readonly by?: Action } = {},
  ): Promise<Run> {
    const broken: Broken[] = [];
    const { diesAfter, before, by } = fate;
    const overtaken: Fate['overtaken'] =
      by && before !== undefined ? { before, by: (shared) => this.meanwhile(by, new Run(shared, watch, {}, broken)) } : undefined;
    const run = new Run(new Map(world), watch, { diesAfter, overtaken }, broken);
    await action.act(run, this.engine);
    this.transitions += 1;
    const [first] = broken;
    if (first) this.violation = { ...first, story: [...this.story(place), name] };
    else this.arrive(place, left > cost ? run.world : withoutHistory(run.world), name, cost);
    return run;
  }

  private async meanwhile(action: Action, run: Run): Promise<Run> {
    await action.act(run, this.engine);
    return run;
  }

  private arrive(from: number, world: World, name: string, cost: number): void {
    const state = this.store.name(world);
    const known = this.store.find(state);
    if (cost > 0) {
      if (known === undefined && !this.next.has(state)) this.next.set(state, { from, name });
      return;
    }
    const place = known ?? this.reach(state, from, name);
    if (place !== from) this.edges[from]?.push(place);
  }

  private reach(state: string, from: number, name: string): number {
    const place = this.store.add(state);
    this.parents.push(from);
    this.names.push(name);
    this.depths.push(from < 0 ? 0 : (this.depths[from] as number) + 1);
    this.edges.push([]);
    const world = this.store.world(place);
    const isAtRest = rests(world);
    if (isAtRest) {
      this.resting.push(place);
      for (const version of RELEASES) this.outcomes.add(of.release(world, version)?.status ?? 'not submitted');
    }
    const [first] = [...brokenIn(world), ...(isAtRest ? brokenAtRest(world) : [])];
    if (first && !this.violation) this.violation = { ...first, story: this.story(place) };
    return place;
  }

  private checkRest(): void {
    const stuck = cannotRest(this.edges, this.resting);
    if (stuck === undefined) return;
    const found = 'whatever happens from there on without more trouble, it never comes to rest';
    this.violation = { invariant: 'reachable', found, story: this.story(stuck) };
  }

  /** Rules that let nobody through break nothing else. Without a trouble there is only one way for a release to end. */
  private checkOutcomes(): void {
    const wanted = this.bounds.troubles > 0 ? ['live', 'stopped', 'rolledBack'] : ['live'];
    const never = wanted.filter((outcome) => !this.outcomes.has(outcome));
    if (never.length > 0) this.violation = { invariant: 'outcomes', found: `no release ever ended ${never.join(', nor ')}`, story: [] };
  }

  private story(place: number): string[] {
    const story: string[] = [];
    for (let at = place; (this.parents[at] as number) >= 0; at = this.parents[at] as number) story.push(this.names[at] as string);
    return story.reverse();
  }
}

/** A state, and how many troubles there may be from it on. */
interface From {
  readonly place: number;
  readonly world: World;
  readonly left: number;
}

const costOf = ({ free }: Action) => (free ? 0 : 1);

function ordinal(n: number, effect: string): string {
  return `its effect ${n + 1}, to ${effect}`;
}
