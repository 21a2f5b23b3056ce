import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childExecutionName, type EnvironmentPlan, EVENT_NAMES, type Failure, machineShape, type TaskInput } from '../../lambda/contract';
import type { Release } from '../../lambda/domain/model';
import { executionNameOf } from '../../lambda/domain/release/release';
import { accept } from '../../lambda/handlers/accept';
import { alarmRaised } from '../../lambda/handlers/alarm-raised';
import { deploy } from '../../lambda/handlers/deploy';
import { doctor } from '../../lambda/handlers/doctor';
import { enter } from '../../lambda/handlers/enter';
import { finish } from '../../lambda/handlers/finish';
import { keepCapacity } from '../../lambda/handlers/keep-capacity';
import { matchCapacity } from '../../lambda/handlers/match-capacity';
import { migrate } from '../../lambda/handlers/migrate';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { openGate } from '../../lambda/handlers/open-gate';
import { readGates } from '../../lambda/handlers/read-gates';
import { reconcile } from '../../lambda/handlers/reconcile';
import { retire } from '../../lambda/handlers/retire';
import { runTest } from '../../lambda/handlers/run-test';
import { startBake } from '../../lambda/handlers/start-bake';
import { stop } from '../../lambda/handlers/stop';
import { submit } from '../../lambda/handlers/submit';
import { eventSchema, schemaFiles } from '../../tools/event-schemas';
import { call } from './api-call';
import { ContractWorld } from './contract-world';
import { FIREBREAK, GO_NO_GO, session } from './example-gate';
import { enterInput, examplePlan, exampleRelease, exampleWorld, register } from './example-path';
import { alarmOf, targetGroupOf } from './fake-slots';
import { type InMemoryPorts, inMemoryPorts } from './in-memory-ports';
import { OutageWorld, undoable } from './outage-world';
import { GREEN_TASK, shiftedTo } from './story';
import { exampleBody, publish } from './submission-body';

const PLAN = [
  examplePlan('Production', {
    roles: {
      ...examplePlan().roles,
      capacity: 'arn:aws:iam::222222222222:role/Payments-Production-capacity',
      migrate: 'arn:aws:iam::222222222222:role/Payments-Production-migrate',
    },
    warmForSeconds: 60,
    firebreak: FIREBREAK,
    goNoGo: GO_NO_GO,
    steps: [
      { percent: 10, bakeSeconds: 60 },
      { percent: 100, bakeSeconds: 60 },
    ],
  }),
];
const PIPELINE = session('Pipeline');
const MANAGER = session('ReleaseManager');
const FAILURE: Failure = { step: 's', subject: 'x', expected: 'y', actual: 'z', logs: 'l' };

/** What the machines do with one release, a state at a time. */
class Journey {
  private tokens = 0;
  constructor(
    readonly ports: InMemoryPorts,
    readonly version: string,
  ) {}
  get task(): TaskInput {
    return {
      environment: 'Production',
      release: this.version,
      execution: this.execution,
    };
  }
  get slot() {
    return { ...this.task, colour: this.colour };
  }
  private colour = '';
  private execution = '';

