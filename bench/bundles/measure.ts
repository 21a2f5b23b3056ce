import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, runNode } from '../own-process';
import { temporaryFolder } from '../temporary-folder';

interface Loading {
  readonly wallMilliseconds: number;
  readonly cpuMilliseconds: number;
}

/** One handler. */
export interface BundleFigures extends Loading {
  readonly name: string;
  readonly bytes: number;
}

export interface AllBundles {
  /** Largest first; times are those of loading it, without Node's own start. */
  readonly bundles: readonly BundleFigures[];
  /** What Node needs to load an empty file. */
  readonly empty: Loading;
}

const FOLDER = join(__dirname, '..', '..', 'dist', 'lambda');

/** How large every handler's bundle is, and how long a process of its own takes to have it loaded. */
export async function measureBundles(runs: number, tell: (line: string) => void): Promise<AllBundles> {
  const nothing = join(temporaryFolder(), 'empty.js');
  writeFileSync(nothing, '');
  // A package that was packed here has left its licences beside them.
  const names = readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  tell(`Bundles: ${names.length} cold starts, ${runs} times`);
  const times = new Map<string, Loading[]>();
  // One after the other, and all of them again: a busy moment then spoils one run of each instead of every run of one.
  for (let run = 0; run <= runs; run++) {
    for (const file of [nothing, ...names.map(fileOf)]) {
      const { report } = await runNode<Loading>([join(__dirname, 'cold-start.cjs'), file]);
      // The first is for the file cache.
      if (run > 0) times.set(file, [...(times.get(file) ?? []), report]);
    }
  }
  const empty = middle(times.get(nothing));
  const bundles = names.map((name) => {
    const { wallMilliseconds, cpuMilliseconds } = middle(times.get(fileOf(name)));
    return {
      name,
      bytes: statSync(fileOf(name)).size,
      wallMilliseconds: wallMilliseconds - empty.wallMilliseconds,
      cpuMilliseconds: cpuMilliseconds - empty.cpuMilliseconds,
    };
  });
  return { bundles: bundles.sort((a, b) => b.bytes - a.bytes), empty };
}

function fileOf(name: string): string {
  return join(FOLDER, name, 'index.js');
}

function middle(times: readonly Loading[] = []): Loading {
  return {
    wallMilliseconds: median(times.map(({ wallMilliseconds }) => wallMilliseconds)),
    cpuMilliseconds: median(times.map(({ cpuMilliseconds }) => cpuMilliseconds)),
  };
}
