/** What carries the hub: state machines, the bus, the clock, the log. */
import type {
  EndInput,
  MachineInput,
  RaiseRequest,
  RequeueBody,
  RetireMachineInput,
  RollBackAnswer,
  RollBackRequest,
  RollBackWaveInput,
} from '../../lambda/contract';
import type { EndedLook } from '../../lambda/domain/doctor/look';
import type { AuditEvent } from '../../lambda/domain/model';
import type { Bus, Clock, Log, Machines } from '../../lambda/domain/ports';

export class FakeMachines implements Machines {
  readonly started: { readonly name: string; readonly input: MachineInput }[] = [];
  readonly answers: { readonly token: string; readonly answer: { readonly success: unknown } | { readonly error: string; readonly cause: string } }[] = [];
  readonly rollBacks: (RollBackRequest | EndInput | RollBackWaveInput)[] = [];
  readonly raises: RaiseRequest[] = [];
  readonly retirements: { readonly name: string; readonly input: RetireMachineInput }[] = [];
  readonly contracts: { readonly environment: string; readonly name: string; readonly input: MachineInput }[] = [];
  /** Set to make every call fail. */
  away?: Error;
  /** What the writer of the live rule does when it is asked; says yes unless a test puts the real one here. */
  rollingBack: (request: RollBackRequest | EndInput | RollBackWaveInput) => Promise<RollBackAnswer> = async () => ({ outcome: 'rolledBack' });

  async start(name: string, input: MachineInput): Promise<string> {
    if (this.away) throw this.away;
    if (!this.started.some((execution) => execution.name === name)) this.started.push({ name, input });
    return this.executionArn(name);
  }
  async retire(name: string, input: RetireMachineInput): Promise<void> {
    if (this.away) throw this.away;
    if (!this.retirements.some((execution) => execution.name === name)) this.retirements.push({ name, input });
  }
  retireArn(name: string): string {
    return `arn:aws:states:eu-west-2:111111111111:execution:Payments-retire:${name}`;
  }
  async contract(environment: string, name: string, input: MachineInput): Promise<void> {
    if (this.away) throw this.away;
    if (!this.contracts.some((execution) => execution.name === name)) this.contracts.push({ environment, name, input });
  }
  contractArn(environment: string, name: string): string {
    return `arn:aws:states:eu-west-2:111111111111:execution:Payments-${environment}:${name}`;
  }
  async answer(token: string, answer: { readonly success: unknown } | { readonly error: string; readonly cause: string }): Promise<boolean> {
    if (this.away) throw this.away;
    const waited = !this.answers.some((earlier) => earlier.token === token);
    if (waited) this.answers.push(structuredClone({ token, answer }));
    return waited;
  }
  async raise(request: RaiseRequest): Promise<void> {
    if (this.away) throw this.away;
    this.raises.push(request);
  }
  /** Executions that have ended, and how; every other runs. */
  readonly dead = new Map<string, EndedLook>();
  async ended(execution: string): Promise<EndedLook | undefined> {
    if (this.away) throw this.away;
    return this.dead.get(execution);
  }
  executionArn(name: string): string {
    return `arn:aws:states:eu-west-2:111111111111:execution:Payments-path:${name}`;
  }
  /** What was started, each as version and attempt: their names without the second of their submission. */
  attempts(): string[] {
    return this.started.map(({ name }) => name.replace(/-\d{12}$/, ''));
  }
  async rollBack(request: RollBackRequest | EndInput | RollBackWaveInput): Promise<RollBackAnswer> {
    this.rollBacks.push(structuredClone(request));
    return this.rollingBack(request);
  }
}

export class FakeBus implements Bus {
  readonly published: AuditEvent[] = [];
  /** Set to make every call fail. */
  away?: Error;
  async publish(event: AuditEvent): Promise<void> {
    if (this.away) throw this.away;
    this.published.push(structuredClone(event));
  }
  readonly requeued: RequeueBody['requeue'][] = [];
  async submitAnew(requeue: RequeueBody['requeue']): Promise<void> {
    if (this.away) throw this.away;
    this.requeued.push(requeue);
  }
}

/** Stands still until told to move; sleeping moves it. */
export class FakeClock implements Clock {
  readonly slept: number[] = [];
  /** Called after each sleep: what others do while somebody waits. */
  meanwhile?: () => Promise<void> | void;
  private milliseconds = Date.parse('2026-01-05T09:00:00.000Z');
  now(): string {
    return new Date(this.milliseconds).toISOString();
  }
  later(seconds: number): string {
    return new Date(this.milliseconds + seconds * 1000).toISOString();
  }
  async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.milliseconds += milliseconds;
    await this.meanwhile?.();
  }
  advance(seconds: number): void {
    this.milliseconds += seconds * 1000;
  }
}

export class FakeLog implements Log {
  readonly lines: { readonly level: 'info' | 'error'; readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  info(message: string, fields: Readonly<Record<string, unknown>>): void {
    this.lines.push({ level: 'info', message, fields });
  }
  error(message: string, fields: Readonly<Record<string, unknown>>): void {
    this.lines.push({ level: 'error', message, fields });
  }
}
