import { Durations } from '../../cli/review/machines/duration';
import { type DefinitionJson, Graph, type StateJson } from '../../cli/review/machines/graph';
import { type Act, type Proof, prove } from '../../cli/review/machines/proof';
import { machinesOf, threeEnvironments } from '../workflow/machines';

const production = machinesOf(threeEnvironments())['Payments-Production'] as DefinitionJson;

function actOf(state: string): Act | undefined {
  if (/^Shift /.test(state)) return 'shift';
  if (/^Roll back /.test(state)) return 'rollBack';
  return /^Accept /.test(state) ? 'accept' : undefined;
}

/** States as a copy that may be changed. */
type States = Record<
  string,
  { Next?: string; Default?: string; TimeoutSeconds?: unknown; Catch: { Next: string }[]; Choices: { Next: string; Condition: string }[] }
>;

function changed(change: (states: States) => void): Proof {
  const copy = structuredClone(production);
  change(copy.States as unknown as States);
  return prove(copy, actOf);
}

describe('the environment machine', () => {
  const proof = prove(production, actOf);

  test('is proved, and the one way that leads elsewhere is said', () => {
    expect(proof.problems).toEqual([]);
    expect(proof.holds).toBe(true);
    expect(proof.refused).toEqual([{ first: 'Shift Production to 10 percent', from: 'Is Production at 10 percent?', to: 'Stop the release in Production' }]);
  });

  test('every state after a shift is in the table, and comes to these ends only', () => {
    expect(proof.states.map(({ state }) => state)).toEqual(
      expect.arrayContaining(['Bake Production at 10 percent', 'Shift Production to 100 percent', 'Roll back Production']),
    );
    expect(proof.states.map(({ state }) => state)).not.toContain('Stop the release in Production');
    expect([...new Set(proof.states.flatMap(({ ends }) => ends))].sort()).toEqual([
      'Leave Production to the safety net',
      'Production is rolled back',
      'The release is live in Production',
    ]);
  });

  test('the bound of a state is its own and that of the longest way from it, which never grows on the way', () => {
    for (const { ways, seconds, secondsWithoutRetries } of proof.states) {
      expect(seconds).toBeGreaterThanOrEqual(secondsWithoutRetries);
      for (const { to } of ways) {
        const next = proof.states.find(({ state }) => state === to);
        if (next !== undefined) expect(seconds).toBeGreaterThanOrEqual(next.seconds);
      }
    }
    // By hand: 18 tries of 90 s, and waits of 2+4+8+16+30+30+30+30, 2+4+8+16+32+64 and 2+4+8 s.
    expect(proof.states.find(({ state }) => state === 'Roll back Production')?.seconds).toBe(18 * 90 + 150 + 126 + 14);
    expect(proof.longest.seconds).toBe(proof.longest.states.reduce((sum, { seconds }) => sum + seconds, 0));
  });
});

