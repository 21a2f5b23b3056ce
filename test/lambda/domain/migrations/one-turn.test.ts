import type { MigrationRunner, SlotMigration } from '../../../../lambda/contract';
import { advance, runNext } from '../../../../lambda/domain/migrations/run-next';
import { MARGIN_MS, PAUSE_MS, type Run } from '../../../../lambda/domain/migrations/turn';
import type { EnvironmentState, MigrationState } from '../../../../lambda/domain/model';
import { examplePlan, exampleRelease, exampleSlot, exampleWorld, liveEnvironment } from '../../example-path';
import type { InMemoryPorts } from '../../in-memory-ports';
import { GREEN_TASK } from '../../story';

const NAME = 'split-name';
const RELEASE = exampleRelease('1.1.0', [examplePlan()], { migrations: [{ name: NAME, kind: 'breaking', content: 'c1' }] });
const LAMBDA: MigrationRunner = { kind: 'lambda', functionName: 'f', timeoutSeconds: 300 };
const BUILD = { kind: 'codeBuildProject', project: 'p', timeoutSeconds: 600 } as const;
const LOGS = '/path-to-live/Payments/Production/migrations in 222222222222, eu-west-2';
const AT = '2026-01-05T09:00:00.000Z';

const migration = (runner: MigrationRunner = LAMBDA): SlotMigration => ({ name: NAME, kind: 'breaking', content: 'c1', runner });
const known = (given: Partial<MigrationState> = {}): MigrationState => {
  const about = { kind: 'migration', revision: 1, environment: 'Production', name: NAME, migration: 'breaking', content: 'c1', calls: 2 } as const;
  return { ...about, status: 'started', release: '1.1.0', execution: GREEN_TASK.execution, startedAt: AT, ...given };
};
const run = (given: Partial<Run> = {}): Run => ({ kind: 'breaking', step: 'Migrate in the outage of Production', ...given });

interface Given {
  readonly known?: Partial<MigrationState>;
  readonly runner?: MigrationRunner;
  readonly run?: Partial<Run>;
  readonly left?: number;
}

/** One turn of a migration of which this is known. */
async function turn(given: Given, ports: InMemoryPorts = exampleWorld()) {
  if (given.known) ports.ledger.seed(known(given.known));
  if (given.left !== undefined) Object.assign(ports, { remainingMilliseconds: () => given.left });
  const output = await advance(ports, GREEN_TASK, RELEASE, migration(given.runner), run(given.run));
  const { calls, runs } = ports.migrations;
  return { output, made: calls.length + runs.length, slept: ports.clock.slept, ports };
}
const failed = (actual: string) => ({
  outcome: 'failed',
  failure: { step: 'Migrate in the outage of Production', subject: `migration ${NAME}`, expected: 'done', actual, logs: LOGS },
});
const migrating = (actual: string) => ({ ...failed(actual), outcome: 'migrating' });
const ports = exampleWorld();
const later = (seconds: number) => ports.clock.later(seconds);
const call = (seconds: number) => ({ owner: 'somebody', until: later(seconds) });
const started = (seconds: number, id?: string) => ({ name: 'r', runner: BUILD, until: later(seconds), ...(id !== undefined && { id }) });

