import type { DeclaredMigration, EnvironmentPlan, Failure } from '../../lambda/contract';
import type { EnvironmentState, Release } from '../../lambda/domain/model';
import type { Ports } from '../../lambda/domain/ports';
import { enter } from '../../lambda/handlers/enter';
import { migrate } from '../../lambda/handlers/migrate';
import { openGate } from '../../lambda/handlers/open-gate';
import { stop } from '../../lambda/handlers/stop';
import { type Answer, call } from './api-call';
import { FIREBREAK, GO_NO_GO, session } from './example-gate';
import { examplePlan } from './example-path';
import { alarmOf, targetGroupOf } from './fake-slots';
import type { InMemoryPorts } from './in-memory-ports';
import { exampleBody } from './submission-body';
import { Walk } from './walk';

export const NAME = '2026-12-drop-amount';
export const MANAGER = session('ReleaseManager');
/** Seconds. */
export const SUPPORT = 14 * 86_400;
/** Production has a go/no-go, release managers, and two weeks of early life support. */
export const PLAN = [
  examplePlan('Production', {
    roles: { ...examplePlan().roles, migrate: 'arn:aws:iam::222222222222:role/Payments-Production-migrate' },
    firebreak: { ...FIREBREAK, when: ['altersTheWorld'] },
    goNoGo: GO_NO_GO,
    earlyLifeSupportSeconds: SUPPORT,
  }),
];

export const declared = (name = NAME, content = 'c1', kind: DeclaredMigration['kind'] = 'contract'): DeclaredMigration => ({ name, kind, content });

/** A path whose releases bring contracts, and the machine that runs them, state by state, as constructs/release/contract-the-state.ts has it. */
export class ContractWorld {
  readonly walk: Walk;
  readonly ports: InMemoryPorts;

  constructor(readonly plan: readonly EnvironmentPlan[] = PLAN) {
    this.walk = new Walk(plan);
    this.ports = this.walk.ports;
  }

  /** What this version's templates, and its slots, bring. */
  brings(version: string, migrations: readonly DeclaredMigration[]): void {
    for (const { stackName, template } of exampleBody(version, this.plan).bundle.stacks) {
      this.ports.templates.migrations.set(`${template.bucket}/${template.key}`, migrations);
      const inSlot = migrations.map((each) => ({ ...each, runner: { kind: 'lambda', functionName: `f-${each.name}`, timeoutSeconds: 300 } as const }));
      const found = { state: 'deployed', targetGroupArn: targetGroupOf(stackName), alarms: [alarmOf(stackName)], migrations: inSlot } as const;
      const deploy = this.ports.slots.deploy.bind(this.ports.slots);
      this.ports.slots.deploy = async (plan, request) => {
        const output = await deploy(plan, request);
        return request.version === version && request.stackName === stackName ? found : output;
      };
    }
  }

  /** It is live, and brings these. */
  async live(version: string, ...migrations: DeclaredMigration[]): Promise<this> {
    this.brings(version, migrations);
    await this.walk.through(version);
    this.ports.clock.advance(60);
    return this;
  }

  /** 1.0.0 was live, 1.1.0 is, brings the contract, and its early life support is over. */
  static async ready(...migrations: DeclaredMigration[]): Promise<ContractWorld> {
    const world = await (await new ContractWorld().live('1.0.0')).live('1.1.0', ...(migrations.length > 0 ? migrations : [declared()]));
    world.ports.clock.advance(SUPPORT);
    return world;
  }

  ask(caller = MANAGER, environment = 'Production', reason = 'nobody needs it any more'): Promise<Answer> {
    return call(this.ports, caller, `POST /environments/${environment}/contract`, { reason });
  }

  async accept(version: string, decision: 'accept' | 'refuse' = 'accept'): Promise<Answer> {
    const { digest } = (await this.ports.ledger.release(version)) as Release;
    const body = { environment: 'Production', decision, reason: 'I looked', digest };
    return call(this.ports, session('ChangeAuthority'), `POST /releases/${version}/decisions`, body);
  }

  rollBack(): Promise<Answer> {
    return call(this.ports, MANAGER, 'POST /environments/Production/roll-back', { reason: 'wrong amounts' });
  }

  state(environment = 'Production'): Promise<EnvironmentState> {
    return this.ports.ledger.environment(environment);
  }

  /** Of the execution that was started last. */
  get execution(): string {
    const { environment, name } = this.ports.machines.contracts.at(-1) ?? { environment: '', name: '' };
    return this.ports.machines.contractArn(environment, name);
  }

  /** What that machine does until it waits for people. @returns the answer of its first state */
  async until(ports: Ports = this.ports, execution = this.execution): Promise<string> {
    const task = this.task(execution);
    const { outcome } = await enter(ports)({ ...task, machine: 'of today' });
    if (outcome === 'contract' && this.plan[0]?.goNoGo) await openGate(ports)({ ...task, gate: 'contract', token: `token of ${execution}` });
    return outcome;
  }

  /** What it does then. @returns its outcome */
  async onwards(ports: Ports = this.ports, execution = this.execution): Promise<'contracted' | 'stopped'> {
    const told = this.told(execution);
    if (told.outcome === 'refused') return this.stops(told.failure as Failure, ports, execution);
    const begun = await enter(ports)({ ...this.task(execution), contract: 'begins' });
    if (begun.outcome !== 'entered') return this.stops('failure' in begun ? begun.failure : NO_ANSWER, ports, execution);
    for (;;) {
      const output = await migrate(ports)({ ...this.task(execution), colour: begun.colour, contract: 'runs' });
      if (output.outcome === 'migrated') return 'contracted';
      if (output.outcome === 'failed') return this.stops(output.failure, ports, execution);
    }
  }

  async stops(failure: Failure, ports: Ports = this.ports, execution = this.execution): Promise<'stopped'> {
    await stop(ports)({ ...this.task(execution), failure, contract: 'stops' });
    return 'stopped';
  }

  /** Asked for, agreed to, and run to its end. */
  async contracted(version: string): Promise<'contracted' | 'stopped'> {
    expect((await this.ask()).status).toBe(200);
    expect(await this.until()).toBe('contract');
    if (this.plan[0]?.goNoGo) expect((await this.accept(version)).status).toBe(200);
    return this.onwards();
  }

  /** What its token was answered with, or would be were nobody asked. */
  told(execution = this.execution): { readonly outcome: string; readonly failure?: Failure } {
    const { answer } = this.ports.machines.answers.find(({ token }) => token === `token of ${execution}`) ?? {};
    if (!answer) return { outcome: 'notNeeded' };
    return ('success' in answer ? answer.success : answer) as { readonly outcome: string };
  }

  task(execution = this.execution): { readonly environment: string; readonly release: string; readonly execution: string } {
    const started = this.ports.machines.contracts.find(({ environment, name }) => this.ports.machines.contractArn(environment, name) === execution);
    return { environment: started?.environment ?? 'Production', release: started?.input.release ?? '', execution };
  }
}

const NO_ANSWER: Failure = { step: 'Begin the contract in Production', subject: 'the contract', expected: 'an answer', actual: 'none', logs: '' };
