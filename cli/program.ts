import { Command } from 'commander';
import { pasteable } from './called';
import { abortCommand } from './commands/abort';
import { bundleCommand } from './commands/bundle';
import type { CommandContext } from './commands/command';
import { contractCommand } from './commands/contract';
import { decideCommand } from './commands/decide';
import { doctorCommand } from './commands/doctor';
import { freezeCommand, unfreezeCommand } from './commands/freeze';
import { recoverCommand } from './commands/recover';
import { releaseCommand } from './commands/release';
import { resumeCommand } from './commands/resume';
import { retireCommand } from './commands/retire';
import { reviewCommand } from './commands/review';
import { rollBackCommand } from './commands/roll-back';
import { statusCommand } from './commands/status';
import { ticketsCommand } from './commands/tickets';
import { ownVersion } from './own-version';
import { glossary, WORDS } from './words';

const AFTER_HELP = `
${glossary(WORDS)}

A release in five commands:
  $ ptl release 1.4.2                         a pipeline; exit code 4: it waits
  $ ptl status                                who is asked; how to see the shadow
  $ ptl accept Production --reason "CHG0031"  each party, and at the go/no-go
  $ ptl resume Production                     a release manager
  $ ptl roll-back Production --reason "slow"  when it is bad after all
When something else seems wrong: ptl doctor, and docs/runbook.md of path-to-live,
which npm has put into node_modules/path-to-live/docs, with a page for each
matter.

The hub is found by $PTL_API_URL, else by the parameter
/path-to-live/<path>/api-url in its account. It is looked for in the region that
--region names, and in no other; else in your own ($AWS_REGION, or your
profile's), and then in the one that ./cdk.out names, which may be an old one.
Who you are and what you may do comes from your AWS credentials (environment,
profile, SSO, role), never from an argument.

"ptl <command> --help" has the options, examples, exit codes and next step of
each. To look around, start with: ptl status`;

/** The commands of `ptl`. Parsing throws a `CommanderError` instead of ending the process. */
export function ptlProgram(context: CommandContext): Command {
  const { surroundings } = context;
  const { print, say, columns } = surroundings;
  const help = (text: string) => pasteable(text.trimEnd(), surroundings);
  const program = new Command('ptl').description('Take releases through their path to live.').version(ownVersion()).addHelpText('after', AFTER_HELP);
  const commands = [
    releaseCommand(context),
    statusCommand(context),
    decideCommand(context, 'accept'),
    decideCommand(context, 'refuse'),
    resumeCommand(context),
    abortCommand(context),
    rollBackCommand(context),
    freezeCommand(context),
    unfreezeCommand(context),
    contractCommand(context),
    ticketsCommand(context),
    doctorCommand(context),
    recoverCommand(context),
    bundleCommand(context),
    reviewCommand(context),
    retireCommand(context),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) {
    command
      .exitOverride()
      .configureHelp({ helpWidth: columns })
      // Of its errors the library says nothing itself: see misuse.
      .configureOutput({ writeOut: (text) => print(help(text)), writeErr: (text) => say(help(text)), outputError: () => undefined });
  }
  return program;
}
