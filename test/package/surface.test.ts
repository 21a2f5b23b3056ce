import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { surfaceProblems } from './surface';

const folder = mkdtempSync(join(tmpdir(), 'surface-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What is wrong with declarations as the compiler writes them, in a file of their own that an index exports. */
function problems(declarations: string): string[] {
  writeFileSync(join(folder, 'index.d.ts'), "export * from './declared';\nexport { Colour } from './other';\n");
  writeFileSync(join(folder, 'other.d.ts'), "export type Origin = 'major' | 'minor';\nexport declare class Colour { readonly name: string; }\n");
  writeFileSync(join(folder, 'declared.d.ts'), `import type { Stack } from 'aws-cdk-lib';\nimport { Colour, type Origin } from './other';\n${declarations}\n`);
  return surfaceProblems(join(folder, 'index.d.ts'));
}

test('what other languages can have is fine', () => {
  const fine = `
    export declare enum Rule { NO_STATE = "NoState" }
    export interface PathProps { readonly names: string[]; readonly colour?: Colour; readonly values: { readonly [name: string]: string }; }
    export declare class Path extends Stack {
      private props;
      #own;
      readonly colour?: Colour | undefined;
      get names(): string[];
      constructor(scope: Stack, id: string, props: PathProps);
      /** @internal */
      _bind(): Origin | undefined;
    }`;
  expect(problems(fine)).toEqual([]);
});

test.each([
  ['export declare const LIMIT = 10;', 'LIMIT: is neither a class, an interface nor an enum'],
  ['export declare function pathOf(id: string): string;', 'pathOf: is neither a class, an interface nor an enum'],
  ["export type Role = 'live' | 'shadow';", 'Role: is neither a class, an interface nor an enum'],
  ["export { Origin } from './other';", 'Origin: is neither a class, an interface nor an enum'],
  ['export declare class Path { name: string; }', 'Path.name: can be set; make it readonly'],
  ['export declare class Path { set name(value: string); }', 'Path.name: can be set; make it readonly'],
  ['export interface PathProps { name: string; }', 'PathProps.name: can be set; make it readonly'],
  ['export interface PathProps { readonly port: string | number; }', 'PathProps.port: has the type string | number, a union; .+'],
  ["export interface PathProps { readonly role?: 'live' | 'shadow'; }", "PathProps.role: has the type 'live' | 'shadow', a union; .+"],
  ['export interface PathProps { readonly origin: Origin; }', 'PathProps.origin: has the type Origin, another name for a type; use the type itself'],
  ['export declare class Path { at(place: number | string): void; }', 'Path.at: has the type number | string, a union; .+'],
  ['export declare class Path { constructor(given: any); }', 'Path.constructor: has the type any, any; .+'],
])('%s', (declarations, problem) => {
  expect(problems(declarations)).toEqual([expect.stringMatching(new RegExp(`^${problem.replace(/[|]/g, '\\|')}$`))]);
});
