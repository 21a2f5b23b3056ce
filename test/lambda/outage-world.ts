import {
  type DeclaredMigration,
  type EndOutput,
  type Failure,
  type MigrationRunner,
  machineShape,
  type ShiftOutput,
  type SlotMigration,
  type SlotTaskInput,
} from '../../lambda/contract';
import type { EnvironmentState, Release } from '../../lambda/domain/model';
import type { Ports } from '../../lambda/domain/ports';
import { accept } from '../../lambda/handlers/accept';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { finish } from '../../lambda/handlers/finish';
import { migrate } from '../../lambda/handlers/migrate';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { openGate } from '../../lambda/handlers/open-gate';
import { runTest } from '../../lambda/handlers/run-test';
import { stop } from '../../lambda/handlers/stop';
import { type Answer, call } from './api-call';
import { GO_NO_GO, session } from './example-gate';
import { examplePlan } from './example-path';
import { alarmOf, targetGroupOf } from './fake-slots';
import type { InMemoryPorts } from './in-memory-ports';
import { exampleBody } from './submission-body';
import { Walk } from './walk';

export const NAME = '2027-01-split-name';
export const SAYS = 'Back at noon.';
/** Seconds. */
export const LONGEST = 1_800;
export const MANAGER = session('ReleaseManager');
export const PLAN = [
  examplePlan('Production', {
    roles: { ...examplePlan().roles, migrate: 'arn:aws:iam::222222222222:role/Payments-Production-migrate' },
    goNoGo: GO_NO_GO,
    plannedOutage: { longestSeconds: LONGEST, says: SAYS },
  }),
];
const RUNNER = { kind: 'lambda', functionName: 'f', timeoutSeconds: 300 } as const;

export const breaking = (name = NAME, given: Partial<DeclaredMigration> = {}): DeclaredMigration => ({ name, kind: 'breaking', content: 'c1', ...given });
export const undoable = (name = NAME): DeclaredMigration => breaking(name, { undoable: true });

/** What a release has come to: its outcome in Production, and the failure that it ended with. */
export interface Came {
  readonly outcome: 'live' | EndOutput['outcome'];
  readonly failure?: Failure;
}

/** Ways in which a release does not go on. */
export type Trouble = 'migration' | 'test' | 'gates';

/** A path whose releases break what is live, and the machine that takes them through an outage, state by state, as constructs/release/fragments/through-an-outage.ts has it. */
export class OutageWorld {
  readonly walk: Walk;
  readonly ports: InMemoryPorts;
  /** What runs the migrations of releases that are submitted from now on. */
  runner: MigrationRunner = RUNNER;

  constructor(readonly plan = PLAN) {
    this.walk = new Walk(plan);
    this.ports = this.walk.ports;
  }

  /** 1.0.0 is live, and 1.1.0, which brings these, is submitted. */
  static async with(...migrations: readonly DeclaredMigration[]): Promise<OutageWorld> {
    const world = new OutageWorld();
    await world.walk.through('1.0.0');
    world.ports.clock.advance(60);
    await world.submit('1.1.0', ...migrations);
    return world;
  }

  async submit(version: string, ...migrations: readonly DeclaredMigration[]): Promise<Answer> {
    this.brings(version, migrations);
    const answer = await this.walk.submit(version);
    expect(answer.status).toBe(200);
    return answer;
  }

  /** What this version's templates, and its slots, bring. */
  brings(version: string, migrations: readonly DeclaredMigration[]): void {
    const inSlot = migrations.map(
      (each): SlotMigration => ({ ...each, runner: this.runner, ...(each.undoable && { undo: { ...RUNNER, functionName: 'undo' } }) }),
    );
    const deployed = this.ports.slots.deploy.bind(this.ports.slots);
    for (const { template } of exampleBody(version, this.plan).bundle.stacks) {
      this.ports.templates.migrations.set(`${template.bucket}/${template.key}`, migrations);
    }
    this.ports.slots.deploy = async (plan, request) => {
      const output = await deployed(plan, request);
      if (request.version !== version) return output;
      const { stackName } = request;
      return { state: 'deployed', targetGroupArn: targetGroupOf(stackName), alarms: [alarmOf(stackName)], migrations: inSlot };
    };
  }

  state(): Promise<EnvironmentState> {
    return this.ports.ledger.environment('Production');
  }

  release(version: string): Promise<Release> {
    return this.ports.ledger.release(version) as Promise<Release>;
  }

  /** What the live rule does: colour of the slot that has all of it, or what users are told. */
  async users(): Promise<string> {
    const [plan] = this.plan;
    const rule = plan && (await this.ports.liveRule.read(plan));
    if (rule?.kind !== 'slots') return this.ports.liveRule.writes.at(-1)?.weights === 'outage' ? `503 ${this.ports.liveRule.says.Production}` : '503';
    return Object.keys(rule.weights).join().includes('Green') ? 'green' : 'blue';
  }

