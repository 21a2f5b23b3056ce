// As tests do: no validation of templates, no copy of bundles.
import '../../test/setup';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { bundle, loaded, simulateInWorker } from './bundle';
import { report, violationsOf } from './report';
import { BUGS } from './seeded/bugs';
import { synthesized } from './synthesized';

const USAGE = `npm run simulate -- [--releases 100000] [--first 1]   so many releases, in worlds from that seed on
npm run simulate -- --seed N [--trace]              one world; with its story
npm run simulate -- --seeded                        with a bug in each rule, one after the other: each must be found`;
/** Until a seeded bug must have been found. */
const ENOUGH_RELEASES = 4_000;

function secondsOfProcessor(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function many(releases: number, firstSeed: number): Promise<boolean> {
  const [code, machines] = [await bundle(), synthesized()];
  const { together, pathsOf, tellStory } = loaded(code);
  const before = secondsOfProcessor();
  const cores = availableParallelism();
  const share = { synthesized: machines, stride: cores, releases: Math.ceil(releases / cores) };
  const shares = Array.from({ length: cores }, (_, core) => simulateInWorker(code, { ...share, firstSeed: firstSeed + core }));
  const found = together(await Promise.all(shares));
  console.log(report(found, secondsOfProcessor() - before));
  console.log(violationsOf(found));
  const [first] = found.violations;
  if (first) await tellStory(pathsOf(machines), first.seed, print);
  return first === undefined;
}

async function one(seed: number, isTold: boolean): Promise<boolean> {
  const { tellStory, pathsOf } = loaded(await bundle());
  const { path, weather, violations, attempts } = await tellStory(pathsOf(synthesized()), seed, isTold ? print : () => undefined);
  console.log(`seed ${seed}: ${path.name}, ${weather.name}`);
  for (const { version, number, plot, finished } of attempts.all)
    console.log(`  ${version}, attempt ${number}, which ${plot.kind === 'good' ? 'is good' : `${plot.kind} (${plot.environment})`}: ${finished}`);
  for (const { at, rule, found } of violations) console.log(`  ${at}  broken: ${rule}\n    ${found}`);
  console.log(`${violations.length} violations`);
  return violations.length === 0;
}

async function seeded(): Promise<boolean> {
  const machines = synthesized();
  let missed = 0;
  for (const [name, bug] of Object.entries(BUGS)) {
    const { simulate, pathsOf } = loaded(await bundle({ name, ...bug }));
    const found = await simulate({ paths: pathsOf(machines), firstSeed: 1, releases: ENOUGH_RELEASES, most: 1 });
    const [first] = found.violations;
    if (!first) missed += 1;
    const how = first ? `found after ${found.releases} releases, seed ${first.seed}: ${first.violations[0]?.rule}` : `NOT FOUND in ${found.releases} releases`;
    console.log(`${name}: ${bug.does}\n  ${how}`);
  }
  console.log(`${Object.keys(BUGS).length - missed} of ${Object.keys(BUGS).length} seeded bugs found`);
  return missed === 0;
}

function print(at: string, who: string, what: string): void {
  console.log(`${at}  ${who.padEnd(24)} ${what.length > 400 ? `${what.slice(0, 400)}…` : what}`);
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      releases: { type: 'string', default: '100000' },
      first: { type: 'string', default: '1' },
      seed: { type: 'string' },
      trace: { type: 'boolean', default: false },
      seeded: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [releases, first, seed] = [values.releases, values.first, values.seed ?? '1'].map(Number) as [number, number, number];
  if (values.help || ![releases, first, seed].every((each) => Number.isInteger(each) && each > 0)) {
    console.log(`--releases, --first and --seed take whole numbers from 1\n${USAGE}`);
    return values.help;
  }
  if (values.seeded) return seeded();
  return values.seed === undefined ? many(releases, first) : one(seed, values.trace);
}

main().then((isRight) => process.exit(isRight ? 0 : 1));