  async submit(changes: string[] = []): Promise<void> {
    const body = exampleBody(this.version, PLAN, { changes });
    publish(this.ports, body);
    expect(await call(this.ports, PIPELINE, 'POST /releases', body)).toMatchObject({ status: 200 });
    const { execution } = (await this.ports.ledger.release(this.version)) as Release;
    this.execution = `arn:aws:states:eu-west-2:111111111111:execution:Payments-Production:${childExecutionName(executionNameOf(execution), 'Production')}`;
  }
  async gate(gate: 'firebreak' | 'goNoGo'): Promise<void> {
    await openGate(this.ports)({ ...this.task, gate, token: this.token() });
  }
  async say(role: string, decision: 'accept' | 'refuse', party?: string): Promise<void> {
    const digest = ((await this.ports.ledger.release(this.version)) as Release).digest;
    const body = { environment: 'Production', decision, reason: 'because', digest, party };
    expect(await call(this.ports, session(role), `POST /releases/${this.version}/decisions`, body)).toMatchObject({ status: 200 });
  }
  async toTheShadow(migration?: 'migrated' | 'failed'): Promise<void> {
    const entered = await enter(this.ports)({ ...this.task, machine: machineShape(PLAN.at(-1) as EnvironmentPlan) });
    if (entered.outcome !== 'entered') throw new Error(JSON.stringify(entered));
    this.colour = entered.colour;
    expect(await deploy(this.ports)(this.slot)).toEqual({ outcome: 'deployed', migrates: migration && true });
    if (migration) expect(await migrate(this.ports)(this.slot)).toMatchObject({ outcome: migration });
    expect(await runTest(this.ports)({ ...this.slot, test: 'health' })).toEqual({ verdict: 'passed' });
  }
  async go(): Promise<void> {
    await this.gate('goNoGo');
    await this.say('ChangeAuthority', 'accept');
  }
  async shift(percent: number): Promise<void> {
    expect(await moveTraffic(this.ports)({ ...this.slot, percent })).toEqual({ outcome: 'shifted' });
  }
  async bake(percent: number): Promise<void> {
    await startBake(this.ports)({ ...this.slot, percent, bakeSeconds: 60, token: this.token() });
  }
  async quiet(percent: number): Promise<void> {
    await this.bake(percent);
    expect(await readGates(this.ports)({ ...this.slot, percent })).toEqual({ verdict: 'passed' });
  }
  async back(): Promise<void> {
    expect(await moveTraffic(this.ports)({ ...this.task, failure: FAILURE })).toMatchObject({ outcome: 'rolledBack' });
  }
  async live(): Promise<void> {
    expect(await accept(this.ports)(this.slot)).toEqual({ outcome: 'live' });
    const { execution } = (await this.ports.ledger.release(this.version)) as Release;
    await finish(this.ports)({ release: this.version, execution, outcome: 'live', environment: 'Production' });
  }
  private token(): string {
    this.tokens += 1;
    return `token ${this.version} ${this.tokens}`;
  }
}

