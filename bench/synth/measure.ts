import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { median, runNode } from '../own-process';
import { temporaryFolder } from '../temporary-folder';
import { type Comparison, compareAssemblies } from './same-resources';
import { SUBJECTS, type Subject } from './subjects';

export interface SynthTimes {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

/** How one subject was synthesized. */
export interface SynthFigures {
  readonly subject: Subject;
  readonly ours: SynthTimes;
  readonly byHand: SynthTimes;
  /** Processor time, ours by theirs: of the runs that followed one another, the middle one. */
  readonly ratio: number;
  /** What the last run of both made. */
  readonly same: Comparison;
}

/** What `cdk synth` tells an app beside its folder. */
const CONTEXT = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:version-reporting': true };

/** Every run is a process of its own, as `cdk.json` has it; ours and the one by hand take turns, so that neither has the quieter minutes. */
export async function measureSynth(runs: number, tell: (line: string) => void): Promise<SynthFigures[]> {
  const folder = temporaryFolder();
  const [ours, byHand] = [join(folder, 'ours'), join(folder, 'by-hand')];
  const figures: SynthFigures[] = [];
  // Nobody counts the first time: it fills the cache of what TypeScript became.
  for (const app of new Set(SUBJECTS.flatMap((subject) => [subject.ours, subject.byHand]))) await synthesize(app, 'Payments', ours);
  for (const subject of SUBJECTS) {
    tell(`Synthesis: ${subject.name}, ${runs} times, and as often by hand`);
    const [left, right]: [SynthTimes[], SynthTimes[]] = [[], []];
    for (let run = 0; run < runs; run++) {
      left.push(await synthesize(subject.ours, subject.names, ours));
      right.push(await synthesize(subject.byHand, subject.names, byHand));
    }
    const ratio = median(left.map(({ cpuSeconds }, run) => cpuSeconds / (right[run]?.cpuSeconds ?? Number.NaN)));
    figures.push({ subject, ours: middle(left), byHand: middle(right), ratio, same: compareAssemblies(ours, byHand) });
  }
  return figures;
}

export async function synthesize(app: string, names: string, outdir: string): Promise<SynthTimes> {
  rmSync(outdir, { recursive: true, force: true });
  const usage = join(__dirname, '..', 'usage.cjs');
  const { report, wallSeconds } = await runNode<{ cpuSeconds: number }>(['--import', 'tsx', '--require', usage, app], environment(names, outdir));
  return { wallSeconds, cpuSeconds: report.cpuSeconds };
}

/** Without what is set for the CDK here: neither another account nor its validation, which takes as long for both and longer than they do. */
function environment(names: string, outdir: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('CDK_'));
  return { ...Object.fromEntries(own), SERVICES: names, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(CONTEXT), CDK_VALIDATION: 'false' };
}

export function middle(times: readonly SynthTimes[]): SynthTimes {
  return { wallSeconds: median(times.map(({ wallSeconds }) => wallSeconds)), cpuSeconds: median(times.map(({ cpuSeconds }) => cpuSeconds)) };
}
