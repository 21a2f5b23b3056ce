import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit-codes';
import { awsProblem, type Identity, usualIdentity } from './hub/aws';
import { ptlProgram } from './program';
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
  try {
    await ptlProgram({ surroundings, identity, exit }).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, args, surroundings);
  }
}

function failed(error: unknown, args: readonly string[], { print, say }: Surroundings): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.reached; // help or version was asked for
  const problem = inWords(error);
  if (args.includes('--json')) print(JSON.stringify({ error: problem, exitCode: EXIT.error }, null, 2));
  // Commander has said its own by now.
  if (!(error instanceof CommanderError)) say(`ptl: ${problem.message}`);
  if (args.includes('--debug')) say(String((error as Error).stack ?? error));
  return EXIT.error;
}

function inWords(error: unknown): { readonly code: string; readonly message: string } {
  const known = error instanceof UserError ? error : awsProblem(error, 'talking to AWS');
  if (known !== undefined) return { code: known.code, message: known.message };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CommanderError) return { code: 'Usage', message };
  return { code: 'Unexpected', message: `${message} (this is not an error ptl knows; --debug shows where it came from)` };
}
