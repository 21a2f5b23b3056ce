import type { Log } from '../domain/ports';

const WITHHELD = new Set(['token', 'taskToken', 'secret']);

/**
 * One line of JSON per entry, which CloudWatch Logs Insights reads as fields. By hand: the well-known loggers weigh more than a
 * handler does, and all that is needed here is a line.
 */
export class JsonLog implements Log {
  /**
   * @param context fields of every line, for example the path
   * @param write takes one line
   */
  constructor(
    private readonly context: Readonly<Record<string, unknown>>,
    private readonly write: (line: string) => void,
  ) {}

  info(message: string, fields: Readonly<Record<string, unknown>>): void {
    this.line('info', message, fields);
  }

  error(message: string, fields: Readonly<Record<string, unknown>>): void {
    this.line('error', message, fields);
  }

  private line(level: 'info' | 'error', message: string, fields: Readonly<Record<string, unknown>>): void {
    // A token opens a gate and a secret a hidden URL: whoever may read logs may do neither.
    this.write(JSON.stringify({ level, message, ...this.context, ...fields }, (key, value) => (WITHHELD.has(key) ? '(withheld)' : value)));
  }
}
