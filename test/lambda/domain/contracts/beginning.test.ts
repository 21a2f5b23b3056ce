import type { EnterOutput, EnvironmentPlan, Failure } from '../../../../lambda/contract';
import { beginContract } from '../../../../lambda/domain/contracts/begin';
import { giveUpContract } from '../../../../lambda/domain/contracts/give-up';
import { lookAtContract } from '../../../../lambda/domain/contracts/may-contract';
import { Retry } from '../../../../lambda/domain/errors';
import type { EnvironmentState, Gate, Release } from '../../../../lambda/domain/model';
import { heldOriginal } from '../../../../lambda/domain/traffic/original';
import { declared, PLAN } from '../../contract-world';
import type { InMemoryPorts } from '../../in-memory-ports';
import { BLUE, GREEN } from '../../story';
import { asked, contracting, EXECUTION, environment, gate, lines, lock, MIGRATIONS, NOW, RELEASE, TASK, WHO, world } from './asked-contract';

const LATER = '2026-01-05T09:05:00.000Z';
const begins = (ports: InMemoryPorts): Promise<EnterOutput> => beginContract(ports, { ...TASK, contract: 'begins' });

describe('a contract that people have agreed to', () => {
  test('has the environment from when it begins, and moves nobody', async () => {
    const ports = world();
    expect(await begins(ports)).toEqual({ outcome: 'entered', colour: 'blue' });
    expect(await environment(ports)).toEqual({ ...asked({ lock }), revision: 2 });
    expect(lines(ports)).toEqual([['contract begins', { release: '1.1.0', environment: 'Production', slot: 'blue' }]]);
    expect([ports.liveRule.writes, ports.ledger.happened()]).toEqual([[], []]);
  });

  test('finds its own lock when it is asked again', async () => {
    const ports = world();
    await begins(ports);
    ports.clock.advance(60);
    expect(await begins(ports)).toEqual({ outcome: 'entered', colour: 'blue' });
    expect([(await environment(ports)).lock?.since, ports.ledger.commits.length]).toEqual([NOW, 1]);
  });

  test('is tried again where somebody changes the environment in the same instant', async () => {
    const ports = world();
    ports.ledger.raceNextCommit(async () => ports.ledger.commit({ put: [await environment(ports)], audit: [] }));
    expect(await begins(ports)).toEqual({ outcome: 'entered', colour: 'blue' });
  });

  test('waits for who writes the live rule', async () => {
    const lease = { owner: 'w', fence: 1, expiresAt: LATER };
    const ports = world(asked({ lease }));
    const answer = begins(ports);
    await expect(answer).rejects.toThrow(`somebody moves traffic in Production right now, until ${LATER} at the latest; try again then`);
    await expect(answer).rejects.toBeInstanceOf(Retry);
    expect(await environment(ports)).toEqual(asked({ lease }));
  });

  test('needs nobody where nobody is asked about going live', async () => {
    const { goNoGo: _nobody, ...plan } = PLAN[0] as EnvironmentPlan;
    const ports = world();
    ports.ledger.seed({ ...RELEASE, plan: [plan] });
    ports.ledger.seed(gate({ status: 'open' }));
    expect(await begins(ports)).toMatchObject({ outcome: 'entered' });
  });
});

