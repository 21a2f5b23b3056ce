import { cpus, loadavg, totalmem } from 'node:os';

/** More processes than this that want to run beside the benchmark make its times longer. */
const QUIET = 1;

/** When and on what the figures were measured; they mean nothing without it. */
export interface Machine {
  readonly date: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGigabytes: number;
  readonly node: string;
  readonly system: string;
  /** Processes that wanted to run in the minute before the benchmark, on average. */
  readonly load: number;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    cores: processors.length,
    processor: processors[0]?.model.trim() || 'unknown',
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    system: `${process.platform} ${process.arch}`,
    load: loadavg()[0] ?? 0,
  };
}

export function describeMachine({ date, cores, processor, memoryGigabytes, node, system, load }: Machine): string[] {
  const busy = load > QUIET ? ': others were at work on it, so times are longer than they need to be, processor times too' : '';
  return [
    `Measured ${date} UTC on ${cores} cores (${processor}), ${memoryGigabytes} GB of memory, ${system}, Node ${node}.`,
    `Load before the first measurement: ${load.toFixed(1)}${busy}.`,
  ];
}
