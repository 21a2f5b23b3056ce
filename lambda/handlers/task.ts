import { randomUUID } from 'node:crypto';
import { inDomainErrors } from '../adapters/domain-errors';
import { JsonLog } from '../adapters/json-log';
import { SystemClock } from '../adapters/system-clock';
import { messageOf } from '../adapters/transient-error';
import { ENV } from '../contract';
import type { Log, Ports } from '../domain/ports';

/** What Lambda tells about an invocation, as far as a task needs it. */
export interface Invocation {
  readonly functionName: string;
  getRemainingTimeInMillis(): number;
}

/** Makes the ports a task needs besides clock, log, unique names and the time it has left, which every task has. */
export type PortMakers = { readonly [Port in keyof Ports]?: () => Ports[Port] };

/** Fields of a task's input or output that its log line shows. Tokens, bundles and reasons of people stay out. */
const SHOWN = ['release', 'environment', 'colour', 'percent', 'test', 'gate', 'execution', 'outcome', 'verdict'];

let current: Invocation | undefined;

/**
 * A Lambda handler for one task. The ports are made at the first call, once per container, so that importing the file in a test
 * configures nothing. Writes one line per call.
 *
 * @param makers by port; using a port that is not named here fails with its name
 */
export function task<Input, Output>(
  factory: (ports: Ports) => (input: Input) => Promise<Output>,
  makers: PortMakers = {},
): (input: Input, invocation: Invocation) => Promise<Output> {
  let run: ((input: Input) => Promise<Output>) | undefined;
  return async (input, invocation) => {
    current = invocation;
    const log = jsonLog();
    const started = performance.now();
    const line = (output?: unknown) => ({
      task: invocation.functionName,
      ...shown(input),
      ...shown(output),
      milliseconds: Math.round(performance.now() - started),
    });
    try {
      run ??= factory(portsOf(makers));
      const output = await run(input);
      log.info('done', line(output));
      return output;
    } catch (error) {
      log.error('failed', { ...line(), error: (error as Error).name, reason: messageOf(error) });
      throw error;
    }
  };
}

/** How long the invocation under way may still take. */
export function remainingMilliseconds(): number {
  return current?.getRemainingTimeInMillis() ?? 0;
}

/** @throws naming the variable that the function lacks */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the function has no environment variable ${name}; deploy the stack that defines it again`);
  return value;
}

/** Lines of JSON on standard output, where Lambda's log group takes them from. */
export function jsonLog(): Log {
  return new JsonLog({ path: process.env[ENV.path] }, (line) => console.log(line));
}

function portsOf(makers: PortMakers): Ports {
  const everywhere = { clock: new SystemClock(), log: jsonLog(), uniqueName: randomUUID, remainingMilliseconds };
  const made = Object.fromEntries(Object.entries(makers).map(([port, make]) => [port, inDomainErrors(make() as object)]));
  return new Proxy({ ...everywhere, ...made } as Ports, {
    get(ports, port) {
      if (!(port in ports)) throw new Error(`this task uses the port ${String(port)}; name it where the task is exported: task(…, { ${String(port)} })`);
      return ports[port as keyof Ports];
    },
  });
}

function shown(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([field, content]) => SHOWN.includes(field) && typeof content !== 'object'));
}
