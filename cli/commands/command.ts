import { Command } from 'commander';
import { pasteable } from '../called';
import { EXIT_CODES, type ExitCode } from '../exit-codes';
import { findHub } from '../hub/address';
import type { Identity } from '../hub/aws';
import { HubApi } from '../hub/hub-api';
import { shortLine } from '../report/in-short';
import type { Surroundings } from '../surroundings';
import { glossary, type Word } from '../words';

/** What every command is given. */
export interface CommandContext {
  readonly surroundings: Surroundings;
  readonly identity: Identity;
  /** Called by a command that ends otherwise than "done" or "not done". */
  readonly exit: (code: ExitCode) => void;
}

/** Options every command has. */
export interface CommonOptions {
  readonly path?: string;
  readonly region?: string;
  readonly json?: boolean;
}

/** How a command introduces itself. */
export interface CommandText {
  readonly name: string;
  /** A line, for the list of commands. */
  readonly summary: string;
  /** Sentences, for the command's own help. */
  readonly about: string;
  /** At least two that somebody would really type. */
  readonly examples: readonly string[];
  /** What one does afterwards, in lines of at most 78 characters. */
  readonly next: readonly string[];
  /** Words its help uses that a newcomer has not met. */
  readonly words: readonly Word[];
  /**
   * Whether it asks the hub, and so may be told where that is.
   *
   * @default true
   */
  readonly asksHub?: boolean;
  /** What `--region` says, and what it is without it. @default - the hub's */
  readonly region?: string;
  /** @default - those of a command that is done or not */
  readonly exitCodes?: string;
}

const HUB_REGION = "the hub's region (default: your own, $AWS_REGION or your profile's, and then the one that ./cdk.out names)";

/** A command of `ptl` with the options all have; under its help examples, exit codes, the next step, and what its words mean. */
export function ptlCommand({ name, summary, about, examples, next, words, asksHub = true, region = HUB_REGION, exitCodes = EXIT_CODES }: CommandText): Command {
  const command = new Command(name)
    .summary(summary)
    .description(about)
    .option('--path <name>', 'the path to live, where there are several (default: $PTL_PATH, or the only one in ./cdk.out)');
  if (asksHub) command.option('--region <name>', region);
  return command
    .option('--json', 'print one JSON document on standard output instead of text')
    .option('--debug', 'show of an error what was answered, and its stack')
    .addHelpText(
      'after',
      ['', 'Examples:', ...examples.map((example) => `  $ ${example}`), exitCodes, '', 'Next:', ...next.map((line) => `  ${line}`), '', glossary(words)].join(
        '\n',
      ),
    );
}

/** The API of the hub the command is about. */
export async function connect({ surroundings, identity }: CommandContext, { path, region }: CommonOptions): Promise<HubApi> {
  return new HubApi(await findHub(surroundings, identity, { path, region }), identity, surroundings);
}

/** Prints a result: as JSON where that is asked for, else in words, with commands as they are called here. */
export function respond({ surroundings }: CommandContext, { json }: CommonOptions, value: unknown, words: readonly string[]): void {
  if (json) surroundings.print(JSON.stringify(value, null, 2));
  else for (const line of words) surroundings.print(pasteable(shortLine(line), surroundings));
}