/** One path, and everything that can happen on it. */
async function everything(): Promise<InMemoryPorts> {
  const ports = inMemoryPorts(PLAN);
  const journey = (version: string) => new Journey(ports, version);

  const first = journey('1.0.0');
  await first.submit();
  await first.toTheShadow();
  await first.go();
  await first.shift(10);
  await first.quiet(10);
  await first.shift(100);
  await first.quiet(100);
  await first.live();

  const accepted = journey('1.1.0');
  await accepted.submit(['altersSchema']);
  await accepted.gate('firebreak');
  await accepted.say('OnCall', 'accept');
  await accepted.say('Product', 'accept', 'product');
  await accepted.say('Security', 'accept');
  expect(await call(ports, MANAGER, 'POST /releases/1.1.0/resume', { environment: 'Production' })).toMatchObject({ status: 200 });
  await accepted.toTheShadow();
  await accepted.go();
  await accepted.shift(10);
  await accepted.bake(10);
  const alarm = { AlarmName: alarmOf('Payments-Production-Green'), NewStateValue: 'ALARM', NewStateReason: 'errors', AWSAccountId: '222222222222' };
  await alarmRaised(ports)({ Records: [{ Sns: { Message: JSON.stringify(alarm) } }] } as never);
  ports.liveRule.set('Production', 'other');
  await accepted.back();

  const askedBack = journey('1.2.0');
  await askedBack.submit();
  await askedBack.toTheShadow();
  await askedBack.go();
  await askedBack.shift(10);
  await askedBack.bake(10);
  expect(await call(ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' })).toMatchObject({ status: 200 });
  await askedBack.back();

  const refused = journey('1.3.0');
  await refused.submit(['altersSchema']);
  await refused.gate('firebreak');
  await refused.say('Security', 'refuse');
  await stop(ports)({ ...refused.task, failure: FAILURE });

  await submit(ports)({ execution: 'arn:aws:states:eu-west-2:111111111111:execution:Payments-submit:build-7', body: { version: '9.9.9' } });

  const raised = journey('1.3.1');
  await raised.submit();
  const capacity = { kind: 'ecsService', cluster: 'payments', service: 'green', least: 2 } as const;
  ports.capacity.has(capacity, 0);
  ports.targets.count = () => 2;
  const targetGroupArn = targetGroupOf('Payments-Production-Green');
  ports.slots.script('Payments-Production-Green', { state: 'deployed', targetGroupArn, alarms: [alarmOf('Payments-Production-Green')], capacity });
  await raised.toTheShadow();
  expect(await matchCapacity(ports)(raised.slot)).toEqual({ outcome: 'matched' });
  await stop(ports)({ ...raised.task, failure: FAILURE });
  ports.clock.advance(60);
  await keepCapacity(ports)({});

  const brought = [{ name: '2026-11-add-currency', kind: 'expand', content: 'c1' }] as const;
  const migrations = brought.map((one) => ({ ...one, runner: { kind: 'lambda', functionName: 'f', timeoutSeconds: 60 } as const }));
  for (const [version, found, outcome] of [
    ['1.3.2', { error: 'table is locked' }, 'failed'],
    ['1.3.3', { answer: { done: true, said: '12 payments' } }, 'migrated'],
  ] as const) {
    const migrating = journey(version);
    for (const { template } of exampleBody(version, PLAN).bundle.stacks) ports.templates.migrations.set(`${template.bucket}/${template.key}`, brought);
    await migrating.submit();
    ports.slots.script('Payments-Production-Green', { state: 'deployed', targetGroupArn, alarms: [], migrations });
    ports.migrations.scripted.push(found);
    await migrating.toTheShadow(outcome);
    await stop(ports)({ ...migrating.task, failure: FAILURE });
  }

  const aborted = journey('1.4.0');
  await aborted.submit();
  await aborted.toTheShadow();
  expect(await call(ports, MANAGER, 'POST /releases/1.4.0/abort', { reason: 'wrong week' })).toMatchObject({ status: 200 });
  await reconcile(ports)({
    detail: { executionArn: aborted.task.execution, status: 'TIMED_OUT', input: JSON.stringify({ contract: 1, release: '1.4.0' }) },
  } as never);

  const changed = inMemoryPorts(PLAN);
  changed.liveRule.set('Production', { 'arn:of-somebody': 100 });
  await doctor(changed)();
  expect(await call(changed, MANAGER, 'POST /environments/Production/recover', { reason: 'somebody edited the rule' })).toMatchObject({ status: 200 });
  ports.bus.published.push(...changed.bus.published);

  const frozen = inMemoryPorts(PLAN);
  for (const reason of ['Black Friday', 'and Monday']) {
    expect(await call(frozen, MANAGER, 'POST /environments/Production/freeze', { reason })).toMatchObject({ status: 200 });
  }
  expect(await call(frozen, MANAGER, 'POST /environments/Production/unfreeze', { reason: 'sold out' })).toMatchObject({ status: 200 });
  ports.bus.published.push(...frozen.bus.published);

  const forward = exampleWorld([examplePlan()]);
  register(forward, exampleRelease('1.1.0', [examplePlan()], { fixForward: 'the database is slow' }));
  forward.alarms.firing.add(alarmOf('Payments-Production-Green'));
  forward.alarms.since = '2026-01-05T08:00:00.000Z';
  await enter(forward)(await enterInput(forward, '1.1.0'));
  expect(await deploy(forward)(GREEN_TASK)).toEqual({ outcome: 'deployed' });
  ports.bus.published.push(...forward.bus.published);

  const owner = { name: 'service owner', members: ['arn:aws:iam::111111111111:role/ServiceOwner'] };
  const asking = exampleWorld([examplePlan('Production', { rollBackTarget: { kind: 'ask', party: owner, timeoutSeconds: 60 } })]);
  const held = { targetGroupArn: targetGroupOf('Payments-Production-Green'), version: '0.9.0', digest: 'd', alarms: [] };
  const state = await asking.ledger.environment('Production');
  asking.ledger.seed({ ...state, previous: { colour: 'green', version: '0.9.0', digest: 'd' }, slots: { ...state.slots, green: held } });
  await enter(asking)(await enterInput(asking, '1.1.0'));
  await openGate(asking)({ ...GREEN_TASK, gate: 'rollBackTarget', token: 'of a target' });
  const given = { environment: 'Production', decision: 'accept', reason: 'older than we support', digest: 'digest-of-1.1.0' };
  expect(await call(asking, session('ServiceOwner'), 'POST /releases/1.1.0/decisions', given)).toMatchObject({ status: 200 });
  ports.bus.published.push(...asking.bus.published);

  // A path of its own: on this one there are releases in flight.
  const leaving = inMemoryPorts(PLAN);
  expect(await call(leaving, MANAGER, 'POST /retirement', { reason: 'closed down' })).toMatchObject({ status: 200 });
  const retiring = { environment: 'Production', execution: leaving.machines.retireArn(leaving.machines.retirements[0]?.name ?? '') };
  leaving.liveRule.set('Production', { 'arn:of-somebody': 100 });
  expect(await moveTraffic(leaving)({ ...retiring, restore: 'original' })).toEqual({ outcome: 'restored' });
  expect(await retire(leaving)(retiring)).toEqual({ outcome: 'removed' });
  ports.bus.published.push(...leaving.bus.published);

  // And one that pauses.
  const pausing = await shiftedTo(
    10,
    exampleWorld([
      examplePlan('Production', {
        steps: [
          { percent: 10, bakeSeconds: 0, pause: GO_NO_GO },
          { percent: 100, bakeSeconds: 0 },
        ],
      }),
    ]),
  );
  await startBake(pausing)({ ...GREEN_TASK, percent: 10, asks: 'pause', token: 'of a pause' });
  const goesOn = { environment: 'Production', decision: 'accept', reason: 'orders look right', digest: 'digest-of-1.1.0' };
  expect(await call(pausing, session('ChangeAuthority'), 'POST /releases/1.1.0/decisions', goesOn)).toMatchObject({ status: 200 });
  ports.bus.published.push(...pausing.bus.published);

  // And one where a newer release takes the place of one that waits.
  const newest = exampleWorld([examplePlan('Production', { concurrency: { kind: 'newestWins', longestSeconds: 3600 } })]);
  register(
    newest,
    exampleRelease('1.2.0', [examplePlan('Production', { concurrency: { kind: 'newestWins', longestSeconds: 3600 } })], {
      submittedAt: '2026-01-05T08:59:30.000Z',
    }),
  );
  for (const version of ['1.1.0', '1.2.0']) await enter(newest)(await enterInput(newest, version));
  ports.bus.published.push(...newest.bus.published);

  // And one whose shared state is contracted.
  const contracting = await ContractWorld.ready();
  contracting.ports.migrations.scripted.push({ error: 'table is locked' });
  expect(await contracting.contracted('1.1.0')).toBe('stopped');
  expect(await contracting.contracted('1.1.0')).toBe('contracted');
  const takenBack = await ContractWorld.ready();
  await takenBack.ask();
  await takenBack.until();
  expect(await takenBack.rollBack()).toMatchObject({ status: 200 });
  ports.bus.published.push(...contracting.ports.bus.published, ...takenBack.ports.bus.published);
  // And one where a release breaks what is live, and does not go live.
  const broken = await OutageWorld.with(undoable());
  await broken.through('1.1.0', 'gates');
  ports.bus.published.push(...broken.ports.bus.published);
  return ports;
}

test('every event that is sent is what its schema says, and every one there is can happen', async () => {
  const { published } = (await everything()).bus;
  const wrong = published.flatMap((event) => {
    const result = eventSchema(event.what).safeParse(JSON.parse(JSON.stringify(event)));
    return result.success ? [] : [{ event, issues: result.error.issues }];
  });
  expect(wrong).toEqual([]);
  expect([...new Set(published.map((event) => event.what))].sort()).toEqual([...EVENT_NAMES].sort());
});

test('no event carries what a machine waits on', async () => {
  const { bus, machines } = await everything();
  expect(machines.answers.length).toBeGreaterThan(0);
  for (const { token } of machines.answers) expect(JSON.stringify(bus.published)).not.toContain(token);
});

test('the published schemas are those: run node --import tsx tools/event-schemas.ts', () => {
  const folder = join(__dirname, '..', '..', 'docs', 'schemas', 'events');
  const published = Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  expect(published).toEqual(schemaFiles());
  expect(Object.keys(published).sort()).toEqual(EVENT_NAMES.map((name) => `${name}.json`).sort());
});
