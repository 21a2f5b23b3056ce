import { LEASE_SECONDS } from '../../lambda/contract';
import { enter } from '../../lambda/handlers/enter';
import { migrate } from '../../lambda/handlers/migrate';
import { openGate } from '../../lambda/handlers/open-gate';
import { reconcile } from '../../lambda/handlers/reconcile';
import { stop } from '../../lambda/handlers/stop';
import { call } from './api-call';
import { ContractWorld, declared, MANAGER, NAME } from './contract-world';
import { Died, dyingPorts } from './dying-ports';
import type { InMemoryPorts } from './in-memory-ports';

type Step = readonly [name: string, run: (world: ContractWorld, ports: InMemoryPorts) => Promise<unknown>];

const OTHER = '2026-12-drop-more';
const colourOf = async (world: ContractWorld) => (await world.state()).live?.colour ?? '';

/** A contract of two migrations, task by task. */
const STRAIGHT: readonly Step[] = [
  ['ask', (_, ports) => answered(ports)],
  ['enter', (world, ports) => enter(ports)({ ...world.task(), machine: 'of today' })],
  ['open the gate', (world, ports) => openGate(ports)({ ...world.task(), gate: 'contract', token: `token of ${world.execution}` })],
  ['accept', (world) => world.accept('1.1.0')],
  ['begin', (world, ports) => enter(ports)({ ...world.task(), contract: 'begins' })],
  ['run', async (world, ports) => migrate(ports)({ ...world.task(), colour: await colourOf(world), contract: 'runs' })],
];
const BEGUN = STRAIGHT.findIndex(([name]) => name === 'run');

/** The API answers an error that nobody foresaw with 500; whoever asked sees that, and asks again. */
async function answered(ports: InMemoryPorts): Promise<void> {
  const { status } = await call(ports, MANAGER, 'POST /environments/Production/contract', { reason: 'over' });
  if (status !== 200) throw new Died();
}

async function upTo(step: number): Promise<ContractWorld> {
  const world = await ContractWorld.ready(declared(), declared(OTHER));
  for (const [, run] of STRAIGHT.slice(0, step)) await run(world, world.ports);
  return world;
}

async function dies(world: ContractWorld, run: Step[1], effect: number, when: 'before' | 'after'): Promise<boolean> {
  const mortal = dyingPorts(world.ports, effect, when);
  await run(world, mortal).catch((error: unknown) => expect(error).toBeInstanceOf(Died));
  world.ports.clock.advance(LEASE_SECONDS);
  return mortal.effects() > effect;
}

/** What people would see, and what is recorded. */
async function seen(world: ContractWorld): Promise<unknown> {
  const { live, previous, weights, lock, contracting, contracts } = await world.state();
  const tickets = (await world.ports.ledger.tickets()).map(({ count }) => count);
  const migrations = await Promise.all([NAME, OTHER].map(async (name) => (await world.ports.ledger.migration('Production', name))?.status));
  return {
    live: live?.version,
    gone: previous?.contract?.name,
    weights,
    locked: lock !== undefined,
    asked: contracting !== undefined,
    contracts: contracts?.map(({ name, finishedAt }) => [name, finishedAt !== undefined]),
    migrations,
    tickets,
    writes: world.ports.liveRule.writes.length,
  };
}

async function eachDeath(steps: readonly number[], then: (world: ContractWorld, name: string, step: number) => Promise<void>): Promise<number> {
  let deaths = 0;
  for (const step of steps) {
    const [name, run] = STRAIGHT[step] as Step;
    for (const when of ['before', 'after'] as const) {
      for (let effect = 0; ; effect++) {
        const world = await upTo(step);
        if (!(await dies(world, run, effect, when))) break;
        deaths += 1;
        await then(world, `${when} effect ${effect} of ${name}`, step);
      }
    }
  }
  return deaths;
}

const ALL = STRAIGHT.map((_, step) => step);

test('every task asked for twice is the task done once', async () => {
  const [once, twice] = [await upTo(0), await upTo(0)];
  for (const [name, run] of STRAIGHT) {
    await run(once, once.ports);
    // A party decides once.
    for (let time = 0; time < (name === 'accept' ? 1 : 2); time++) await run(twice, twice.ports);
    expect([name, await seen(twice)]).toEqual([name, await seen(once)]);
  }
  expect(twice.ports.migrations.calls.length).toBe(2);
  expect(await seen(once)).toMatchObject({ live: '1.1.0', gone: NAME, locked: false, asked: false, migrations: ['finished', 'finished'], tickets: [] });
});

