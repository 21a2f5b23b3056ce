import { parseArgs } from 'node:util';
import { whole } from '../options';

const HELP = `npm run simulate [-- options]

Takes releases through simulated worlds: the handlers and the synthesized state machines as they are deployed, with everything around them simulated, in
virtual time. One seed is one world: a path, one to three versions, people, and what goes wrong; calls are throttled, lose their answers and come late,
functions die between any two of them, executions are stopped, and so on. Ends with counts, and the speed of one core; with the story of the first world
in which something that must hold did not, and exit code 1.

  --releases <n>   so many releases, whole worlds of them (100,000)
  --first <n>      from the world of this seed on (1)
  --seed <n>       only the world of this seed, and how its releases ended
  --trace          … with its story, call by call
  --seeded         break one rule after the other instead: each must be found
  --help           this text

Minutes on every core there is; 10,000 releases take a tenth of that. docs/proof.md says what is simulated, and what must hold.`;

const MOST_RELEASES = 100_000_000;
const MOST_SEED = 2 ** 31 - 1;

export type Options =
  | { readonly kind: 'many'; readonly releases: number; readonly first: number }
  | { readonly kind: 'one'; readonly seed: number; readonly trace: boolean }
  | { readonly kind: 'seeded' };

/** @returns undefined when there is nothing to do but what has been printed */
export function readOptions(args?: readonly string[]): Options | undefined {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  const options = { releases: text, first: text, seed: text, trace: flag, seeded: flag, help: flag };
  const { values } = parseArgs({ ...(args && { args: [...args] }), options });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const { seed, trace = false, seeded = false, ...more } = values;
  const many = { releases: whole('releases', more.releases ?? '100000', 1, MOST_RELEASES), first: whole('first', more.first ?? '1', 1, MOST_SEED) };
  const [others] = Object.keys(more);
  if (seed === undefined && trace) throw new Error('--trace tells the story of one world; say which with --seed <n>');
  if ((seed !== undefined || seeded) && others !== undefined) throw new Error(`--${others} is for many worlds, and ${seeded ? '--seeded' : '--seed'} is not`);
  if (seed !== undefined && seeded) throw new Error('--seed is for one world, and --seeded for one broken rule after the other; give one of them');
  if (seeded) return { kind: 'seeded' };
  return seed === undefined ? { kind: 'many', ...many } : { kind: 'one', seed: whole('seed', seed, 1, MOST_SEED), trace };
}
