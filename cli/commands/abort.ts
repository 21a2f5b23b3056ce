import type { Command } from 'commander';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';
import { requireReason } from './reason';

interface AbortOptions extends CommonOptions {
  readonly reason?: string;
}

/** `ptl abort`: stops a release before it has live traffic in the environment it is in. */
export function abortCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'abort',
    summary: 'stop a release before it has live traffic',
    about: 'Stop a release before any live traffic is moved to it in the environment it is in. Once traffic moves, use ptl roll-back.',
    examples: ['ptl abort 1.4.2 --reason "superseded by 1.4.3"', 'ptl abort 1.4.2 --reason "the window closes at six" --json'],
    next: ['ptl status <version>           how it ends; a ticket says why', 'ptl release <version> --again  the same content, as another attempt'],
    words: ['release', 'live', 'roll back', 'ticket'],
  })
    .argument('<version>', 'the version to stop')
    .option('--reason <text>', 'needed: why; kept in the audit trail')
    .action(async (version: string, options: AbortOptions) => {
      const reason = requireReason(options.reason);
      const answer = await (await connect(context, options)).abort(version, { reason });
      respond(context, options, answer, [`aborted release ${version}: ${reason}`, `now: ${answer.now}`, `See how it ends with: ptl status ${version}`]);
    });
}