test('wherever a process dies, the same task tried again contracts the state as if nothing had happened', async () => {
  const straight = await seen(await upTo(STRAIGHT.length));
  const deaths = await eachDeath(ALL, async (world, name, step) => {
    for (const [, run] of STRAIGHT.slice(step)) await run(world, world.ports);
    expect([name, await seen(world)]).toEqual([name, straight]);
    // Recorded before it was called: whoever died before that has called nobody.
    expect(world.ports.migrations.calls.length).toBeLessThanOrEqual(3);
  });
  expect(deaths).toBeGreaterThan(15);
});

test('wherever a process and its machine die, the safety net leaves no lock, live as it was, and the target gone only if it has started', async () => {
  const outcomes = new Set<unknown>();
  await eachDeath(ALL.slice(1), async (world, name) => {
    if (name.endsWith('of accept')) return;
    const { contracting, contracts } = await world.state();
    const detail = { executionArn: world.execution, status: 'ABORTED', input: '{"contract":1,"release":"1.1.0"}' };
    const died = { detail } as Parameters<ReturnType<typeof reconcile>>[0];
    await reconcile(world.ports)(died);
    await reconcile(world.ports)(died);
    const gone = contracts === undefined ? undefined : NAME;
    const expected = { live: '1.1.0', gone, locked: false, asked: false, tickets: contracting ? [1] : [] };
    expect([name, await seen(world)]).toEqual([name, expect.objectContaining(expected)]);
    outcomes.add(`${gone ? 'started' : 'not started'}, ${contracting ? 'stopped' : 'finished'}`);
    const back = await world.rollBack();
    expect([name, back.status]).toEqual([name, gone ? 409 : 200]);
    if (!gone || !contracting) return;
    // And somebody goes on with it, unless only the record of its end was missing.
    if (contracts?.every(({ finishedAt }) => finishedAt !== undefined) && contracts.length === 2) {
      expect((await world.ask()).body.code).toBe('ContractFinished');
      return;
    }
    expect(await world.contracted('1.1.0')).toBe('contracted');
    expect(await seen(world)).toMatchObject({
      migrations: ['finished', 'finished'],
      locked: false,
      contracts: [
        [NAME, true],
        [OTHER, true],
      ],
    });
  });
  expect([...outcomes].sort()).toEqual(['not started, stopped', 'started, finished', 'started, stopped']);
});

test('the stop and the safety net themselves may die anywhere, and are tried again', async () => {
  const failure = { step: 's', subject: 'x', expected: 'y', actual: 'z', logs: 'l' };
  const endings: Step[] = [
    ['stop', (world, ports) => stop(ports)({ ...world.task(), failure, contract: 'stops' })],
    [
      'safety net',
      (world, ports) =>
        reconcile(ports)({ detail: { executionArn: world.execution, status: 'ABORTED', input: '{"contract":1,"release":"1.1.0"}' } } as Parameters<
          ReturnType<typeof reconcile>
        >[0]),
    ],
  ];
  for (const [name, run] of endings) {
    for (const when of ['before', 'after'] as const) {
      for (let effect = 0; ; effect++) {
        const world = await upTo(BEGUN);
        const didDie = await dies(world, run, effect, when);
        await run(world, world.ports);
        expect([name, await seen(world)]).toEqual([name, expect.objectContaining({ live: '1.1.0', locked: false, asked: false, tickets: [1] })]);
        if (!didDie) break;
      }
    }
  }
});

test('what another writes to the environment at the same instant loses neither the start nor the end', async () => {
  const world = await upTo(BEGUN);
  const touch = async () => world.ports.ledger.commit({ put: [await world.state()], audit: [] });
  const { commit } = world.ports.ledger;
  let raced = 0;
  world.ports.ledger.commit = async function (this: typeof world.ports.ledger, change) {
    if (change.put.some(({ kind }) => kind === 'environment') && raced < 6 && change.audit.length > 0) {
      raced += 1;
      if (raced % 2 === 1) await commit.call(world.ports.ledger, { put: [await world.state()], audit: [] });
    }
    return commit.call(world.ports.ledger, change);
  };
  await touch();
  await (STRAIGHT[BEGUN] as Step)[1](world, world.ports);
  expect(raced).toBeGreaterThan(2);
  expect(await seen(world)).toMatchObject({
    gone: NAME,
    locked: false,
    contracts: [
      [NAME, true],
      [OTHER, true],
    ],
    migrations: ['finished', 'finished'],
  });
});
