import type { Failure } from '../../../../lambda/contract';
import { runContract } from '../../../../lambda/domain/contracts/run';
import { stopAsking } from '../../../../lambda/domain/contracts/stop-asking';
import { stopContract } from '../../../../lambda/domain/contracts/stop-contract';
import type { EnvironmentState, Gate } from '../../../../lambda/domain/model';
import { fingerprintOf } from '../../../../lambda/domain/ticket';
import { PLAN } from '../../contract-world';
import { exampleRelease } from '../../example-path';
import type { InMemoryPorts } from '../../in-memory-ports';
import { asked, contracting, EXECUTION, environment, gate, lines, lock, MIGRATIONS, NOW, TASK, WHO, world } from './asked-contract';

const runs = (ports: InMemoryPorts) => runContract(ports, { ...TASK, colour: 'blue', contract: 'runs' });

describe('a contract that runs', () => {
  test('frees the environment when all of it has finished, and says what ran for whom', async () => {
    const ports = world(asked({ lock }));
    expect(await runs(ports)).toEqual({ outcome: 'migrated' });
    const state = await environment(ports);
    expect([state.lock, state.contracting]).toEqual([undefined, undefined]);
    expect(state.contracts).toEqual(['first', 'second'].map((name) => ({ name, release: '1.1.0', startedAt: NOW, finishedAt: NOW })));
    const ends = (await ports.ledger.audit('1.1.0')).at(-1);
    expect(ends).toMatchObject({ what: 'ContractFinished', environment: 'Production', who: EXECUTION });
    expect(ends?.detail).toEqual({ colour: 'blue', migrations: ['first', 'second'], by: WHO });
    expect(lines(ports).at(-1)).toEqual(['contract finished', { release: '1.1.0', environment: 'Production' }]);
  });

  test('frees it, too, where the ledger does not know any more who asked', async () => {
    const ports = world(asked({ lock, contracting: undefined }));
    expect(await runs(ports)).toEqual({ outcome: 'migrated' });
    expect((await environment(ports)).lock).toBeUndefined();
    expect((await ports.ledger.audit('1.1.0')).at(-1)?.detail).toEqual({ colour: 'blue', migrations: [], by: null });
  });

  test('is kept once among those that have started, however often it is called', async () => {
    const before = { name: 'another', release: '0.9.0', startedAt: NOW, finishedAt: NOW };
    const ports = world(asked({ lock, contracts: [before] }));
    ports.migrations.scripted.push({ answer: { done: false, next: 7 } });
    await runs(ports);
    expect((await environment(ports)).contracts?.map(({ name }) => name)).toEqual(['another', 'first', 'second']);
  });

  test('has nothing to do when it is asked again', async () => {
    const ports = world(asked({ lock }));
    await runs(ports);
    const commits = ports.ledger.commits.length;
    expect(await runs(ports)).toEqual({ outcome: 'migrated' });
    expect([ports.ledger.commits.length, ports.migrations.calls.length]).toEqual([commits, 2]);
  });

  test('ends once where two runs of it come to its end together', async () => {
    const ports = world(asked({ lock }));
    const commit = ports.ledger.commit.bind(ports.ledger);
    ports.ledger.commit = async (change) => {
      if (change.audit.some(({ what }) => what === 'ContractFinished')) {
        ports.ledger.commit = commit;
        await runs(ports);
      }
      return commit(change);
    };
    expect(await runs(ports)).toEqual({ outcome: 'migrated' });
    expect(ports.ledger.happened().filter((what) => what === 'ContractFinished')).toHaveLength(1);
  });

  test('calls nothing where the environment is not its own any more, and says whose it is', async () => {
    const about = { step: 'Contract the shared state of Production', subject: 'the lock of Production', expected: 'held for this contract', logs: EXECUTION };
    const other = { ...lock, release: '1.2.0', execution: 'arn:of-another' };
    for (const [given, actual] of [
      [{}, 'nobody holds it'],
      [{ lock: other }, `release 1.2.0 has held it since ${NOW}, by arn:of-another`],
    ] as const) {
      const ports = world(asked(given));
      expect(await runs(ports)).toEqual({ outcome: 'failed', failure: { ...about, actual } });
      expect([ports.migrations.calls, ports.ledger.commits]).toEqual([[], []]);
    }
  });

  test('and waits for no call of whoever had it before', async () => {
    const ports = world(asked());
    const about = {
      kind: 'migration',
      revision: 1,
      environment: 'Production',
      name: 'first',
      migration: 'contract',
      content: 'c1',
      status: 'started',
    } as const;
    const call = { owner: 'who died', until: '2026-01-05T09:10:00.000Z' };
    ports.ledger.seed({ ...about, release: '1.1.0', execution: EXECUTION, startedAt: NOW, calls: 1, call });
    expect(await runs(ports)).toMatchObject({ outcome: 'failed', failure: { actual: 'nobody holds it' } });
    expect(ports.clock.slept).toEqual([]);
  });

  test('leaves who brings it, too, a version to roll back to, in its slot or taken from it', async () => {
    const brings = { status: 'live', migrations: MIGRATIONS } as const;
    const taken = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0', by: '1.1.0', at: NOW };
    const ports = world(asked({ lock, previousTaken: taken }));
    ports.ledger.seed(exampleRelease('1.0.0', PLAN, brings), exampleRelease('0.9.0', PLAN, brings));
    await runs(ports);
    const { previous, previousTaken } = await environment(ports);
    expect([previous, previousTaken]).toEqual([asked().previous, taken]);
    const others = world(asked({ lock, previousTaken: taken }));
    await runs(others);
    const marked = await environment(others);
    expect([marked.previous?.contract?.name, marked.previousTaken?.contract?.name]).toEqual(['first', 'first']);
  });

  test('what fails besides is not its own to judge', async () => {
    const ports = world(asked({ lock }));
    ports.ledger.commit = async () => {
      throw new Error('the table is away');
    };
    await expect(runs(ports)).rejects.toThrow('the table is away');
  });
});

