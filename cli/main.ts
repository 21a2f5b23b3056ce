import { inspect } from 'node:util';
import { type Command, CommanderError } from 'commander';
import { asCalled } from './called';
import { EXIT, type ExitCode } from './exit-codes';
import { awsProblem, type Identity, usualIdentity } from './hub/aws';
import { forgottenValue, misuse } from './misuse';
import { ptlProgram } from './program';
import { inShort } from './report/in-short';
import { processSurroundings, type Surroundings } from './surroundings';
import { UserError } from './user-error';

/**
 * Runs one `ptl` command line.
 *
 * @param args without `node` and the script
 * @returns the exit code; nothing is thrown
 */
export async function main(
  args: readonly string[],
  surroundings: Surroundings = processSurroundings(),
  identity: Identity = usualIdentity(),
): Promise<ExitCode> {
  let code: ExitCode = EXIT.reached;
  const exit = (other: ExitCode) => {
    code = other;
  };
  const program = ptlProgram({ surroundings, identity, exit });
  try {
    const forgotten = forgottenValue(program, args);
    if (forgotten !== undefined) throw new UserError('Usage', forgotten);
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, program, args, surroundings);
  }
}

function failed(error: unknown, program: Command, args: readonly string[], { print, say, called }: Surroundings): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.reached; // help or version was asked for
  const problem = inWords(error, program, args);
  if (args.includes('--json')) print(JSON.stringify({ error: problem, exitCode: EXIT.error }, null, 2));
  // Without any command the help was shown, and says it all.
  const commands = program.commands.map((command) => command.name());
  if (!isHelp(error)) say(`ptl: ${inShort(asCalled(problem.message, commands, { called }))}`);
  if (args.includes('--debug')) say(inspect(error));
  return EXIT.error;
}

function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.code === 'commander.help';
}

function inWords(error: unknown, program: Command, args: readonly string[]): { readonly code: string; readonly message: string } {
  const known = error instanceof UserError ? error : awsProblem(error, 'talking to AWS');
  if (known !== undefined) return { code: known.code, message: known.message };
  if (error instanceof CommanderError) return { code: 'Usage', message: misuse(error, program, args) };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'Unexpected', message: `${message} (this is not an error ptl knows; --debug shows where it came from)` };
}
