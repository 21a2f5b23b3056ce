import { isoOf } from './instant';

/** Something that is to happen at an instant. */
interface Due {
  readonly at: number;
  /** Breaks ties: first come, first served. */
  readonly order: number;
  readonly happen: () => void;
}

/** By a promise: what Node makes of `queueMicrotask` takes longer. */
const NOTHING = Promise.resolve();
const BEGIN = Date.parse('2026-01-05T09:00:00.000Z');

/**
 * Virtual time, and everything that is due in it. Nothing else makes anything happen in a simulated world: between two entries every run under way
 * stands at a call of a port.
 */
export class Timeline {
  /** Milliseconds since 1970. */
  now = BEGIN;
  /** Set by whoever lets a run go on: what it does next is waited for before the next entry. */
  running = false;
  private readonly heap: Due[] = [];
  private orders = 0;
  private isoOf = 0;
  private iso = '';

  /** The instant as ports tell it. */
  text(): string {
    if (this.isoOf !== this.now) {
      this.isoOf = this.now;
      this.iso = isoOf(this.now);
    }
    return this.iso;
  }

  after(milliseconds: number, happen: () => void): void {
    this.push({ at: this.now + milliseconds, order: this.orders++, happen });
  }

  /** The clock moves on, and nothing happens meanwhile: what was due then is late. */
  jump(milliseconds: number): void {
    this.now += milliseconds;
  }

  /**
   * Until nothing is due any more.
   * @throws Error when there is no end to it
   */
  settle(most: number): Promise<void> {
    let entries = 0;
    return new Promise((resolve, reject) => {
      const goOn = () => {
        try {
          for (let due = this.pop(); due; due = this.pop()) {
            if (entries === most) throw new Error(`the world does not come to rest: ${most} things have happened, and ${this.heap.length + 1} are due`);
            entries += 1;
            if (due.at > this.now) this.now = due.at;
            due.happen();
            if (!this.running) continue;
            this.running = false;
            void NOTHING.then(afterAll);
            return;
          }
          resolve();
        } catch (error) {
          reject(error);
        }
      };
      // Once all that was set off has run to its next call of a port: a tick that a promise asks for comes when no promise is left to go on.
      const afterAll = () => process.nextTick(goOn);
      // What was set off before, by an operator for instance, is waited for, too.
      this.running = false;
      void NOTHING.then(afterAll);
    });
  }

  private push(due: Due): void {
    const { heap } = this;
    let place = heap.length;
    heap.push(due);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent] as Due;
      if (!isBefore(due, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = due;
  }

  private pop(): Due | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) child += 1;
      const below = heap[child] as Due;
      if (!isBefore(below, last)) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
