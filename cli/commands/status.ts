import type { Command } from 'commander';
import { releaseReport } from '../report/release-report';
import { statusReport } from '../report/status-report';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';

/** `ptl status`: what is live where, what is under way and who is asked; or the whole story of one version. */
export function statusCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'status',
    summary: 'show what is live where, what is under way, and who is asked',
    about:
      'Show what is live where, what is under way, who is asked, and how a tester reaches the shadow, and what cannot be rolled back; or the whole story of one version.',
    examples: ['ptl status', 'ptl status 1.4.2', "ptl status --json | jq '.environments[] | {environment, live}'"],
    next: [
      'What it prints behind a $ can be pasted: decisions that are asked for, the',
      'hidden URL of a shadow, and the way out where nothing can be rolled back.',
    ],
    words: ['path to live', 'release', 'slot', 'live', 'shadow', 'hidden URL', 'firebreak', 'go/no-go', 'roll back'],
  })
    .argument('[version]', 'tell the story of this version instead: environments, decisions, events')
    .action(async (version: string | undefined, options: CommonOptions) => {
      const hub = await connect(context, options);
      const { columns } = context.surroundings;
      if (version === undefined) {
        const status = await hub.status();
        respond(context, options, status, statusReport(status, columns));
      } else {
        const release = await hub.release(version);
        respond(context, options, release, releaseReport(release, columns));
      }
    });
}