describe('a contract does not begin, and the environment stays as it is,', () => {
  const stopped = async (given: Partial<EnvironmentState>, held?: Gate, releases: readonly Release[] = []): Promise<Failure> => {
    const ports = world(asked(given), held);
    ports.ledger.seed(...releases);
    const answer = await begins(ports);
    if (answer.outcome !== 'stopped') throw new Error(JSON.stringify(answer));
    expect([await environment(ports), ports.ledger.commits]).toEqual([asked(given), []]);
    return answer.failure;
  };
  const about = { step: 'Begin the contract in Production', subject: 'the contract of Production', logs: EXECUTION };

  test('where nobody asks for it any more, or for another', async () => {
    expect(await stopped({ contracting: undefined })).toEqual({ ...about, expected: 'still asked for', actual: 'it has ended' });
    const since = { ...contracting, execution: 'arn:of-another', release: '1.2.0', at: LATER };
    const actual = `${WHO} asked for the contract of 1.2.0 since, at ${LATER}`;
    expect(await stopped({ contracting: since })).toEqual({ ...about, expected: 'still asked for', actual });
  });

  test('where something has come in its way', async () => {
    const actual = `Production is frozen by ${WHO} since ${NOW}, until somebody ends it (sales), and nothing takes back what a contract does; ask for the contract of Production when that is over, or end it with ptl unfreeze Production --reason "<why>"`;
    expect(await stopped({ freeze: { by: WHO, reason: 'sales', at: NOW } })).toEqual({ ...about, expected: 'nothing in its way', actual });
    const holder = { ...lock, execution: 'arn:of-another', contract: undefined, release: '1.2.0' };
    expect(await stopped({ lock: holder })).toMatchObject({ expected: 'nothing in its way', actual: expect.stringContaining('release 1.2.0 is in flight') });
  });

  test('where another version is live by now, though it brings one, too', async () => {
    const later: Release = { ...RELEASE, version: '1.2.0', digest: 'digest-of-1.2.0' };
    const { slots } = asked();
    expect(await stopped({ live: { colour: 'blue', version: '1.2.0', digest: 'digest-of-1.2.0' }, slots }, gate(), [later])).toEqual({
      ...about,
      expected: '1.1.0 is live, as it was when it was asked for',
      actual: '1.2.0 is: ask again, for that one',
    });
  });

  test('where people have not agreed to this very request', async () => {
    const atGate = {
      step: 'Ask for the contract in Production',
      subject: 'the contract in Production',
      expected: 'passed, for what would run',
      logs: EXECUTION,
    };
    const never = 'never opened: the hub was deployed without a go/no-go there since; release a new version';
    const ports = world(asked(), null);
    expect(await begins(ports)).toEqual({ outcome: 'stopped', failure: { ...atGate, actual: never } });
    expect(await stopped({}, gate({ execution: 'arn:of-another' }))).toEqual({ ...atGate, actual: never });
    expect(await stopped({}, gate({ status: 'accepted' }))).toEqual({ ...atGate, actual: 'accepted' });
    expect(await stopped({}, gate({ runs: MIGRATIONS.slice(0, 1) }))).toEqual({
      ...atGate,
      actual: 'accepted for the migration first, now it would be the migrations first, second: ask again',
    });
    expect(await stopped({}, gate({ runs: undefined }))).toEqual({
      ...atGate,
      actual: 'accepted for no migration, now it would be the migrations first, second: ask again',
    });
  });
});

describe('what a contract depends on', () => {
  test('is what is live, what became of its contracts, and who else has users', async () => {
    const ports = world();
    const about = { kind: 'migration', revision: 1, environment: 'Production', content: 'c1', status: 'finished', calls: 1 } as const;
    const known = { ...about, name: 'first', migration: 'contract', release: '1.0.0', execution: 'e', startedAt: NOW } as const;
    ports.ledger.seed({ ...RELEASE, migrations: [...MIGRATIONS, declared('adds', 'c1', 'expand')] });
    ports.ledger.seed(known, { ...known, name: 'adds', migration: 'expand' });
    expect(await lookAtContract(ports, 'Production')).toMatchObject({ release: { version: '1.1.0' }, known: [{ name: 'first' }], served: [], now: NOW });
    ports.liveRule.set('Production', { [BLUE]: 50, [GREEN]: 50 });
    expect((await lookAtContract(ports, 'Production')).served).toEqual(['green']);
  });

  test('is nothing where what is live is no release, or another one of that version', async () => {
    const nothing = { release: undefined, known: [], served: [] };
    const original = { ...asked(), ...heldOriginal(asked().slots, 'arn:of-before') };
    const ports = world(original);
    ports.liveRule.set('Production', { [GREEN]: 100 });
    expect(await lookAtContract(ports, 'Production')).toMatchObject(nothing);
    ports.ledger.seed(asked({ live: { colour: 'blue', version: '1.1.0', digest: 'of another' } }));
    expect(await lookAtContract(ports, 'Production')).toMatchObject(nothing);
    ports.ledger.seed(asked({ live: undefined }));
    expect(await lookAtContract(ports, 'Production')).toMatchObject(nothing);
  });
});

