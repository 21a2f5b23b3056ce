import { setTimeout as wait } from 'node:timers/promises';
import { calledAs } from './called';

/** What a command may know of the world besides its arguments: everything else it is told. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directory the command was started in. */
  readonly directory: string;
  /** How the user calls `ptl` there, for commands to paste: `ptl`, `npx ptl` or `node bin/ptl.js`, for example. */
  readonly called: string;
  /** One line of the result, to standard output. */
  readonly print: (line: string) => void;
  /** One line for whoever watches (progress, errors), to standard error. */
  readonly say: (line: string) => void;
  /** Characters in a line of the terminal; 80 where there is none. */
  readonly columns: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Lets a command go on to its exit code where whoever read its lines has gone, as `| head` does. Other errors stay errors. */
export function outliveReader(stream: NodeJS.EventEmitter): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** The process `ptl` runs in. */
export function processSurroundings(): Surroundings {
  for (const stream of [process.stdout, process.stderr]) outliveReader(stream);
  return {
    env: process.env,
    directory: process.cwd(),
    called: calledAs({ script: process.argv[1] ?? 'ptl', directory: process.cwd(), env: process.env }),
    print: (line) => process.stdout.write(`${line}\n`),
    say: (line) => process.stderr.write(`${line}\n`),
    columns: Math.max(80, process.stdout.columns ?? 80),
    now: () => Date.now(),
    sleep: (milliseconds) => wait(milliseconds),
  };
}
