import { LEASE_SECONDS } from '../../lambda/contract';
import { accept } from '../../lambda/handlers/accept';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { readGates } from '../../lambda/handlers/read-gates';
import { reconcile } from '../../lambda/handlers/reconcile';
import { runTest } from '../../lambda/handlers/run-test';
import { startBake } from '../../lambda/handlers/start-bake';
import { stop } from '../../lambda/handlers/stop';
import { Died, dyingPorts } from './dying-ports';
import { exampleWorld, taskInput } from './example-path';
import type { InMemoryPorts } from './in-memory-ports';
import { BLUE, END, GREEN, GREEN_TASK, rule } from './story';

type Task = readonly [name: string, run: (ports: InMemoryPorts) => Promise<unknown>];

const atPercent = (percent: number): Task[] => [
  [`shift to ${percent}`, (ports) => moveTraffic(ports)({ ...GREEN_TASK, percent })],
  [`bake at ${percent}`, (ports) => startBake(ports)({ ...GREEN_TASK, percent, bakeSeconds: 300, token: `token at ${percent}` })],
  [`read the gates at ${percent}`, (ports) => readGates(ports)({ ...GREEN_TASK, percent })],
];

/** A release that goes straight through, task by task. */
const STRAIGHT: readonly Task[] = [
  ['enter', (ports) => enter(ports)(taskInput('1.1.0'))],
  ['deploy', (ports) => deploy(ports)(GREEN_TASK)],
  ['test', (ports) => runTest(ports)({ ...GREEN_TASK, test: 'health' })],
  ...[10, 50, 100].flatMap(atPercent),
  ['accept', (ports) => accept(ports)(GREEN_TASK)],
];

/** One way to die: in this task, at its n-th effect, right before it or right after. */
interface Death {
  readonly task: number;
  readonly effect: number;
  readonly when: 'before' | 'after';
}

/** Names of the live rules beside the first one. */
type Further = readonly string[];

function world(further: Further): InMemoryPorts {
  const ports = exampleWorld();
  ports.liveRule.further = further;
  ports.liveRule.set('Production', { [BLUE]: 100 });
  return ports;
}

async function upTo(task: number, further: Further): Promise<InMemoryPorts> {
  const ports = world(further);
  for (const [, run] of STRAIGHT.slice(0, task)) await run(ports);
  return ports;
}

/** Runs a task in a process that dies there. @returns whether it did */
async function dies(ports: InMemoryPorts, run: Task[1], { effect, when }: Omit<Death, 'task'>): Promise<boolean> {
  const mortal = dyingPorts(ports, effect, when);
  try {
    await run(mortal);
  } catch (error) {
    expect(causes(error)).toContain(true);
  }
  // Not even a lease outlives it for ever.
  ports.clock.advance(LEASE_SECONDS);
  return mortal.effects() > effect;
}

/** Whether it, or what it says it was caused by, is the death of the process. */
function causes(error: unknown): boolean[] {
  const { cause } = error as { cause?: unknown };
  return [error instanceof Died, ...(cause === undefined ? [] : causes(cause))];
}

const found = new Map<number, Promise<readonly Death[]>>();

/** Every way to die. */
function deaths(further: Further): Promise<readonly Death[]> {
  const known = found.get(further.length) ?? findDeaths(further);
  found.set(further.length, known);
  return known;
}

async function findDeaths(further: Further): Promise<readonly Death[]> {
  const all: Death[] = [];
  for (let task = 0; task < STRAIGHT.length; task++) {
    for (const when of ['before', 'after'] as const) {
      for (let effect = 0; await dies(await upTo(task, further), (STRAIGHT[task] as Task)[1], { effect, when }); effect++) all.push({ task, effect, when });
    }
  }
  return all;
}

/** What people would see: where traffic goes, what is live, what is locked, and what was raised. */
async function seen(ports: InMemoryPorts): Promise<unknown> {
  const { live, previous, weights, lock, slots } = await ports.ledger.environment('Production');
  const tickets = (await ports.ledger.tickets()).map(({ count }) => count);
  const versions = Object.fromEntries(Object.entries(slots).map(([colour, { version }]) => [colour, version]));
  const accepted = ports.liveRule.tags.Production?.version;
  return { rule: await rule(ports), live: live?.version, previous: previous?.version, weights, locked: lock !== undefined, tickets, versions, accepted };
}

