import type { EndInput, MachineInput, RaiseRequest, RollBackAnswer, RollBackRequest } from '../../../lambda/contract';
import { Conflict, Refused, Retry } from '../../../lambda/domain/errors';
import type { Log, Ports } from '../../../lambda/domain/ports';
import type { InMemoryLedger } from '../../../test/lambda/in-memory-ledger';
import { type FunctionName, handlerOf, secondsOf } from '../../machines/functions';
import type { Chance } from '../chance';
import type { Engine } from '../engine/engine';
import type { Ended } from '../engine/execution';
import type { Timeline } from '../timeline';
import type { Faults } from './faults';
import { Run } from './run';

/** What surrounds the functions: every port but those that belong to a run, and `repairs`, which only `ptl doctor` and `ptl recover` use. */
export type Around = Omit<Ports, 'repairs' | 'ledger' | 'slots' | 'machines' | 'clock' | 'log' | 'uniqueName' | 'remainingMilliseconds'>;

export interface FunctionHubProps {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly ledger: InMemoryLedger;
  readonly around: Around;
  /** Answers `look`: what became of a stack so far. */
  readonly stacks: object;
  readonly engine: () => Engine;
  readonly pathMachine: string;
  /** A handler failed by something that is none of the domain's errors. */
  readonly onSurprise: (name: string, error: unknown) => void;
  readonly onLine?: (run: Run, message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** Lambda retries what it was given to do later twice, after a minute and after two; https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const TRIES = 3;
const SILENT: Log = { info: () => undefined, error: () => undefined };
/** What a caller that waits for the writer leaves itself, to say that it gave up. */
const TO_GIVE_UP_MS = 2_000;

/** The hub's functions, and Lambda around them. */
export class FunctionHub {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly ledger: InMemoryLedger;
  readonly around: Around;
  readonly stacks: object;
  /** Calls of ports. */
  calls = 0;
  runs = 0;
  /** Events whose every try has failed: in the dead-letter queue, for a person. */
  readonly givenUp: { readonly name: FunctionName; readonly payload: unknown }[] = [];
  private names = 0;

  constructor(private readonly props: FunctionHubProps) {
    ({ timeline: this.timeline, chance: this.chance, faults: this.faults, ledger: this.ledger, around: this.around, stacks: this.stacks } = props);
  }

  /** Milliseconds that a call takes. */
  pause(): number {
    const { chance } = this;
    return chance.happens(this.faults.weather.pauses) ? chance.between(1, 40) : 0;
  }

  readonly uniqueName = (): string => {
    this.names += 1;
    return `name-${this.names}`;
  };

  executionArn(name: string): string {
    return this.props.engine().arnOf(this.props.pathMachine, name);
  }

  tell(run: Run, message: string | undefined, fields?: Readonly<Record<string, unknown>>): void {
    if (message !== undefined) this.props.onLine?.(run, message, fields);
  }

  logOf(run: Run): Log {
    if (!this.props.onLine) return SILENT;
    const line = (message: string, fields: Readonly<Record<string, unknown>>) => this.tell(run, message, fields);
    return { info: line, error: line };
  }

  /** Runs a function for somebody who waits for what comes of it. */
  invoke(name: FunctionName, payload: unknown, ended: (ended: Ended) => void, timeoutSeconds?: number): void {
    const fault = this.faults.ofStart();
    if (fault?.kind === 'not started') {
      this.timeline.after(50, () => ended({ error: 'Lambda.TooManyRequestsException', cause: 'Rate Exceeded.' }));
      return;
    }
    let isOver = false;
    const once = (what: Ended) => {
      if (isOver) return;
      isOver = true;
      ended(what);
    };
    if (timeoutSeconds !== undefined && timeoutSeconds < secondsOf(name)) {
      this.timeline.after(timeoutSeconds * 1_000, () => once({ error: 'States.Timeout', cause: '' }));
    }
    const lost = (what: Ended) => once('error' in what ? what : { error: 'Lambda.SdkClientException', cause: 'no answer' });
    this.run(name, payload, fault?.kind === 'outcome lost' ? lost : once, true);
    if (fault?.kind === 'started twice') this.later(this.chance.between(0, 3_000), () => this.run(name, payload, () => undefined, true));
  }

  /** Hands a function something to do later, at least once: an event, a notice, a schedule. */
  send(name: FunctionName, payload: unknown, milliseconds: number, isRetried = true): void {
    const fault = this.faults.ofStart();
    const waits = milliseconds + (fault?.kind === 'not started' ? 30_000 : 0);
    this.attempt(name, payload, waits, isRetried ? 1 : TRIES);
    if (fault?.kind === 'started twice') this.attempt(name, payload, waits + this.chance.between(0, 90_000), TRIES, () => undefined);
  }

  /** Invocations that a dead-letter queue holds, once more. */
  redrive(): void {
    for (const { name, payload } of this.givenUp.splice(0)) this.send(name, payload, 1_000);
  }

  /** The ports of the machines, as one run sees them. */
  machinesOf(caller: Run): object {
    const { props } = this;
    return {
      start: (name: string, input: MachineInput) => {
        props.engine().start(props.pathMachine, name, { ...input });
        return this.executionArn(name);
      },
      answer: (token: string, answer: { readonly success: unknown } | { readonly error: string; readonly cause: string }) =>
        props.engine().answer(token, 'success' in answer ? { output: answer.success ?? null } : answer),
      rollBack: (request: RollBackRequest | EndInput) => this.askWriter(caller, request),
      raise: (request: RaiseRequest) => this.send('keep-capacity', request, 100),
    };
  }

  private askWriter(caller: Run, request: RollBackRequest | EndInput): Promise<RollBackAnswer> {
    return new Promise((resolve, reject) => {
      const refuse = (why: string) => reject(new Retry(`the function that moves traffic did not roll back: ${why}`));
      this.later(Math.max(0, caller.remaining() - TO_GIVE_UP_MS), () => refuse('no answer in time'));
      this.invoke('move-traffic', request, (ended) => {
        this.timeline.running = true;
        if ('error' in ended) refuse(`${ended.error}: ${ended.cause}`);
        else resolve(ended.output as RollBackAnswer);
      });
    });
  }

  private attempt(name: FunctionName, payload: unknown, milliseconds: number, nth: number, failed?: () => void): void {
    this.later(milliseconds, () => {
      const again = () => this.attempt(name, payload, nth * 60_000, nth + 1);
      const giveUp = failed ?? (() => void this.givenUp.push({ name, payload }));
      // The last try is spared: a world in which nothing ever works proves nothing.
      this.run(name, payload, (ended) => 'error' in ended && (nth < TRIES ? again() : giveUp()), nth < TRIES);
    });
  }

  private later(milliseconds: number, then: () => void): void {
    this.timeline.after(milliseconds, () => {
      this.timeline.running = true;
      then();
    });
  }

  private run(name: FunctionName, payload: unknown, ended: (ended: Ended) => void, isMortal: boolean): void {
    this.runs += 1;
    const run = new Run(this, name, secondsOf(name), ended, isMortal);
    this.timeline.running = true;
    this.tell(run, 'starts', payload as Readonly<Record<string, unknown>>);
    handlerOf(name)(run.ports as unknown as Ports)(payload).then(
      (output) => {
        if (run.isDead) return;
        run.isDead = true;
        ended({ output: asJson(output ?? null) });
      },
      (error: Error) => {
        if (run.isDead) return;
        run.isDead = true;
        if (!(error instanceof Retry || error instanceof Conflict || error instanceof Refused)) this.props.onSurprise(name, error);
        this.tell(run, `fails: ${error.name}: ${error.message}`);
        ended({ error: error.name, cause: JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: [] }) });
      },
    );
  }
}

/** A copy, as JSON makes it of plain data; nothing else is answered. */
function asJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => asJson(each ?? null));
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new TypeError(`a function answers ${String(value)}, which is no plain data`);
  const copy: Record<string, unknown> = {};
  for (const field in value) {
    const each = (value as Record<string, unknown>)[field];
    if (each !== undefined) copy[field] = asJson(each);
  }
  return copy;
}
