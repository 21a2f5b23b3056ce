import type { Command } from 'commander';
import type { RollBackView } from '../../lambda/contract';
import { heldInWords } from '../report/held';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';
import { requireReason } from './reason';

interface RollBackOptions extends CommonOptions {
  readonly reason?: string;
}

/** `ptl roll-back`: live traffic of one environment back to what served before, during a release or after it. */
export function rollBackCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'roll-back',
    summary: 'send live traffic back to the version before',
    about:
      'Send the live traffic of an environment back to what served before: of the release that is getting traffic, or of the one that is live. Neither a freeze nor a change window holds it up.',
    examples: ['ptl roll-back Production --reason "checkout errors since 14:05"', 'ptl roll-back Integration --reason "blocks the other teams" --json'],
    next: [
      'ptl status    what is live now; and where what is live cannot be rolled back,',
      '              why, and the commands that lead out',
      'ptl tickets   the ticket it raised',
    ],
    words: ['release', 'live', 'slot', 'roll back', 'ticket'],
  })
    .argument('<environment>', 'the environment to roll back')
    .option('--reason <text>', 'needed: why; kept in the audit trail and in the ticket')
    .action(async (environment: string, options: RollBackOptions) => {
      const reason = requireReason(options.reason);
      const answer = await (await connect(context, options)).rollBack(environment, { reason });
      respond(context, options, answer, words(answer));
    });
}

function words({ outcome, release, environment: { environment, live, previous } }: RollBackView): string[] {
  if (outcome === 'raising') return raising(environment, previous);
  if (outcome === 'requested') return [`${environment} goes back as soon as release ${release} has read this; follow it with: ptl status ${release}`];
  return [`rolled ${environment} back; live: ${live === undefined ? 'nothing, users get 503' : heldInWords(live)}`];
}

function raising(environment: string, target: RollBackView['environment']['previous']): string[] {
  const to = target === undefined ? 'the version before' : `${target.version} (${target.colour})`;
  const time =
    target?.startSeconds === undefined ? 'how long that takes is not known, it was not seen before' : `that took ${target.startSeconds} s the last time`;
  return [`${environment} goes back to ${to} as soon as it runs again: its slot was lowered and is started first, ${time}; see it with: ptl status`];
}
