/** Tells the story, with the time since it began. */
export class Narrator {
  private readonly begun = Date.now();

  constructor(private readonly print: (line: string) => void) {}

  /** Seconds since the story began. */
  get seconds(): number {
    return (Date.now() - this.begun) / 1000;
  }

  chapter(title: string): void {
    this.print(`\n${title}`);
  }

  /** One thing that happened. */
  say(sentence: string): void {
    this.print(`${`${this.seconds.toFixed(1)} s`.padStart(8)}  ${sentence}`);
  }

  /** Lines as they are, for tables and commands. */
  show(lines: readonly string[]): void {
    for (const line of lines) this.print(line);
  }
}
