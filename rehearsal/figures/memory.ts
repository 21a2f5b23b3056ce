import { readdirSync, readFileSync } from 'node:fs';

/** Watches how much memory this process and everything below it take together. */
export class MemoryWatch {
  private peak = 0;
  private readonly timer = setInterval(() => this.look(), 2000).unref();

  /** Largest sum seen, in bytes; undefined where the system has no /proc. */
  stop(): number | undefined {
    clearInterval(this.timer);
    return this.peak === 0 ? undefined : this.peak;
  }

  private look(): void {
    this.peak = Math.max(this.peak, treeBytes(process.pid));
  }
}

/** Memory of a process and its descendants: pages that several share are counted once, in parts. 0 where it cannot be known. */
export function treeBytes(root: number): number {
  const children = new Map<number, number[]>();
  for (const [pid, parent] of parents()) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const sum = (pid: number): number => ownBytes(pid) + (children.get(pid) ?? []).reduce((bytes, child) => bytes + sum(child), 0);
  return sum(root);
}

function parents(): [number, number][] {
  return entries('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid): [number, number][] => {
      // The name in parentheses may hold anything; what follows it is numbers.
      const parent = /\) \S (\d+)/.exec(text(`/proc/${pid}/stat`))?.[1];
      return parent === undefined ? [] : [[Number(pid), Number(parent)]];
    });
}

function ownBytes(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(text(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

/** A process that has ended in between is no error. */
function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
