import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPtl } from '../cli/run-ptl';
import { temporary } from './assemblies';

/** What review.json has, as far as it is looked at here. */
export interface Data {
  readonly attention: readonly { readonly section: string; readonly text: string }[];
  readonly stacks: readonly { readonly stackName: string; readonly kind: string; readonly account: string }[];
  readonly proofs: readonly { readonly environment: string; readonly holds: boolean }[];
  readonly permissions: readonly {
    readonly name: string;
    readonly runs: readonly string[];
    readonly abilities: readonly { readonly kind: string; readonly how: string; readonly environments: readonly string[]; readonly steps: readonly string[] }[];
  }[];
  readonly people: readonly { readonly what: string; readonly allowedBy: readonly string[]; readonly only: readonly string[] }[];
  readonly optOuts: Readonly<Record<string, readonly { readonly what: string; readonly reason: string; readonly at: readonly string[] }[]>>;
  readonly endpoints: {
    readonly entrances: readonly object[];
    readonly rules: readonly {
      readonly environment: string;
      readonly colour?: string;
      readonly what: string;
      readonly priority: number;
      readonly takes: string;
      readonly closed: boolean;
    }[];
    readonly listeners: readonly { readonly stack: string; readonly port: number; readonly protocol: string; readonly otherwise: string }[];
    readonly loadBalancers: readonly { readonly stack: string; readonly letsIn: readonly string[]; readonly deletionProtection: boolean }[];
    readonly routes: readonly { readonly route: string; readonly authorization: string }[];
  };
  readonly data: readonly {
    readonly stack: string;
    readonly name: string;
    readonly type: string;
    readonly key: string;
    readonly encrypted?: boolean;
    readonly kept: string;
    readonly removed: string;
  }[];
  readonly counts: readonly { readonly of: string; readonly what: string; readonly count: number; readonly limit: number }[];
}

/** The review of an assembly, as data. */
export async function reviewed(assembly: string, ...args: string[]): Promise<Data> {
  const output = join(temporary('output'), 'review');
  const { code, err } = await runPtl(['review', '--assembly', assembly, '--output', output, ...args]);
  if (code !== 0) throw new Error(err);
  return JSON.parse(readFileSync(join(output, 'review.json'), 'utf8'));
}

/** How somebody, or a function by its name, can do something. */
export const permission = (data: Data, name: string, kind: string) =>
  data.permissions
    .filter((one) => one.name === name || one.runs.includes(name))
    .flatMap(({ abilities }) => abilities.filter((ability) => ability.kind === kind));
