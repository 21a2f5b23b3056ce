import type { Definition, Retrier, State } from '../../machines/definition';
import { type FunctionName, functionOf } from '../../machines/functions';
import { startsChild } from '../../machines/moves';
import type { Chance } from '../chance';
import type { Timeline } from '../timeline';
import { type Ended, Execution } from './execution';

/** What the engine asks of the world around it. */
export interface Surroundings {
  /** Calls a function of the hub, and says what came of it. */
  readonly invoke: (name: FunctionName, payload: unknown, ended: (ended: Ended) => void, timeoutSeconds: number | undefined) => void;
  /** Of the machine that an ARN names. */
  readonly machineOf: (stateMachineArn: string) => string;
  /** Asked before a child is started: the error that Step Functions answers with, if it is busy. */
  readonly busy: () => string | undefined;
  readonly onEnd: (execution: Execution, ended: Ended) => void;
  readonly onState?: (execution: Execution, state: string) => void;
}

/** A state's Arguments. */
type Sent = Readonly<Record<string, unknown>>;

/** Step Functions: executions of the real definitions, task tokens, tries, time-outs, children. */
export class Engine {
  readonly executions = new Map<string, Execution>();
  transitions = 0;
  /** Tokens that somebody waits for. */
  private readonly tokens = new Map<string, (ended: Ended) => void>();
  private tokensMade = 0;

  constructor(
    private readonly definitions: ReadonlyMap<string, Definition>,
    private readonly timeline: Timeline,
    private readonly chance: Chance,
    private readonly surroundings: Surroundings,
  ) {}

  /** The same name twice is the same execution, as long as it has the same input. @returns undefined when it is there already */
  start(machine: string, name: string, input: Readonly<Record<string, unknown>>, onEnd: (ended: Ended) => void = () => undefined): Execution | undefined {
    const arn = this.arnOf(machine, name);
    if (this.executions.has(arn)) return undefined;
    const definition = this.definitions.get(machine);
    if (!definition) throw new Error(`no machine is named ${machine}`);
    const execution = new Execution(this, machine, name, arn, input, definition, onEnd);
    this.executions.set(arn, execution);
    this.timeline.after(this.chance.between(5, 50), () => {
      if (execution.isRunning) execution.begin();
    });
    return execution;
  }

  arnOf(machine: string, name: string): string {
    return `arn:aws:states:eu-west-2:111111111111:execution:${machine}:${name}`;
  }

  running(): Execution[] {
    return [...this.executions.values()].filter(({ isRunning }) => isRunning);
  }

  newToken(answered: (ended: Ended) => void): string {
    this.tokensMade += 1;
    const token = `token-${this.tokensMade}`;
    this.tokens.set(token, (ended) => {
      this.tokens.delete(token);
      answered(ended);
    });
    return token;
  }

  /** @returns whether it was still waited for */
  answer(token: string, ended: Ended): boolean {
    const waiting = this.tokens.get(token);
    waiting?.(ended);
    return waiting !== undefined;
  }

  /** Nobody waits for it any more. */
  forget(token: string | undefined): void {
    if (token !== undefined) this.tokens.delete(token);
  }

  /** How many tokens are waited for. */
  waiting(): number {
    return this.tokens.size;
  }

  /** Carries out a Task. */
  call(execution: Execution, state: State, sent: Sent, token: string | undefined, answered: (ended: Ended) => void): void {
    if (startsChild(state)) this.child(execution, sent, answered);
    else if (token === undefined) this.ask(state, sent, answered);
    else this.askAndWait(state, sent, token, answered);
  }

  private ask({ functionArn = '', timeoutSeconds }: State, { Payload }: Sent, answered: (ended: Ended) => void): void {
    const called = (ended: Ended) => answered('error' in ended ? ended : { output: { Payload: ended.output } });
    this.surroundings.invoke(functionOf(functionArn), Payload, called, timeoutSeconds);
  }

  private askAndWait({ functionArn = '', timeoutSeconds = 0 }: State, { Payload }: Sent, token: string, answered: (ended: Ended) => void): void {
    // What the function answers is of no interest, unless it fails.
    const failed = (ended: Ended) => {
      if ('error' in ended && this.tokens.delete(token)) answered(ended);
    };
    this.timeline.after(timeoutSeconds * 1_000, () => this.answer(token, { error: 'States.Timeout', cause: '' }));
    this.surroundings.invoke(functionOf(functionArn), Payload, failed, undefined);
  }

  /** Until a task is tried again. @param tried how often it was before, by the same rule */
  pause({ intervalSeconds, backoffRate, maxDelaySeconds, hasJitter }: Retrier, tried: number, then: () => void): void {
    const seconds = Math.min(maxDelaySeconds, intervalSeconds * backoffRate ** tried);
    this.timeline.after(seconds * 1_000 * (hasJitter ? this.chance.fraction() : 1), then);
  }

  /** The instant, as definitions see it. */
  now(): string {
    return this.timeline.text();
  }

  ended(execution: Execution, ended: Ended): void {
    this.surroundings.onEnd(execution, ended);
  }

  tell(execution: Execution, state: string): void {
    this.surroundings.onState?.(execution, state);
  }

  private child(execution: Execution, sent: Sent, answered: (ended: Ended) => void): void {
    const busy = this.surroundings.busy();
    if (busy !== undefined) {
      this.timeline.after(100, () => answered({ error: busy, cause: 'busy' }));
      return;
    }
    const machine = this.surroundings.machineOf(String(sent.StateMachineArn));
    const child = this.start(machine, String(sent.Name), sent.Input as Record<string, unknown>, (ended) => {
      if (child) execution.children.delete(child);
      answered(
        'error' in ended
          ? { error: 'States.TaskFailed', cause: JSON.stringify({ Error: ended.error, Cause: ended.cause }) }
          : { output: { Output: ended.output } },
      );
    });
    if (child) execution.children.add(child);
    else answered({ error: 'StepFunctions.ExecutionAlreadyExistsException', cause: String(sent.Name) });
  }
}
