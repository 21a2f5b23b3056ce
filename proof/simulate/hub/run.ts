import { Retry } from '../../../lambda/domain/errors';
import type { Failed } from '../engine/execution';
import type { Fault } from './faults';
import type { FunctionHub } from './function-hub';
import { RunPorts } from './run-ports';

/** What a dead process waits for. */
const NEVER = new Promise<never>(() => undefined);
/** More than any run needs that comes to an end. */
const MOST_CALLS = 5_000;
const SLOWEST_MS = 8_000;
/** Shorter than the room between the end of a writer and that of its lease. */
const LATEST_MS = 20_000;

/** One run of a function of the hub, in a process of its own that may die at any call. */
export class Run {
  isDead = false;
  private calls = 0;
  readonly ports: RunPorts;
  private readonly deadline: number;

  constructor(
    readonly hub: FunctionHub,
    readonly name: string,
    seconds: number,
    private readonly onDeath: (failed: Failed) => void,
    /** Whether faults may hit it. */
    private readonly isMortal: boolean,
  ) {
    this.deadline = hub.timeline.now + seconds * 1_000;
    this.ports = new RunPorts(this);
  }

  remaining(): number {
    return this.deadline - this.hub.timeline.now;
  }

  /** Calls a port: a place where others may come in between, where the call may go wrong, and where this process may die. */
  call(port: string, method: string, target: object, given: readonly unknown[]): Promise<unknown> {
    if (this.isDead) return NEVER;
    const { hub } = this;
    hub.calls += 1;
    this.calls += 1;
    if (this.calls > MOST_CALLS) throw new Error(`it calls ports without end, ${port}.${method} for instance`);
    const fault = this.isMortal ? hub.faults.ofCall(method) : undefined;
    const pause = hub.pause() + (fault?.kind === 'slow call' ? hub.chance.between(1_000, SLOWEST_MS) : 0);
    const effect: Effect = { target: target as Effect['target'], method, given };
    if (fault === undefined && pause === 0) return carriedOut(effect);
    hub.tell(this, fault === undefined ? undefined : `${fault.kind}: ${port}.${method}`);
    return new Promise((resolve, reject) => {
      this.later(pause, () => this.carryOut(effect, fault, resolve, reject));
    });
  }

  sleep(milliseconds: number): Promise<void> {
    if (this.isDead) return NEVER;
    return new Promise((resolve) => this.later(milliseconds, resolve));
  }

  /** Nothing it would have done afterwards happens, not even tidying up. */
  die(failed: Failed): void {
    if (this.isDead) return;
    this.isDead = true;
    this.hub.tell(this, `died: ${failed.error}`);
    this.onDeath(failed);
  }

  private later(milliseconds: number, then: () => void): void {
    const { timeline } = this.hub;
    const isOver = timeline.now + milliseconds >= this.deadline;
    timeline.after(isOver ? Math.max(0, this.remaining()) : milliseconds, () => {
      if (this.isDead) return;
      timeline.running = true;
      if (isOver) this.die({ error: 'Sandbox.Timedout', cause: JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' }) });
      else then();
    });
  }

  private carryOut(effect: Effect, fault: Fault | undefined, resolve: (value: unknown) => void, reject: (error: unknown) => void): void {
    const { timeline, chance } = this.hub;
    const lost = () => reject(new Retry('the service did not answer'));
    switch (fault?.kind) {
      case 'throttled':
        reject(new Retry('Rate exceeded'));
        break;
      case 'answer lost':
        void carriedOut(effect).then(lost, lost);
        break;
      case 'killed before a call':
        this.die(deathOf(fault));
        break;
      case 'killed after a call':
        void carriedOut(effect).catch(() => undefined);
        this.die(deathOf(fault));
        break;
      case 'killed, call late':
        timeline.after(chance.between(10, LATEST_MS), () => {
          timeline.running = true;
          void carriedOut(effect).catch(() => undefined);
        });
        this.die(deathOf(fault));
        break;
      default:
        void carriedOut(effect).then(resolve, reject);
    }
  }
}

/** A call of a port. */
interface Effect {
  readonly target: Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;
  readonly method: string;
  readonly given: readonly unknown[];
}

function carriedOut({ target, method, given }: Effect): Promise<unknown> {
  try {
    return Promise.resolve(target[method]?.(...given));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** What Step Functions is told of a process that died: that the service failed, which it tries again, or that the function did. */
function deathOf({ deadly }: Fault): Failed {
  const error = deadly ? 'Lambda.Unknown' : 'Lambda.ServiceException';
  return { error, cause: JSON.stringify({ errorType: error, errorMessage: 'the process exited' }) };
}
