import { type EnvironmentPlan, machineShape } from '../../lambda/contract';
import type { Release } from '../../lambda/domain/model';
import { accept } from '../../lambda/handlers/accept';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { finish } from '../../lambda/handlers/finish';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { openGate } from '../../lambda/handlers/open-gate';
import { runTest } from '../../lambda/handlers/run-test';
import { stop } from '../../lambda/handlers/stop';
import { type Answer, call } from './api-call';
import { session } from './example-gate';
import { type InMemoryPorts, inMemoryPorts } from './in-memory-ports';
import { exampleBody, publish } from './submission-body';

/** A path to live on which releases are taken as its state machines take them, state by state, and people speak through the API. */
export class Walk {
  readonly ports: InMemoryPorts;

  constructor(readonly plan: readonly EnvironmentPlan[]) {
    this.ports = inMemoryPorts(plan);
    this.ports.machines.rollingBack = (request) => moveTraffic(this.ports)(request) as ReturnType<InMemoryPorts['machines']['rollBack']>;
  }

  submit(version: string, given: { readonly again?: boolean; readonly emergency?: string } = {}): Promise<Answer> {
    const body = exampleBody(version, this.plan, given);
    publish(this.ports, body);
    return call(this.ports, session('Pipeline'), 'POST /releases', body);
  }

  /** From its submission until it is live in every environment. */
  async through(version: string, given: { readonly again?: boolean } = {}): Promise<void> {
    expect((await this.submit(version, given)).status).toBe(200);
    for (const { environment } of this.plan) {
      await this.intoShadow(version, environment);
      await this.go(version, environment);
      await this.takeOver(version, environment);
    }
    await this.finished(version, 'live');
  }

  /** Deployed and tested; it waits at the go/no-go where there is one. */
  async intoShadow(version: string, environment: string): Promise<void> {
    const task = await this.task(version, environment);
    const plan = this.planOf(environment);
    const entered = await enter(this.ports)({ ...task, machine: machineShape(plan) });
    if (entered.outcome !== 'entered') throw new Error(JSON.stringify(entered));
    const slot = { ...task, colour: entered.colour };
    expect(await deploy(this.ports)(slot)).toEqual({ outcome: 'deployed' });
    for (const { name } of plan.tests) expect(await runTest(this.ports)({ ...slot, test: name })).toEqual({ verdict: 'passed' });
    if (plan.goNoGo) await openGate(this.ports)({ ...task, gate: 'goNoGo', token: this.token(task.execution) });
  }

  async go(version: string, environment: string): Promise<void> {
    const { goNoGo } = this.planOf(environment);
    if (!goNoGo) return;
    const { digest } = (await this.ports.ledger.release(version)) as Release;
    const body = { environment, decision: 'accept', reason: 'tests are green', digest };
    expect((await call(this.ports, session('ChangeAuthority'), `POST /releases/${version}/decisions`, body)).status).toBe(200);
    expect(this.told(await this.task(version, environment))).toEqual({ outcome: 'passed' });
  }

  async takeOver(version: string, environment: string): Promise<void> {
    const task = await this.task(version, environment);
    const slot = { ...task, colour: (await this.ports.ledger.environment(environment)).lock?.colour ?? '' };
    for (const { percent } of this.planOf(environment).steps) {
      expect(await moveTraffic(this.ports)({ ...slot, percent })).toEqual({ outcome: 'shifted' });
    }
    expect(await accept(this.ports)(slot)).toEqual({ outcome: 'live' });
  }

  /** The machine was told at the go/no-go that it may not go on: it stops there. */
  async stopped(version: string, environment: string): Promise<void> {
    const task = await this.task(version, environment);
    const { outcome, failure } = this.told(task) as { outcome: string; failure: Parameters<ReturnType<typeof stop>>[0]['failure'] };
    expect(outcome).toBe('refused');
    expect(await stop(this.ports)({ ...task, failure })).toMatchObject({ outcome: 'stopped' });
    await this.finished(version, 'stopped', environment);
  }

  private async finished(version: string, outcome: 'live' | 'stopped', environment = this.plan.at(-1)?.environment ?? ''): Promise<void> {
    const { execution } = (await this.ports.ledger.release(version)) as Release;
    await finish(this.ports)({ release: version, execution, outcome, environment });
  }

  /** What a machine that waited was answered. */
  private told({ execution }: { readonly execution: string }): unknown {
    const { answer } = this.ports.machines.answers.find(({ token }) => token === this.token(execution)) ?? {};
    return answer && 'success' in answer ? answer.success : answer;
  }

  private token(execution: string): string {
    return `token of ${execution}`;
  }

  private async task(version: string, environment: string) {
    const { execution } = (await this.ports.ledger.release(version)) as Release;
    return { environment, release: version, execution: `${execution.replace('-path:', `-${environment}:`)}-${environment}` };
  }

  private planOf(environment: string): EnvironmentPlan {
    return this.plan.find((each) => each.environment === environment) as EnvironmentPlan;
  }
}
