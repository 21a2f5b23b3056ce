/** What the product promises, each checked where the story shows it. */
export interface Checked {
  readonly promise: string;
  readonly kept: boolean;
  /** What was seen. */
  readonly seen: string;
}

export class Promises {
  private readonly all: Checked[] = [];

  check(promise: string, kept: boolean, seen: string): void {
    this.all.push({ promise, kept, seen });
  }

  get checked(): readonly Checked[] {
    return this.all;
  }

  get broken(): readonly Checked[] {
    return this.all.filter(({ kept }) => !kept);
  }

  /** One line each. */
  report(): string[] {
    return this.all.map(({ promise, kept, seen }) => `  ${kept ? 'kept  ' : 'BROKEN'}  ${promise} (${seen})`);
  }
}
