import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../domain/ports';

/** The time of the machine it runs on. */
export class SystemClock implements Clock {
  now(): string {
    return new Date().toISOString();
  }

  later(seconds: number): string {
    return new Date(Date.now() + seconds * 1000).toISOString();
  }

  async sleep(milliseconds: number): Promise<void> {
    await setTimeout(milliseconds);
  }
}
