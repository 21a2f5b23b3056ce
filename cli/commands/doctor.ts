import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { doctorReport } from '../report/doctor-report';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';

const DOCTOR_EXIT_CODES = `
Exit codes:
  0  everything is as it must be
  1  not looked, or the command line is wrong: the message says why and what to
     do
  6  something is not as it must be: each finding says what, and what to do`;

/** `ptl doctor`: what is not as the ledger says, in every environment or in one, and what would put it right. Changes nothing. */
export function doctorCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'doctor',
    summary: 'compare what there is with what the ledger says, and say what is wrong',
    about:
      'Compare, in every environment or in one, what the ledger says with what there is: the weights and tags of the live rule, the health of what is live, the stacks of the slots, locks and the machines behind them, what was not delivered, and whether the roles let the hub in. Says what is wrong, and what would put it right. Changes nothing. The hub looks by itself every hour, and raises a ticket for what stays so.',
    examples: ['ptl doctor', 'ptl doctor Production', "ptl doctor --json | jq '.findings[] | {kind, environment, by}'"],
    next: [
      'ptl recover <environment>   what has a safe way; the rest is for a person:',
      '                            docs/runbook.md of path-to-live, which is in',
      '                            node_modules, has an entry for each kind',
    ],
    words: ['path to live', 'hub', 'release', 'slot', 'live', 'ticket'],
    exitCodes: DOCTOR_EXIT_CODES,
  })
    .argument('[environment]', 'look at this environment only')
    .action(async (environment: string | undefined, options: CommonOptions) => {
      const view = await (await connect(context, options)).doctor(environment);
      respond(context, options, view, doctorReport(view, context.surroundings.columns));
      context.exit(view.findings.length > 0 ? EXIT.findings : EXIT.reached);
    });
}
