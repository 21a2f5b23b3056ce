// As tests do: no validation of templates, no copy of bundles.
import '../../test/setup';
import { availableParallelism } from 'node:os';
import { describeMachine } from '../../bench/machine';
import { makeBundles } from '../bundles';
import { bundle, loaded, simulateInWorker } from './bundle';
import type { Options } from './options';
import { report, violationsOf } from './report';
import { BUGS } from './seeded/bugs';
import { synthesized } from './synthesized';
import type { Synthesized } from './world/path';

/** Until a seeded bug must have been found. */
const ENOUGH_RELEASES = 10_000;

/** What `npm run simulate` does. @returns whether all was as it must be */
export function simulated(options: Options): Promise<boolean> {
  makeBundles();
  const machines = synthesized();
  if (options.kind === 'seeded') return seeded(machines);
  return options.kind === 'many' ? many(machines, options) : one(machines, options);
}

async function many(machines: Synthesized, { releases, first }: Extract<Options, { kind: 'many' }>): Promise<boolean> {
  console.log(describeMachine());
  const code = await bundle();
  const { together, pathsOf, tellStory } = loaded(code);
  const before = secondsOfProcessor();
  const cores = availableParallelism();
  const share = { synthesized: machines, stride: cores, releases: Math.ceil(releases / cores) };
  const shares = Array.from({ length: cores }, (_, core) => simulateInWorker(code, { ...share, firstSeed: first + core }));
  const found = together(await Promise.all(shares));
  console.log(report(found, secondsOfProcessor() - before));
  console.log(violationsOf(found));
  const [violation] = found.violations;
  if (violation) await tellStory(pathsOf(machines), violation.seed, print);
  return violation === undefined;
}

async function one(machines: Synthesized, { seed, trace }: Extract<Options, { kind: 'one' }>): Promise<boolean> {
  const { tellStory, pathsOf } = loaded(await bundle());
  const { path, weather, violations, attempts } = await tellStory(pathsOf(machines), seed, trace ? print : () => undefined);
  console.log(`seed ${seed}: ${path.name}, ${weather.name}`);
  for (const { version, number, plot, finished } of attempts.all)
    console.log(`  ${version}, attempt ${number}, which ${plot.kind === 'good' ? 'is good' : `${plot.kind} (${plot.environment})`}: ${finished}`);
  for (const { at, rule, found } of violations) console.log(`  ${at}  broken: ${rule}\n    ${found}`);
  console.log(`${violations.length} violations`);
  return violations.length === 0;
}

async function seeded(machines: Synthesized): Promise<boolean> {
  let missed = 0;
  for (const bug of BUGS) {
    const { simulate, pathsOf } = loaded(await bundle(bug));
    const found = await simulate({ paths: pathsOf(machines), firstSeed: 1, releases: ENOUGH_RELEASES, most: 1 });
    const [first] = found.violations;
    if (!first) missed += 1;
    const how = first
      ? `after ${found.releases} releases, seed ${first.seed}: ${first.violations[0]?.rule}`
      : `${found.releases} releases, and nothing is wrong`;
    console.log(`${first ? 'found ' : 'MISSED'}  ${bug.name}: ${how}`);
  }
  console.log(`${BUGS.length - missed} of ${BUGS.length} rules that were broken on purpose were found`);
  return missed === 0;
}

function print(at: string, who: string, what: string): void {
  console.log(`${at}  ${who.padEnd(24)} ${what.length > 400 ? `${what.slice(0, 400)}…` : what}`);
}

function secondsOfProcessor(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
