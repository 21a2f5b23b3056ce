import type { Command } from 'commander';
import type { ReleaseView } from '../../lambda/contract';
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
    about:
      'Stop a release before any live traffic is moved to it in the environment it is in. Where that is a later one of several waves, it goes back in those before it. Once traffic moves, use ptl roll-back.',
    examples: ['ptl abort 1.4.2 --reason "superseded by 1.4.3"', 'ptl abort 1.4.2 --reason "the window closes at six" --json'],
    next: ['ptl status <version>           how it ends; a ticket says why', 'ptl release <version> --again  the same content, as another attempt'],
    words: ['release', 'live', 'roll back', 'ticket'],
  })
    .argument('<version>', 'the version to stop')
    .option('--reason <text>', 'needed: why; kept in the audit trail')
    .action(async (version: string, options: AbortOptions) => {
      const reason = requireReason(options.reason);
      const hub = await connect(context, options);
      const answer = await hub.abort(version, { reason });
      const said = [`aborted release ${version}: ${reason}`, `now: ${answer.now}`, ...goingBack(answer)];
      respond(context, options, answer, [
        ...said,
        `See how it ends with: ptl status ${version}`,
        'Where it does not within a minute, its machine has died: see ptl doctor',
      ]);
    });
}

/** To its users waves are one place: what has not gone live in all of them goes back in those where it has, and stays where it was live before. */
function goingBack({ goesBackIn = [] }: ReleaseView): string[] {
  return goesBackIn.length === 0 ? [] : [`It goes back in ${goesBackIn.join(', then ')}: it has not gone live in every wave`];
}