const failure: Failure = {
  step: 'Contract the shared state of Production',
  subject: 'migration first',
  expected: 'done',
  actual: 'throttled',
  logs: 'its log',
};

describe('a contract that cannot go on', () => {
  const ticket = fingerprintOf('Production', failure);
  const stops = (ports: InMemoryPorts) => stopContract(ports, { ...TASK, failure, contract: 'stops' });

  test('ends with one ticket, frees the environment, and its release stays live', async () => {
    const ports = world(asked({ lock }));
    expect(await stops(ports)).toEqual({ outcome: 'stopped', ticket });
    const { contracting: _over, ...rest } = asked();
    expect(await environment(ports)).toEqual({ ...rest, revision: 2 });
    const [stopped, raised] = await ports.ledger.audit('1.1.0');
    expect(stopped).toMatchObject({ what: 'ContractStopped', who: EXECUTION, why: `${failure.step}: migration first: throttled` });
    expect(stopped?.detail).toEqual({ migrations: ['first', 'second'], by: WHO, ticket, failure });
    expect(raised).toMatchObject({ what: 'TicketRaised', detail: { outcome: 'stopped' } });
    expect(await ports.ledger.tickets()).toMatchObject([{ fingerprint: ticket, releases: ['1.1.0'], outcome: 'stopped', count: 1 }]);
    const { subject, expected, actual } = failure;
    expect(lines(ports)).toEqual([['contract stopped', { release: '1.1.0', environment: 'Production', subject, expected, actual, ticket }]]);
  });

  test('finds its own work when it is asked again', async () => {
    const ports = world(asked({ lock }));
    await stops(ports);
    ports.ledger.seed({ ...(await environment(ports)), contracting });
    expect(await stops(ports)).toEqual({ outcome: 'stopped', ticket });
    expect([ports.ledger.commits.length, (await ports.ledger.tickets()).map(({ count }) => count)]).toEqual([1, [1]]);
  });

  test('comes on the ticket that there is of the same failure', async () => {
    const ports = world(asked({ lock }));
    await stops(ports);
    const execution = 'arn:of-the-next';
    ports.ledger.seed({ ...(await environment(ports)), contracting: { ...contracting, execution } });
    expect(await stopContract(ports, { ...TASK, execution, failure, contract: 'stops' })).toEqual({ outcome: 'stopped', ticket });
    expect(await ports.ledger.tickets()).toMatchObject([{ count: 2 }]);
  });

  test('leaves the lock to who has it', async () => {
    const other = { ...lock, execution: 'arn:of-another' };
    const ports = world(asked({ lock: other }));
    await stops(ports);
    expect(await environment(ports)).toMatchObject({ lock: other });
    expect(await environment(ports)).not.toHaveProperty('contracting');
  });

  test('raises nothing where another has taken its place', async () => {
    for (const given of [{ contracting: undefined }, { contracting: { ...contracting, execution: 'arn:of-another' } }]) {
      const ports = world(asked(given));
      expect(await stops(ports)).toEqual({ outcome: 'stopped' });
      expect([ports.ledger.commits, await ports.ledger.tickets()]).toEqual([[], []]);
    }
  });

  test('is not asked about any more: what people said before stands', async () => {
    const becomes = async (given: Partial<Gate>) => {
      const ports = world(asked(), gate(given));
      await stops(ports);
      return (await ports.ledger.gate('1.1.0', 'Production', 'contract'))?.status;
    };
    expect([await becomes({ status: 'open' }), await becomes({ status: 'accepted' })]).toEqual(['void', 'void']);
    expect(await becomes({ status: 'open', expiresAt: NOW })).toBe('expired');
    expect([await becomes({ status: 'passed' }), await becomes({ status: 'open', execution: 'arn:of-another' })]).toEqual(['passed', 'open']);
    expect(await stops(world(asked(), null))).toEqual({ outcome: 'stopped', ticket });
  });
});

