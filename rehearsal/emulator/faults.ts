import { setTimeout as wait } from 'node:timers/promises';
import { Problem } from '../problem';

/** Something that is to go wrong once, or a few times, at a place; see `local_aws/faults.py`. */
export interface FaultRule {
  readonly id: string;
  readonly at: 'entered' | 'invoked' | 'call' | 'called' | 'answered' | 'update';
  /** Name of a state. */
  readonly state?: string;
  /** For `call` and `called`, for example `elasticloadbalancing:ModifyRule`; any, where it is left out. */
  readonly action?: string;
  /** For `update`: name of a stack. */
  readonly stack?: string;
  /** In this order. */
  readonly do: readonly ('throttle' | 'kill' | 'stop' | 'hold' | 'fail')[];
  /** @default 1 */
  readonly times?: number;
}

/** What became of a rule so far. */
export interface Struck {
  readonly id: string;
  /** How often. */
  readonly struck: number;
  /** Whether it holds something at this moment. */
  readonly held: boolean;
}

const LOOK_EVERY_MS = 50;

/** Steers what goes wrong on the local AWS. */
export class Faults {
  /** @param port undefined where the local AWS was not started for that */
  constructor(private readonly port: number | undefined) {}

  /** In place of those before; what these held goes on. */
  async set(rules: readonly FaultRule[]): Promise<void> {
    await this.ask('/rules', rules);
  }

  async struck(): Promise<readonly Struck[]> {
    return (await this.ask('/rules')) as readonly Struck[];
  }

  /** Looks until the rule has struck so often, or holds something. @returns whether it has, in time */
  async until(id: string, isSo: (rule: Struck) => boolean, isOver: () => boolean): Promise<boolean> {
    for (; ; await wait(LOOK_EVERY_MS)) {
      const rule = (await this.struck()).find((each) => each.id === id);
      if (rule && isSo(rule)) return true;
      if (isOver()) return false;
    }
  }

  /** What the rule holds goes on. */
  async release(id: string): Promise<void> {
    await this.ask(`/release/${id}`, null);
  }

  /** Moves the local AWS's clock, for its functions too. */
  async moveOn(seconds: number): Promise<void> {
    await this.ask('/clock', { seconds });
  }

  private async ask(path: string, body?: unknown): Promise<unknown> {
    if (this.port === undefined) throw new Problem('This local AWS was started without faults; start it with the option `faults`.');
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
    return answer.json();
  }
}
