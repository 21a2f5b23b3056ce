import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { median, runNode } from '../own-process';
import { SUBJECTS } from '../synth/subjects';
import { temporaryFolder } from '../temporary-folder';

/** What `ptl review` of one path takes, its assembly being there, and what it writes. */
export interface ReviewFigures {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** File or folder of the review -> its bytes; the largest first. */
  readonly bytes: readonly (readonly [name: string, bytes: number])[];
}

const ROOT = join(__dirname, '..', '..');
const usage = join(__dirname, '..', 'usage.cjs');

/** Each run is a process of its own, from the command line on. */
export async function measureReview(runs: number, tell: (line: string) => void): Promise<ReviewFigures> {
  const folder = temporaryFolder();
  const [assembly, output] = [join(folder, 'reviewed'), join(folder, 'review')];
  tell(`Review: the example app, ${runs} times`);
  await runNode(['--import', 'tsx', '--require', usage, SUBJECTS[0]?.ours ?? ''], { ...process.env, CDK_OUTDIR: assembly, CDK_VALIDATION: 'false' });
  const times: { readonly wallSeconds: number; readonly cpuSeconds: number }[] = [];
  for (let run = 0; run <= runs; run++) {
    rmSync(output, { recursive: true, force: true });
    const args = ['--import', 'tsx', '--require', usage, join(ROOT, 'bin', 'ptl.ts'), 'review', '--assembly', assembly, '--output', output];
    const { report, wallSeconds } = await runNode<{ cpuSeconds: number }>(args);
    // The first is for the cache of what TypeScript became.
    if (run > 0) times.push({ wallSeconds, cpuSeconds: report.cpuSeconds });
  }
  return {
    wallSeconds: median(times.map(({ wallSeconds }) => wallSeconds)),
    cpuSeconds: median(times.map(({ cpuSeconds }) => cpuSeconds)),
    bytes: readdirSync(output)
      .map((name) => [name, bytesOf(join(output, name))] as const)
      .sort(([, one], [, other]) => other - one),
  };
}

function bytesOf(path: string): number {
  if (statSync(path).isFile()) return statSync(path).size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}
