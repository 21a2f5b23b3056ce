import { compile, type Scope } from '../../proof/machines/expression';
import { simulate, tellStory } from '../../proof/simulate/simulate';
import { synthesized } from '../../proof/simulate/synthesized';
import { PATHS, pathsOf } from '../../proof/simulate/world/path';
import { evaluate } from '../workflow/expressions';

jest.setTimeout(60_000);

/** One with everything that people are asked, one with everything that runs in numbers; `npm run simulate` has them all. */
const machines = synthesized(PATHS.filter(({ name }) => /canary|capacity/.test(name)));
const paths = pathsOf(machines);

async function storyOf(seed: number): Promise<string[]> {
  const lines: string[] = [];
  await tellStory(paths, seed, (...line) => lines.push(line.join(' ')));
  return lines;
}

test('the same seed is the same world, call by call; another is another', async () => {
  expect(await storyOf(12)).toEqual(await storyOf(12));
  expect(await storyOf(12)).not.toEqual(await storyOf(13));
});

test('expressions are compiled to what JSONata makes of them, in every state that releases come by', async () => {
  const seen = new Map<string, { readonly scope: Scope; readonly value: unknown }[]>();
  const watched = pathsOf(machines, (text) => {
    const run = compile(text);
    return (scope) => {
      const value = run(scope);
      const known = seen.get(text) ?? [];
      if (known.length < 3) seen.set(text, [...known, { scope: structuredClone(flat(scope)), value: structuredClone(value) }]);
      return value;
    };
  });
  await simulate({ paths: watched, firstSeed: 1, releases: 20 });
  expect(seen.size).toBeGreaterThan(20);
  for (const [text, cases] of seen) {
    for (const { scope, value } of cases) {
      const expected: unknown = await evaluate(`{% ${text} %}`, scope.states, scope.variables);
      expect([text, plain(value)]).toEqual([text, plain(expected)]);
    }
  }
});

test('JSONata that the definitions do not use is refused, not guessed', () => {
  expect(() => compile('$sum([1, 2])')).toThrow('the proofs do not compile $sum of JSONata yet');
});

/** Variables of a branch stand on those of its execution. */
function flat({ states, variables }: Scope): Scope {
  const all: Record<string, unknown> = {};
  for (const name in variables) all[name] = variables[name];
  return { states, variables: all };
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
