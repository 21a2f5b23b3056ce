import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Mutant, textOf } from './mutant';
import { filesOf, ROOT } from './rooms';
import type { MutantResult } from './stryker';

/** Where reports and the copies that are mutated are; git knows nothing of it. */
const FOLDER = '.mutants';
/** Of the project, what the tests of the rules read. */
const COPIED = ['lambda/**', 'test/**', 'tools/**', 'docs/schemas/**', 'package.json', 'tsconfig.json'];

/** What became of a room's mutants. */
export interface Tried {
  readonly room: string;
  readonly found: number;
  /** Of those that were found: so many only by never coming to an end. On a machine that is busy it may have been that. */
  readonly timedOut: number;
  readonly survived: readonly Mutant[];
  readonly seconds: number;
}

/** Tries every mutant of a room. @param anew whether nothing of an earlier run counts */
export async function tryRoom(room: string, anew: boolean): Promise<Tried> {
  const { Stryker } = await import('@stryker-mutator/core');
  const started = Date.now();
  const sources = new Map(filesOf(room).map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
  const incrementalFile = join(FOLDER, `${room.replaceAll('/', '-')}.json`);
  mkdirSync(join(ROOT, FOLDER), { recursive: true });
  if (anew) rmSync(join(ROOT, incrementalFile), { force: true });
  process.chdir(ROOT);
  // Stryker's other processes load the runner, too.
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import tsx`;
  const results = await new Stryker({
    mutate: [...sources.keys()],
    testRunner: 'one-process',
    plugins: [join(__dirname, 'one-process.ts')],
    concurrency: 1,
    coverageAnalysis: 'perTest',
    // What runs while files are loaded, the tables and schemas at the top of some, would need a process of its own each.
    ignoreStatic: true,
    // Nobody compiles: that types are wrong in a copy does not matter.
    disableTypeChecks: false,
    ignorePatterns: ['**', ...COPIED.map((each) => `!${each}`)],
    tempDirName: join(FOLDER, 'copies'),
    incremental: true,
    incrementalFile,
    // A machine that does other things besides must not make a mutant look like one that hangs.
    timeoutMS: 30_000,
    reporters: process.stderr.isTTY ? ['progress'] : [],
    allowConsoleColors: false,
    // That there is no reporter where nobody watches is no news.
    logLevel: 'error' as never,
  }).runMutationTest();
  const survived = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').map((each) => mutantOf(sources, each));
  const timedOut = results.filter(({ status }) => status === 'Timeout').length;
  const found = results.filter(({ status }) => status === 'Killed').length + timedOut;
  return { room, found, timedOut, survived, seconds: (Date.now() - started) / 1000 };
}

/** @param sources as they were when they were mutated: somebody may write on them meanwhile */
function mutantOf(sources: ReadonlyMap<string, string>, { fileName, location: { start, end }, replacement = '', status }: MutantResult): Mutant {
  const file = relative(ROOT, fileName);
  const lines = (sources.get(file) ?? '').split('\n');
  const text = lines.slice(start.line - 1, end.line);
  text[text.length - 1] = text.at(-1)?.slice(0, end.column - 1) ?? '';
  text[0] = text[0]?.slice(start.column - 1) ?? '';
  return {
    file,
    line: start.line,
    on: (lines[start.line - 1] ?? '').trim(),
    from: textOf(text.join('\n')),
    to: textOf(replacement),
    reached: status === 'Survived',
  };
}
