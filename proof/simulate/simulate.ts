import { type Path, pathsOf, type Synthesized } from './world/path';
import { type Tell, type Violation, World } from './world/world';

const TRACED = 30;

/** What was simulated, and what was found. */
export interface Found {
  worlds: number;
  releases: number;
  /** Calls of ports, runs of functions, states entered. */
  calls: number;
  runs: number;
  transitions: number;
  /** Faults injected, by kind. */
  readonly faults: Map<string, number>;
  /** How releases ended. */
  readonly outcomes: Map<string, number>;
  /** What releases were like. */
  readonly plots: Map<string, number>;
  readonly violations: { readonly seed: number; readonly violations: readonly Violation[] }[];
}

export interface SimulateOptions {
  readonly paths: readonly Path[];
  readonly firstSeed: number;
  /**
   * From the seed of one world to that of the next.
   *
   * @default 1
   */
  readonly stride?: number;
  /** Worlds are simulated until so many releases were. */
  readonly releases: number;
  /** Worlds with violations after which no other is begun. */
  readonly most?: number;
}

export async function simulate({ paths, firstSeed, stride = 1, releases, most = Number.POSITIVE_INFINITY }: SimulateOptions): Promise<Found> {
  // Errors are answers here, by the thousand: whoever replays a world learns where they came from.
  Error.stackTraceLimit = 0;
  const found: Found = { worlds: 0, releases: 0, calls: 0, runs: 0, transitions: 0, faults: new Map(), outcomes: new Map(), plots: new Map(), violations: [] };
  for (let seed = firstSeed; found.releases < releases && found.violations.length < most; seed += stride) {
    const world = new World(seed, paths);
    await world.run();
    add(found, world, seed);
  }
  return found;
}

/** What several have found, each with worlds of its own. */
export function together(all: readonly Found[]): Found {
  const sum = (of: (found: Found) => number) => all.reduce((total, found) => total + of(found), 0);
  const counts = (of: (found: Found) => Map<string, number>) => {
    const total = new Map<string, number>();
    for (const [what, times] of all.flatMap((found) => [...of(found)])) total.set(what, (total.get(what) ?? 0) + times);
    return total;
  };
  return {
    worlds: sum(({ worlds }) => worlds),
    releases: sum(({ releases }) => releases),
    calls: sum(({ calls }) => calls),
    runs: sum(({ runs }) => runs),
    transitions: sum(({ transitions }) => transitions),
    faults: counts(({ faults }) => faults),
    outcomes: counts(({ outcomes }) => outcomes),
    plots: counts(({ plots }) => plots),
    violations: all.flatMap(({ violations }) => violations).sort((a, b) => a.seed - b.seed),
  };
}

/** One world, with its story; where an error came from is a part of it. */
export async function tellStory(paths: readonly Path[], seed: number, tell: Tell): Promise<World> {
  Error.stackTraceLimit = TRACED;
  const world = new World(seed, paths, tell);
  await world.run();
  return world;
}

export { pathsOf, type Synthesized };

function add(found: Found, { attempts, hub, engine, violations }: World, seed: number): void {
  const count = (counts: Map<string, number>, what: string, by = 1) => counts.set(what, (counts.get(what) ?? 0) + by);
  found.worlds += 1;
  found.releases += attempts.all.length;
  found.calls += hub.calls;
  found.runs += hub.runs;
  found.transitions += engine.transitions;
  for (const [kind, times] of hub.faults.counts) count(found.faults, kind, times);
  for (const { finished, isTakenBack, plot } of attempts.all) {
    count(
      found.outcomes,
      finished === 'live' && isTakenBack ? 'live, and taken back by a person' : (finished ?? 'submitted again before its end was recorded'),
    );
    count(found.plots, plot.kind);
  }
  if (violations.length > 0) found.violations.push({ seed, violations });
}
