/** Exit codes of a process that was ended by a signal, as shells have them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** How a process ends that has started others: first they, then it. */
export class Ending {
  private begun = false;

  /**
   * @param stop ends everything that was started @returns whether nothing of it is left
   * @param say told when somebody has ended it, and all of it has
   */
  constructor(
    private readonly stop: () => Promise<boolean>,
    private readonly say: (line: string) => void,
  ) {}

  /** What fails once it has begun is no news. */
  get hasBegun(): boolean {
    return this.begun;
  }

  /** From now on a signal is an end like any other, and is told of. */
  onSignals(): this {
    for (const [signal, exitCode] of Object.entries(SIGNALS)) process.on(signal, () => void this.with(exitCode, true));
    return this;
  }

  /** Ends everything that was started, and then this process; asked again it does no more. */
  async with(exitCode: number, bySomebody = false): Promise<void> {
    if (this.begun) return;
    this.begun = true;
    const nothingLeft = await this.stop();
    if (bySomebody) this.say(nothingLeft ? '\nStopped; nothing is left running.' : '\nStopped; a program that was started is still about to end.');
    process.exit(exitCode);
  }
}