describe('nobody is asked about the contract of a version that was rolled back', () => {
  const live = { colour: 'green', version: '1.0.0', digest: 'digest-of-1.0.0' };
  const back = (ports: InMemoryPorts) => stopAsking(ports, 'arn:on-call', 'Production', { reason: ' wrong amounts ' });
  const open = gate({ status: 'open' });

  test('and its machine is told whose doing that is', async () => {
    const ports = world(asked({ live }), open);
    await back(ports);
    expect(await environment(ports)).not.toHaveProperty('contracting');
    expect((await ports.ledger.gate('1.1.0', 'Production', 'contract'))?.status).toBe('void');
    const told = {
      step: 'Ask for the contract in Production',
      subject: 'release 1.1.0',
      expected: 'live in Production',
      actual: 'arn:on-call rolled it back: wrong amounts',
      logs: EXECUTION,
    };
    expect(ports.machines.answers).toEqual([{ token: 'its token', answer: { success: { outcome: 'refused', failure: told } } }]);
    const detail = { migrations: ['first', 'second'], by: WHO, failure: told };
    const about = { at: NOW, release: '1.1.0', environment: 'Production' };
    expect(await ports.ledger.audit('1.1.0')).toEqual([{ ...about, what: 'ContractStopped', who: 'arn:on-call', why: 'wrong amounts', detail }]);
  });

  test('also where somebody changes the environment in the same instant', async () => {
    const ports = world(asked({ live }), open);
    ports.ledger.raceNextCommit(async () => ports.ledger.commit({ put: [await environment(ports)], audit: [] }));
    await back(ports);
    expect(ports.machines.answers).toHaveLength(1);
  });

  test('and so it is where nothing is live any more', async () => {
    const ports = world(asked({ live: undefined }), open);
    await back(ports);
    expect(ports.machines.answers).toHaveLength(1);
  });

  test.each<[string, Partial<EnvironmentState>, Gate]>([
    ['there was none', { live, contracting: undefined }, open],
    ['something has the environment', { live, lock }, open],
    ['its version is live', {}, open],
    ['people have decided meanwhile', { live }, gate()],
    ['it is another that people are asked about', { live }, gate({ status: 'open', execution: 'arn:of-another' })],
  ])('which changes nothing where %s', async (_, given, held) => {
    const ports = world(asked(given), held);
    await back(ports);
    expect([ports.ledger.commits, ports.machines.answers]).toEqual([[], []]);
  });

  test('nor before anybody is asked', async () => {
    const ports = world(asked({ live }), null);
    await back(ports);
    expect(ports.ledger.commits).toEqual([]);
  });
});
