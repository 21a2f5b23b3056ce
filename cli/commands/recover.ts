import type { Command } from 'commander';
import type { RecoverView } from '../../lambda/contract';
import { EXIT } from '../exit-codes';
import { findingsReport } from '../report/doctor-report';
import { hanging } from '../report/table';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';
import { requireReason } from './reason';

interface RecoverOptions extends CommonOptions {
  readonly reason?: string;
}

const RECOVER_EXIT_CODES = `
Exit codes:
  0  done, or there was nothing to do; everything is as it must be
  1  refused, or the command line is wrong: the message says why and what to do;
     nothing was changed
  6  done what has a safe way; what is left is for a person, or takes a moment:
     look again with ptl doctor`;

/** `ptl recover`: puts right in one environment what ptl doctor found and what has a safe way. */
export function recoverCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'recover',
    summary: 'put right what ptl doctor found and what has a safe way',
    about:
      'Put right, in one environment, what ptl doctor found and what has a safe way: give live traffic back to what was accepted last, take a release back or end it whose machine has died, free its lock, remove the stack of a slot that is stuck and that nobody needs, deliver what was not delivered. Nothing else that is live is touched. Refused while a release is in flight whose machine runs. For release managers.',
    examples: [
      'ptl recover Production --reason "somebody edited the listener rule, INC0042"',
      'ptl recover Integration --reason "execution stopped by hand" --json',
    ],
    next: ['ptl doctor    whether everything is as it must be by now', 'ptl tickets   what a release that was taken back, or ended, has raised'],
    words: ['release', 'slot', 'live', 'release manager', 'roll back', 'ticket'],
    exitCodes: RECOVER_EXIT_CODES,
  })
    .argument('<environment>', 'the environment to recover')
    .option('--reason <text>', 'needed: why; kept in the audit trail')
    .action(async (environment: string, options: RecoverOptions) => {
      const reason = requireReason(options.reason);
      const answer = await (await connect(context, options)).recover(environment, { reason });
      respond(context, options, answer, words(answer, context.surroundings.columns));
      context.exit(answer.left.length + answer.held.length > 0 ? EXIT.findings : EXIT.reached);
    });
}

function words({ environment, done, held, left }: RecoverView, columns: number): string[] {
  const list = (title: string, items: readonly string[]) => (items.length === 0 ? [] : [title, ...items.flatMap((item) => hanging('  - ', item, columns))]);
  if (done.length + held.length + left.length === 0) return [`${environment} is as it must be; nothing was done.`];
  return [
    ...list(`Done in ${environment}:`, done),
    ...list('Could not be put right:', held),
    ...(left.length === 0 ? [ending(held)] : [`Left, ${left.length} not as it must be:`, ...findingsReport(left, columns)]),
  ];
}

/** A finding may have to be minutes old before it is one: that there is none says nothing of what could not be put right. */
function ending(held: readonly string[]): string {
  return held.length === 0 ? 'Everything is as it must be.' : 'Nothing else was found that is not as it must be.';
}
