import { type Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { requireMatch } from './validate';

/** Runtimes that take a handler apart at its last dot: what is in front of it is a file. Others take a class, an executable, or nothing. */
const OF_A_FILE = [RuntimeFamily.NODEJS, RuntimeFamily.PYTHON];

/**
 * That a function's handler names a file and a function in it, where its runtime looks for that: without, every call fails.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html, https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
 *
 * @throws PathToLiveError that names the value and what is allowed
 */
export function requireFunctionHandler(where: string, handler: string, runtime: Runtime): void {
  if (runtime.family === undefined || !OF_A_FILE.includes(runtime.family)) return;
  requireMatch(
    { code: 'FunctionHandler', where, what: 'handler' },
    handler,
    /^\S*[^\s./]\.[^\s./]+$/,
    `a file without its ending, a dot, and the function in it, for example "index.handler", as ${runtime.name} has it`,
  );
}
