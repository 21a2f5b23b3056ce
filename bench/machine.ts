import { cpus, loadavg, totalmem } from 'node:os';

/** When and on what the figures were measured; they mean nothing without it. */
export function describeMachine(): string {
  const processors = cpus();
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const memory = Math.round(totalmem() / 2 ** 30);
  return (
    `Measured ${date} UTC on ${processors.length} cores (${processors[0]?.model.trim() || 'unknown'}), ${memory} GB of memory, ` +
    `${process.platform} ${process.arch}, Node ${process.versions.node}.`
  );
}

/** Watches how many processes want to run, on average over a minute, the benchmark's own included. */
export class LoadWatch {
  private least = loadavg()[0] ?? 0;
  private most = this.least;
  private readonly timer = setInterval(() => this.look(), 5_000).unref();

  /** What was seen, in words. */
  stop(): string {
    clearInterval(this.timer);
    this.look();
    const seen = `Load while synthesis and bundles were measured, the benchmark included: ${this.least.toFixed(1)} to ${this.most.toFixed(1)}`;
    const busy = this.most > cpus().length;
    return busy ? `${seen}. Others were at work on the machine: times are longer than they need to be, those of the processor too.` : `${seen}.`;
  }

  private look(): void {
    const load = loadavg()[0] ?? 0;
    this.least = Math.min(this.least, load);
    this.most = Math.max(this.most, load);
  }
}