describe('what is left of a run of ours', () => {
  const CALL = 330_000;

  test('is enough for a call and its time afterwards, or the next run makes the call', async () => {
    expect(await turn({ left: CALL + MARGIN_MS })).toMatchObject({ output: undefined, made: 1 });
    expect(await turn({ left: CALL + MARGIN_MS - 1 })).toMatchObject({ output: migrating('not done, after 0 calls'), made: 0 });
    expect(await turn({ left: CALL + MARGIN_MS - 1, known: {} })).toMatchObject({ output: migrating('not done, after 2 calls'), made: 0 });
  });

  test('is enough to start a task or a build, and to find one again', async () => {
    const START = 60_000;
    expect(await turn({ runner: BUILD, left: START + MARGIN_MS })).toMatchObject({ output: undefined, made: 1 });
    expect(await turn({ runner: BUILD, left: START + MARGIN_MS - 1 })).toMatchObject({ output: migrating('not done, after 0 calls'), made: 0 });
    const lost = { runner: BUILD, known: { run: started(600) } };
    expect(await turn({ ...lost, left: START + MARGIN_MS })).toMatchObject({ output: undefined, made: 1 });
    expect(await turn({ ...lost, left: START + MARGIN_MS - 1 })).toMatchObject({
      output: migrating(`not done: r is under way, until ${later(600)} at most`),
      made: 0,
    });
  });

  test('is enough to wait a little, and to look', async () => {
    expect(await turn({ known: { call: call(12) }, left: PAUSE_MS + MARGIN_MS })).toMatchObject({ output: undefined, made: 0, slept: [PAUSE_MS] });
    expect(await turn({ known: { call: call(12) }, left: PAUSE_MS + MARGIN_MS - 1 })).toMatchObject({
      output: migrating('not done, after 2 calls'),
      slept: [],
    });
    const seen = { runner: BUILD, known: { run: started(600, 'run-9') } };
    expect(await turn({ ...seen, left: PAUSE_MS + MARGIN_MS })).toMatchObject({ output: undefined, slept: [PAUSE_MS] });
    expect(await turn({ ...seen, left: PAUSE_MS + MARGIN_MS - 1 })).toMatchObject({
      output: migrating(`not done: run-9 is under way, until ${later(600)} at most`),
      slept: [],
    });
  });
});

describe('in an outage that ends by a time', () => {
  const noTime = (until: string, what: string, seconds: number) =>
    failed(`not done, and the outage is to end at ${until}: no time is left for ${what}, which may take ${seconds} seconds`);

  test('nothing is called, or started, that may not be over by then', async () => {
    expect(await turn({ run: { until: later(300) } })).toMatchObject({ output: undefined, made: 1 });
    expect(await turn({ run: { until: later(299) } })).toMatchObject({ output: noTime(later(299), 'a call', 300), made: 0 });
    expect(await turn({ runner: BUILD, run: { until: later(600) } })).toMatchObject({ output: undefined, made: 1 });
    expect(await turn({ runner: BUILD, run: { until: later(599) } })).toMatchObject({ output: noTime(later(599), 'it', 600), made: 0 });
    expect(await turn({ known: {}, run: { until: later(299) } })).toMatchObject({ output: noTime(later(299), 'a call', 300), made: 0 });
  });

  test('what is under way is followed as long as there is time, whatever it may still take', async () => {
    const over = failed(`not done, and the outage was to end at ${later(-1)}`);
    for (const under of [{ call: call(60) }, { run: started(600, 'run-9') }, { run: started(600) }]) {
      expect((await turn({ runner: BUILD, known: under, run: { until: later(0) } })).output).toBeUndefined();
      expect(await turn({ runner: BUILD, known: under, run: { until: later(-1) } })).toMatchObject({ output: over, made: 0, slept: [] });
    }
  });

  test('what nobody had started until its time was up is one that would begin now', async () => {
    const lost = { runner: BUILD, known: { run: started(0) } };
    expect(await turn({ ...lost, run: { until: later(599) } })).toMatchObject({ output: noTime(later(599), 'it', 600), made: 0 });
    expect(await turn({ ...lost, run: { until: later(600) } })).toMatchObject({ output: undefined, made: 1 });
    expect((await turn({ runner: BUILD, known: { run: started(0, 'run-9') }, run: { until: later(1) } })).output).toMatchObject({
      outcome: 'failed',
      failure: { actual: 'run-9 is not to be found any more, and nobody has seen how it ended' },
    });
  });
});

describe('who only follows', () => {
  const run = { onlyFollows: true } as const;

  test('begins nothing', async () => {
    for (const given of [{}, { known: {} }, { known: { call: call(0) } }]) {
      expect(await turn({ ...given, run })).toMatchObject({ output: undefined, made: 0, slept: [] });
    }
  });

  test('waits for a call, and looks at what runs', async () => {
    expect(await turn({ known: { call: call(12) }, run })).toMatchObject({ output: undefined, made: 0, slept: [PAUSE_MS] });
    expect(await turn({ runner: BUILD, known: { run: started(600, 'run-9') }, run })).toMatchObject({ output: undefined, made: 0, slept: [PAUSE_MS] });
  });

  test('forgets what was never started, and does not start it', async () => {
    const { output, made, ports: world } = await turn({ runner: BUILD, known: { run: started(600) }, run });
    expect([output, made]).toEqual([undefined, 0]);
    expect(await world.ledger.migration('Production', NAME)).toEqual({ ...known(), revision: expect.any(Number) });
    expect(world.ledger.happened()).toEqual([]);
    expect(world.log.lines.at(-1)).toEqual({
      level: 'info',
      message: 'migration was never started',
      fields: { environment: 'Production', migration: NAME, run: 'r' },
    });
  });
});