describe('a contract that has the environment when its version is rolled back', () => {
  const plan = PLAN[0] as EnvironmentPlan;
  const back = { by: 'arn:on-call', reason: 'wrong amounts', at: LATER };

  test('gives way where nothing of it has started, and that is told', async () => {
    const before = { name: 'another', release: '0.9.0', startedAt: NOW, finishedAt: NOW };
    const state = asked({ lock, contracts: [before] });
    const ports = world(state);
    const { contracting: _over, lock: _free, ...rest } = state;
    expect(await giveUpContract(ports, plan, state, back)).toEqual({ ...rest, goingBack: back, revision: 2 });
    expect(await ports.ledger.audit('1.1.0')).toEqual([
      {
        at: LATER,
        what: 'ContractStopped',
        release: '1.1.0',
        environment: 'Production',
        who: 'arn:on-call',
        why: 'wrong amounts',
        detail: {
          migrations: ['first', 'second'],
          by: WHO,
          failure: {
            step: 'Ask for the contract in Production',
            subject: 'release 1.1.0',
            expected: 'live in Production',
            actual: 'arn:on-call rolled it back: wrong amounts',
            logs: EXECUTION,
          },
        },
      },
    ]);
    expect(lines(ports)).toEqual([['contract given up', { release: '1.1.0', environment: 'Production', who: 'arn:on-call' }]]);
  });

  test('goes on where nothing is healthy of what the roll back goes to, which is refused then', async () => {
    const ports = world(asked({ lock }));
    ports.targets.unhealthy.add(GREEN);
    await expect(giveUpContract(ports, plan, asked({ lock }), back)).rejects.toMatchObject({
      code: 'CannotRollBack',
      message:
        'Production was not rolled back: expected at least one healthy target, found slot green with 1.0.0 has none: traffic stays on 1.1.0; the contract of 1.1.0 goes on',
    });
    expect([ports.ledger.commits, ports.log.lines]).toEqual([[], []]);
  });

  test('gives way where nobody can see whether anything is: users come first', async () => {
    const ports = world(asked({ lock }));
    ports.targets.healthy = async () => {
      throw new Error('AccessDenied');
    };
    expect(await giveUpContract(ports, plan, asked({ lock }), back)).toMatchObject({ goingBack: back });
  });

  const { green } = asked().slots;
  test.each<[string, Partial<EnvironmentState>]>([
    ['it was not asked for', { lock, contracting: undefined }],
    ['nobody has the environment', {}],
    ['a release has the environment', { lock: { ...lock, contract: undefined } }],
    ['another contract has the environment', { lock: { ...lock, execution: 'arn:of-another' } }],
    ['any of it has started', { lock, contracts: [{ name: 'second', release: '1.1.0', startedAt: NOW }] }],
    ['there is nothing to go back to', { lock, previous: undefined }],
    ['what it goes back to has to be started first', { lock, slots: { ...asked().slots, green: { ...(green as NonNullable<typeof green>), loweredFrom: 2 } } }],
    ['the environment is being retired', { lock, retirement: { ...back, execution: 'arn:retires', plan, original: '503', release: '1.1.0' } }],
  ])('keeps what it has where %s', async (_, given) => {
    const state = asked(given);
    const ports = world(state);
    expect(await giveUpContract(ports, plan, state, back)).toBe(state);
    expect([ports.ledger.commits, ports.log.lines]).toEqual([[], []]);
  });
});