describe('is not proved of a machine', () => {
  test.each<[string, (states: States) => void, RegExp]>([
    [
      'that stops after a shift',
      (states) => Object.assign(states['Is Production at 50 percent?']?.Choices[0] ?? {}, { Next: 'Stop the release in Production' }),
      /"Stop the release in Production" leads to "The release is stopped in Production", which neither accepts nor rolls back/,
    ],
    [
      'that stops when a shift gives no answer: it may have written',
      (states) => Object.assign(states['Shift Production to 10 percent']?.Catch[0] ?? {}, { Next: 'Stop the release in Production' }),
      /neither accepts nor rolls back/,
    ],
    [
      'that is live without being accepted',
      (states) => Object.assign(states['Is Production healthy at 100 percent?'] ?? {}, { Default: 'The release is live in Production' }),
      /"Is Production healthy at 100 percent\?" leads to "The release is live in Production", which neither accepts/,
    ],
    [
      'that is live although it could not be accepted',
      (states) => Object.assign(states['Accept in Production']?.Catch[0] ?? {}, { Next: 'The release is live in Production' }),
      /although the release is not accepted/,
    ],
    [
      'that ends well when even rolling back fails',
      (states) => Object.assign(states['Roll back Production']?.Catch[0] ?? {}, { Next: 'Production is rolled back' }),
      /the safety net is not told/,
    ],
    [
      'that bakes without an end',
      (states) => Object.assign(states['Bake Production at 50 percent'] ?? {}, { TimeoutSeconds: '{% $long %}' }),
      /"Bake Production at 50 percent" has no literal time-out/,
    ],
    [
      'that goes round and round',
      (states) => Object.assign(states['Is Production healthy at 10 percent?']?.Choices[0] ?? {}, { Next: 'Bake Production at 10 percent' }),
      /the circle through "Bake Production at 10 percent" has no end/,
    ],
    [
      'whose first refusal is asked for in another way',
      (states) => Object.assign(states['Is Production at 10 percent?']?.Choices[0] ?? {}, { Condition: '{% true %}' }),
      /neither accepts nor rolls back/,
    ],
  ])('%s', (_, change, expected) => {
    const proof = changed(change);
    expect(proof.holds).toBe(false);
    expect(proof.problems.join('\n')).toMatch(expected);
  });

  test('in which nothing shifts, accepts or rolls back', () => {
    expect(prove(production, () => undefined).problems).toEqual([
      'no state of it shifts traffic, so nothing is proved',
      'no state of it accepts, so nothing is proved',
      'no state of it rolls back, so nothing is proved',
    ]);
  });
});

describe('how long a machine takes at most', () => {
  const graph = (States: Record<string, Partial<StateJson>>) => new Graph({ StartAt: 'A', States } as unknown as DefinitionJson);
  const from = (States: Record<string, Partial<StateJson>>, retries = true) => new Durations(graph(States), retries).from('A').seconds;

  test('the longer of two ways', () => {
    const task = (TimeoutSeconds: number, Next: string): Partial<StateJson> => ({ Type: 'Task', TimeoutSeconds, Next });
    const Choices = [{ Condition: '{% true %}', Next: 'B' }];
    expect(from({ A: { Type: 'Choice', Choices, Default: 'C' }, B: task(10, 'D'), C: task(20, 'D'), D: { Type: 'Succeed' } })).toBe(20);
  });

  test('as often as a task is tried, and the waits in between, which a longest wait cuts off', () => {
    const Retry = [{ ErrorEquals: ['X'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 3, MaxDelaySeconds: 10 }];
    expect(from({ A: { Type: 'Task', TimeoutSeconds: 100, Retry, End: true } })).toBe(4 * 100 + 2 + 6 + 10);
    expect(from({ A: { Type: 'Task', TimeoutSeconds: 100, Retry, End: true } }, false)).toBe(100);
  });

  test('the longest branch of a Parallel, and a Wait', () => {
    const branch = (TimeoutSeconds: number) => ({ StartAt: 'X', States: { X: { Type: 'Task' as const, TimeoutSeconds, End: true } } });
    expect(from({ A: { Type: 'Parallel', Branches: [branch(5), branch(7)], Next: 'B' }, B: { Type: 'Wait', Seconds: 30, End: true } })).toBe(37);
  });

  test('a circle that counts as often as it may be gone round, any other for ever', () => {
    const circle = (Assign: Record<string, string>) => ({
      A: { Type: 'Task' as const, TimeoutSeconds: 10, Assign, Next: 'B' },
      B: { Type: 'Choice' as const, Choices: [{ Condition: '{% $looks < 8 %}', Next: 'A' }], Default: 'C' },
      C: { Type: 'Succeed' as const },
    });
    expect(from(circle({ looks: '{% $looks + 1 %}' }))).toBe(80);
    expect(from(circle({}))).toBe(Number.POSITIVE_INFINITY);
  });

  test('a task without a time-out, and a Map, have no end', () => {
    expect([from({ A: { Type: 'Task', End: true } }), from({ A: { Type: 'Map', End: true } })]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
});