describe('the log has', () => {
  const lines = (world: InMemoryPorts) => world.log.lines.map(({ level, message, fields }) => [level, message, fields]);
  const about = { release: '1.1.0', environment: 'Production', migration: NAME };

  test('every call, and what it came to', async () => {
    const world = exampleWorld();
    world.migrations.scripted.push({ answer: { done: false, next: 1 } }, { answer: { done: true } });
    await turn({}, world);
    await turn({}, world);
    expect(lines(world)).toEqual([
      ['info', 'migration called', { ...about, calls: 1, answered: 'again' }],
      ['info', 'migration called', { ...about, calls: 2, answered: 'finished' }],
    ]);
  });

  test('every start, and how it ended', async () => {
    const world = exampleWorld();
    world.migrations.looks = 0;
    await turn({ runner: BUILD }, world);
    await turn({ runner: BUILD }, world);
    const [{ name = '' } = {}] = world.migrations.runs;
    expect(lines(world)).toEqual([
      ['info', 'migration started', { ...about, run: name, id: 'run-1' }],
      ['info', 'migration ended', { ...about, run: name, ended: 'finished' }],
    ]);
    const refused = exampleWorld();
    refused.migrations.starts.push({ error: 'no capacity' });
    expect((await turn({ runner: BUILD }, refused)).output).toEqual(failed('no capacity'));
    expect(lines(refused)).toEqual([['info', 'migration started', { ...about, run: expect.any(String), error: 'no capacity' }]]);
  });
});

test('what goes along with a start, and with an end that is one, goes into the same transaction; nothing with a failure', async () => {
  const along = async (runner: MigrationRunner, fails: boolean) => {
    const world = exampleWorld();
    world.migrations.looks = 0;
    world.migrations.scripted.push(fails ? { error: 'table is locked' } : { answer: { done: true } });
    world.migrations.starts.push(fails ? { state: 'failed', reason: 'table is locked', logs: 'l' } : { state: 'done', said: 'done' });
    const seen: string[] = [];
    const alongside: Run['alongside'] = async (name, what, now) => {
      seen.push(`${name} ${what} at ${now}`);
      return [];
    };
    await turn({ runner, run: { alongside } }, world);
    if (runner.kind !== 'lambda') await turn({ runner, run: { alongside } }, world);
    return [seen, (await world.ledger.migration('Production', NAME))?.status];
  };
  const [started, finished] = ['started', 'finished'].map((what) => `${NAME} ${what} at ${AT}`);
  for (const runner of [LAMBDA, BUILD]) {
    expect(await along(runner, false)).toEqual([[started, finished], 'finished']);
    expect(await along(runner, true)).toEqual([[started], 'failed']);
  }
});

