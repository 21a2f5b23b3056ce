import { Template } from 'aws-cdk-lib/assertions';
import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { MOST_STEPS } from '../../constructs/environments/path-rules';
import type { EnvironmentPlan } from '../../lambda/contract';
import { examplePlan } from '../lambda/example-path';
import { findings, invalid } from './findings';
import { hubOf, machinesOf, threeEnvironments } from './machines';

const machines = machinesOf(threeEnvironments());
const production = machines['Payments-Production'] as DefinitionJson;

test.each(Object.entries(machines))('%s is a definition AWS takes, and nothing in it waits for ever', (_, definition) => {
  expect([...invalid(definition), ...findings(definition)]).toEqual([]);
});

test('a definition that breaks the schema of the language is found between others that keep it', () => {
  const unknown = structuredClone(production) as unknown as { States: Record<string, { Type: string }> };
  Object.assign(unknown.States['Enter Production'] ?? {}, { Type: 'Job' });
  expect(invalid(unknown as unknown as DefinitionJson).join()).toMatch(/Enter Production.*invalid/);
  expect(invalid(production)).toEqual([]);
});

test('the longest names make states of at most 80 characters', () => {
  const environment = `E${'x'.repeat(19)}`;
  const tests = [{ kind: 'http' as const, name: 'n'.repeat(40), path: '/', expectStatus: 200, timeoutSeconds: 60 }];
  const { firebreak, goNoGo } = threeEnvironments()[2] ?? {};
  for (const definition of Object.values(machinesOf([examplePlan(environment, { tests, firebreak, goNoGo })]))) {
    expect(findings(definition)).toEqual([]);
  }
});

test('a test whose name makes a longer state is refused, with the state', () => {
  const tests = [{ kind: 'http' as const, name: 'n'.repeat(51), path: '/', expectStatus: 200, timeoutSeconds: 60 }];
  expect(() => machinesOf([examplePlan('Production', { tests })])).toThrow(
    /the state name "No verdict from n+ in Production" has 81 characters, 80 are allowed/,
  );
});

test('the most steps a path may have fit: a definition into a megabyte, the hub’s template into a million bytes', () => {
  const steps = (count: number) => Array.from({ length: count }, (_, index) => ({ percent: Math.ceil(((index + 1) * 100) / count), bakeSeconds: 600 }));
  const [first, second, last] = threeEnvironments();
  const plans = [
    { ...first, environment: 'F'.repeat(20), steps: steps(1) },
    { ...second, environment: 'S'.repeat(20), steps: steps(MOST_STEPS - 101) },
    { ...last, environment: 'L'.repeat(20), steps: steps(100) },
  ] as EnvironmentPlan[];
  const template = Template.fromStack(hubOf(plans)).toJSON();
  const definitions = Object.values(template.Resources as Record<string, { Type: string; Properties: { DefinitionString: unknown } }>)
    .filter(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')
    .map(({ Properties }) => JSON.stringify(Properties.DefinitionString).length);
  expect(Math.max(...definitions)).toBeGreaterThan(500_000);
  expect(Math.max(...definitions)).toBeLessThan(1_000_000);
  expect(JSON.stringify(template).length).toBeLessThan(1_000_000);
}, 30_000);

test('a release that goes straight through three environments takes fewer than 100 transitions', () => {
  const transitions = Object.values(machines).map((definition) => new Graph(definition).straight.length);
  expect(transitions.reduce((sum, states) => sum + states, 0)).toBeLessThan(100);
});

describe('the rules find', () => {
  /** As a copy that may be changed. */
  interface Broken {
    States: Record<string, { Assign?: unknown; Catch?: { Assign?: unknown }[] } & Record<string, unknown>>;
  }
  const broken = (change: (definition: Broken) => void): string[] => {
    const copy = structuredClone(production);
    change(copy as unknown as Broken);
    return findings(copy);
  };

  test.each<[string, (state: Record<string, unknown>) => void, RegExp]>([
    ['no timeout', (state) => delete state.TimeoutSeconds, /no literal timeout/],
    ['an expression as timeout', (state) => Object.assign(state, { TimeoutSeconds: '{% 30 %}' }), /no literal timeout/],
    ['no retry', (state) => delete state.Retry, /does not try again/],
    ['no catch', (state) => delete state.Catch, /does not catch everything/],
    ['a JSONPath field', (state) => Object.assign(state, { ResultPath: '$.x' }), /JSONPath field ResultPath/],
    ['an expression that does not parse', (state) => Object.assign(state, { Output: '{% $states.input.( %}' }), /Enter Production: /],
    ['an expression that is not closed', (state) => Object.assign(state, { Output: '{% $states.input' }), /not closed/],
    ['an error outside of a Catch', (state) => Object.assign(state, { Output: '{% $states.errorOutput.Cause %}' }), /outside of a Catch/],
    ['a variable nobody sets', (state) => Object.assign(state, { Output: '{% $nobody %}' }), /reads \$nobody/],
    ['a way to nowhere', (state) => Object.assign(state, { Next: 'Nowhere' }), /leads to Nowhere/],
  ])('%s', (_, change, expected) => {
    expect(broken(({ States }) => change(States['Enter Production'] ?? {})).join('\n')).toMatch(expected);
  });

  test('a state that cannot be reached', () => {
    expect(broken(({ States }) => Object.assign(States, { Orphan: { Type: 'Succeed' } }))).toContain('Orphan cannot be reached');
  });

  test('a circle that does not count', () => {
    const circle = broken(({ States }) => delete States['Deploy to the shadow slot of Production']?.Assign);
    expect(circle).toContain('the circle through Is the shadow slot of Production deployed? has no end');
  });

  test('a variable that one of several ways leaves unset', () => {
    const unset = broken(({ States }) => delete States['Test the shadow of Production']?.Catch?.[0]?.Assign);
    expect(unset).toContain('Stop the release in Production reads $failure, which may not be set');
  });
});