  async events(version: string): Promise<string[]> {
    return (await this.ports.ledger.audit(version)).map(({ what }) => what);
  }

  rollBack(reason = 'enough'): Promise<Answer> {
    return call(this.ports, MANAGER, 'POST /environments/Production/roll-back', { reason });
  }

  async task(version: string): Promise<SlotTaskInput> {
    const { execution } = await this.release(version);
    const { lock, live } = await this.state();
    const colour = lock?.colour ?? (live?.colour === 'blue' ? 'green' : 'blue');
    return { environment: 'Production', release: version, execution: `${execution.replace('-path:', '-Production:')}-Production`, colour };
  }

  /** Until people are asked about the outage. */
  async untilAsked(version: string, ports: Ports = this.ports): Promise<void> {
    const task = await this.task(version);
    expect(await enter(ports)({ ...task, machine: machineShape(this.plan[0] as (typeof PLAN)[0]) })).toMatchObject({ outcome: 'entered' });
    const slot = await this.task(version);
    const deployed = await deploy(ports)(slot);
    expect(deployed).toMatchObject({ outcome: 'deployed', outage: true });
    if (deployed.outcome === 'deployed' && deployed.migrates) expect(await migrate(ports)(slot)).toEqual({ outcome: 'migrated', outage: true });
    await openGate(ports)({ ...slot, gate: 'goNoGo', outage: true, token: `token of ${slot.execution}` });
  }

  async agree(version: string): Promise<void> {
    const { digest } = await this.release(version);
    const body = { environment: 'Production', decision: 'accept', reason: 'Sunday', digest };
    expect((await call(this.ports, session('ChangeAuthority'), `POST /releases/${version}/decisions`, body)).status).toBe(200);
  }

  /** In the outage, to its end. @param at what goes wrong */
  async onwards(version: string, at?: Trouble, ports: Ports = this.ports): Promise<Came> {
    const slot = await this.task(version);
    const begun = (await moveTraffic(ports)({ ...slot, outage: 'begins' })) as ShiftOutput;
    if (begun.outcome !== 'shifted') return this.stops(version, begun.failure, ports);
    return this.migrates(version, at, ports);
  }

  private async stops(version: string, failure: Failure = NO_ANSWER, ports: Ports = this.ports): Promise<Came> {
    await stop(ports)({ ...(await this.task(version)), failure });
    await this.finish(version, 'stopped', ports);
    return { outcome: 'stopped', failure };
  }

  async migrates(version: string, at?: Trouble, ports: Ports = this.ports): Promise<Came> {
    const slot = await this.task(version);
    if (at === 'migration') this.ports.migrations.scripted.push({ error: 'it broke' });
    for (;;) {
      const output = await migrate(ports)({ ...slot, outage: 'migrates' });
      if (output.outcome === 'failed') return this.goesBack(version, output.failure, ports);
      if (output.outcome === 'migrated') break;
    }
    const { answer } = this.ports.tests;
    if (at === 'test') this.ports.tests.answer = () => ({ status: 500, milliseconds: 1, body: '' });
    const tested = await runTest(ports)({ ...slot, test: 'health' });
    this.ports.tests.answer = answer;
    if (tested.verdict !== 'passed') return this.goesBack(version, tested.failure, ports);
    const shifted = (await moveTraffic(ports)({ ...slot, percent: 100 })) as ShiftOutput;
    if (shifted.outcome !== 'shifted') return this.goesBack(version, shifted.failure, ports);
    if (at === 'gates') return this.goesBack(version, { ...NO_ANSWER, actual: 'an alarm' }, ports);
    const accepted = await accept(ports)(slot);
    if (accepted.outcome !== 'live') return this.goesBack(version, accepted.failure, ports);
    await this.finish(version, 'live', ports);
    return { outcome: 'live' };
  }

  async goesBack(version: string, failure: Failure = NO_ANSWER, ports: Ports = this.ports): Promise<Came> {
    const slot = await this.task(version);
    await moveTraffic(ports)({ ...slot, outage: 'stays' });
    while ((await migrate(ports)({ ...slot, outage: 'undoes' })).outcome === 'migrating');
    const { outcome } = (await moveTraffic(ports)({ ...slot, failure })) as EndOutput;
    await this.finish(version, outcome, ports);
    return { outcome, failure };
  }

  async through(version: string, at?: Trouble): Promise<Came> {
    await this.untilAsked(version);
    await this.agree(version);
    return this.onwards(version, at);
  }

  private async finish(version: string, outcome: Came['outcome'], ports: Ports): Promise<void> {
    await finish(ports)({ release: version, execution: (await this.release(version)).execution, outcome, environment: 'Production' });
  }
}

const NO_ANSWER: Failure = { step: 'a step', subject: 'the release', expected: 'an answer', actual: 'none', logs: '' };
