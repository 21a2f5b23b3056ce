import { statSync } from 'node:fs';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';

/** What one stack is made of, in numbers. */
interface Contents {
  /** Type of resource -> how many. */
  readonly resources: ReadonlyMap<string, number>;
  /** States of all its state machines, those in branches too. */
  readonly states: number;
}

/** How far two assemblies are the same. */
export interface Comparison {
  readonly stacks: number;
  readonly resources: number;
  readonly states: number;
  /** Size of all templates, of both. */
  readonly bytes: { readonly ours: number; readonly byHand: number };
  /** One line for each count that differs. */
  readonly differences: readonly string[];
}

/** Compares what two assemblies would deploy: the same stacks by name, in each as many resources of every type, and as many states. */
export function compareAssemblies(ours: string, byHand: string): Comparison {
  const [left, right] = [contentsOf(ours), contentsOf(byHand)];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort();
  const totals = totalsOf(ours);
  return {
    ...totals,
    bytes: { ours: totals.bytes, byHand: bytesOf(byHand) },
    differences: names.flatMap((name) => differences(name, left.get(name), right.get(name))),
  };
}

/** What an assembly has in all. */
export interface Totals {
  readonly stacks: number;
  readonly resources: number;
  readonly states: number;
  /** Size of all templates. */
  readonly bytes: number;
  /** Rules of its load balancer that one environment takes; 0 where it makes no live rule. */
  readonly rules: number;
}

export function totalsOf(directory: string): Totals {
  const all = [...contentsOf(directory).values()];
  return {
    stacks: all.length,
    resources: sum(all.flatMap(({ resources }) => [...resources.values()])),
    states: sum(all.map(({ states }) => states)),
    bytes: bytesOf(directory),
    rules: rulesOf(all),
  };
}

function rulesOf(stacks: readonly Contents[]): number {
  const made = (type: string) => stacks.map(({ resources }) => resources.get(type) ?? 0);
  const environments = made('Custom::LiveRule').filter((count) => count > 0).length;
  return environments === 0 ? 0 : (sum(made('Custom::LiveRule')) + sum(made('AWS::ElasticLoadBalancingV2::ListenerRule'))) / environments;
}

function differences(name: string, ours: Contents | undefined, byHand: Contents | undefined): string[] {
  if (ours === undefined || byHand === undefined) return [`${name}: ${ours ? 'not made by hand' : 'made by hand only'}`];
  const types = [...new Set([...ours.resources.keys(), ...byHand.resources.keys()])].sort();
  const counts = types.map((type) => [type, ours.resources.get(type) ?? 0, byHand.resources.get(type) ?? 0] as const);
  return [...counts, ['states', ours.states, byHand.states] as const]
    .filter(([, left, right]) => left !== right)
    .map(([what, left, right]) => `${name}: ${what} ${left}, by hand ${right}`);
}

function contentsOf(directory: string): Map<string, Contents> {
  return new Map(stacksOf(directory).map(({ stackName, template }) => [stackName, contents(template.Resources)]));
}

function stacksOf(directory: string) {
  return new CloudAssembly(directory).stacksRecursively;
}

function contents(resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>): Contents {
  const counts = new Map<string, number>();
  let states = 0;
  for (const { Type: type, Properties: properties } of Object.values(resources)) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
    if (type === 'AWS::StepFunctions::StateMachine') states += countStates(definition(properties?.DefinitionString));
  }
  return { resources: counts, states };
}

/** The definition as an object; ARNs that are known at deployment only are left blank. */
function definition(value: unknown): unknown {
  const parts = typeof value === 'string' ? [value] : (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : '')).join(''));
}

function countStates(value: unknown): number {
  const { States = {} } = value as { States?: Record<string, { Branches?: unknown[] }> };
  const all = Object.values(States);
  return all.length + sum(all.flatMap(({ Branches = [] }) => Branches.map(countStates)));
}

function bytesOf(directory: string): number {
  return sum(stacksOf(directory).map(({ templateFullPath }) => statSync(templateFullPath).size));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