const name = ({ task, effect, when }: Death) => `${when} effect ${effect} of ${STRAIGHT[task]?.[0]}`;
const died = { detail: { executionArn: GREEN_TASK.execution, status: 'ABORTED', input: '{"contract":1,"release":"1.1.0"}' } } as Parameters<
  ReturnType<typeof reconcile>
>[0];
const safetyNet = (ports: InMemoryPorts) => {
  ports.machines.rollingBack = async (request) => moveTraffic(ports)(request) as Promise<{ outcome: 'rolledBack' }>;
  return reconcile(ports)(died);
};

describe.each<[string, Further]>([
  ['one live rule', []],
  ['two live rules, moved as one', ['Internal']],
])('%s', (_, further) => {
  test('every task asked for twice is the task done once', async () => {
    const [once, twice] = [world(further), world(further)];
    for (const [, run] of STRAIGHT) {
      await run(once);
      expect(await run(twice)).toEqual(await run(twice));
      expect(await seen(twice)).toEqual(await seen(once));
    }
    expect(twice.liveRule.writes).toEqual(once.liveRule.writes);
    expect(await seen(once)).toMatchObject({ rule: { [GREEN]: 100 }, live: '1.1.0', previous: '1.0.0', locked: false, tickets: [], accepted: '1.1.0' });
  });

  test('wherever a process dies, the same task tried again brings the release live as if nothing had happened', async () => {
    const straight = await upTo(STRAIGHT.length, further);
    for (const death of await deaths(further)) {
      const ports = await upTo(death.task, further);
      await dies(ports, (STRAIGHT[death.task] as Task)[1], death);
      for (const [, run] of STRAIGHT.slice(death.task)) await run(ports);
      expect([name(death), await seen(ports)]).toEqual([name(death), await seen(straight)]);
      expect(ports.liveRule.writes).toHaveLength(straight.liveRule.writes.length);
    }
    expect(await deaths(further)).not.toHaveLength(0);
  });

  test('wherever a process and its machine die, the safety net leaves either the old version live or the new one, never half, and no lock', async () => {
    const outcomes = new Set<string>();
    for (const death of await deaths(further)) {
      const ports = await upTo(death.task, further);
      await dies(ports, (STRAIGHT[death.task] as Task)[1], death);
      const hadEntered = (await ports.ledger.environment('Production')).lock !== undefined;
      await safetyNet(ports);
      await safetyNet(ports);
      const isLive = (await ports.ledger.environment('Production')).live?.version === '1.1.0';
      const expected = isLive
        ? { rule: { [GREEN]: 100 }, live: '1.1.0', weights: { green: 100 }, locked: false, tickets: [] }
        : { rule: { [BLUE]: 100 }, live: '1.0.0', weights: { blue: 100 }, locked: false, tickets: hadEntered ? [1] : [] };
      expect([name(death), await seen(ports)]).toEqual([name(death), expect.objectContaining(expected)]);
      outcomes.add(isLive ? 'live' : ((await ports.ledger.release('1.1.0'))?.status ?? 'unknown'));
    }
    expect([...outcomes].sort()).toEqual(['live', 'rolledBack', 'stopped', 'submitted']);
  });

  test('the roll back, the stop and the safety net themselves may die anywhere, and are tried again', async () => {
    const endings: readonly [task: number, ...Task][] = [
      [STRAIGHT.findIndex(([task]) => task === 'shift to 50'), 'roll back', (ports) => moveTraffic(ports)(END)],
      [STRAIGHT.findIndex(([task]) => task === 'test'), 'stop', (ports) => stop(ports)(END)],
      [STRAIGHT.findIndex(([task]) => task === 'shift to 50'), 'safety net after a shift', safetyNet],
      [STRAIGHT.findIndex(([task]) => task === 'test'), 'safety net before a shift', safetyNet],
    ];
    for (const [task, ending, run] of endings) {
      for (const when of ['before', 'after'] as const) {
        for (let effect = 0; ; effect++) {
          const ports = await upTo(task, further);
          const writes = ports.liveRule.writes.length;
          const didDie = await dies(ports, run, { effect, when });
          await run(ports);
          const state = { rule: { [BLUE]: 100 }, live: '1.0.0', weights: { blue: 100 }, locked: false, tickets: [1] };
          expect([`${when} effect ${effect} of ${ending}`, await seen(ports)]).toEqual([
            `${when} effect ${effect} of ${ending}`,
            expect.objectContaining(state),
          ]);
          expect(ports.liveRule.writes.length - writes).toBeLessThanOrEqual(1 + further.length);
          if (!didDie) break;
        }
      }
    }
  });
});