describe('a build whose starter has died', () => {
  const lost = (given: Partial<MigrationState> = {}) => ({ runner: BUILD, known: { run: started(600), ...given } });

  test('is started by the same name, with the time that it had, or all of it where that is up', async () => {
    const { ports: world } = await turn(lost());
    expect(await world.ledger.migration('Production', NAME)).toMatchObject({ run: { name: 'r', id: 'run-1', until: later(600) }, calls: 3 });
    const { ports: late } = await turn(lost({ run: started(0) }));
    // A minute to be started in, and then its own time.
    expect(await late.ledger.migration('Production', NAME)).toMatchObject({ run: { name: 'r', id: 'run-1', until: later(660) } });
  });

  test('is known by what its service calls it once it is found, and nothing is started', async () => {
    const world = exampleWorld();
    await world.migrations.start(examplePlan(), started(600), { migration: NAME, release: '1.1.0', environment: 'Production' });
    expect((await turn(lost(), world)).output).toBeUndefined();
    expect(await world.ledger.migration('Production', NAME)).toEqual({ ...known({ run: started(600, 'run-1') }), revision: expect.any(Number) });
    expect(world.migrations.runs).toHaveLength(1);
  });

  test.each<[string, Partial<MigrationState>, MigrationRunner]>([
    ['of another release', { release: '1.0.1' }, BUILD],
    ['by something else', {}, { ...BUILD, project: 'another' }],
  ])('%s, and is nowhere to be found, was never started', async (_, given, runner) => {
    const { output, made, ports: world } = await turn({ ...lost(given), runner });
    expect([output, made]).toEqual([undefined, 0]);
    expect(await world.ledger.migration('Production', NAME)).not.toHaveProperty('run');
  });

  test('and that another finds in the same instant is recorded once', async () => {
    const world = exampleWorld();
    await world.migrations.start(examplePlan(), started(600), { migration: NAME, release: '1.1.0', environment: 'Production' });
    world.ledger.seed(known({ run: started(600) }));
    world.ledger.raceNextCommit(async () => void (await turn({ runner: BUILD }, world)));
    await turn({ runner: BUILD }, world);
    expect((await world.ledger.migration('Production', NAME))?.run).toEqual(started(600, 'run-1'));
  });
});

describe('the next migration', () => {
  const slots = (...migrations: readonly SlotMigration[]) => ({ green: { ...exampleSlot('1.1.0', 'Payments-Production-Green'), migrations } });
  const next = (given: Partial<EnvironmentState>, ...states: readonly MigrationState[]) => nextOf(RELEASE, given, ...states);
  const nextOf = (release: typeof RELEASE, given: Partial<EnvironmentState>, ...states: readonly MigrationState[]) => {
    const world = exampleWorld();
    world.ledger.seed(...states);
    return runNext(world, GREEN_TASK, release, liveEnvironment('1.0.0', 'Production', given), run());
  };

  test('is the first that has not finished, and there is none then', async () => {
    expect(await next({ slots: slots(migration()) })).toBeUndefined();
    expect(await next({ slots: slots(migration()) }, known({ status: 'finished' }))).toEqual({ outcome: 'migrated' });
  });

  test('is none where the name of one of them stands for something else here', async () => {
    const both = { ...RELEASE, migrations: [{ name: 'first', kind: 'breaking', content: 'c1' } as const, ...(RELEASE.migrations ?? [])] };
    const taken = known({ status: 'finished', content: 'c2', endedAt: AT, release: '1.0.1' });
    const why = `finished in Production at ${AT}, brought by release 1.0.1, with other content: give the new content a name of its own`;
    expect(await nextOf(both, { slots: slots(migration()) }, known({ name: 'first' }), taken)).toEqual(failed(why));
  });

  test('is none where the slot has nothing to run it by', async () => {
    const why = failed('slot green has nothing to run it by; submit the release again');
    for (const held of [{}, slots(), slots({ ...migration(), name: 'other' })]) expect(await next({ slots: held })).toEqual(why);
  });

  test('does not start under a freeze; one that this execution has started goes on', async () => {
    const freeze = { by: 'arn:manager', reason: 'Black Friday', at: AT };
    const frozen = { slots: slots(migration()), freeze };
    const why = { outcome: 'failed', failure: { step: 'Migrate in the outage of Production', subject: 'the freeze of Production' } };
    expect(await next(frozen)).toMatchObject(why);
    const two = { ...RELEASE, migrations: [{ name: 'first', kind: 'breaking', content: 'c1' } as const, ...(RELEASE.migrations ?? [])] };
    expect(await nextOf(two, frozen, known({ name: 'first', status: 'finished' }))).toMatchObject(why);
    expect(await nextOf(two, frozen, known({ name: 'first', status: 'finished' }), known())).toBeUndefined();
    for (const other of [{ status: 'failed' as const }, { execution: 'another' }, { name: 'other' }])
      expect(await next(frozen, known(other))).toMatchObject(why);
    expect(await next(frozen, known())).toBeUndefined();
  });
});
