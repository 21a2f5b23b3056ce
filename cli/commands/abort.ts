import type { Command } from 'commander';
import type { EnvironmentView, ReleaseView } from '../../lambda/contract';
import type { HubApi } from '../hub/hub-api';
import { allWaves } from '../waves';
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
      const said = [`aborted release ${version}: ${reason}`, `now: ${answer.now}`, ...goingBack(answer, await wavesOf(hub, answer))];
      respond(context, options, answer, [...said, `See how it ends with: ptl status ${version}`]);
    });
}

/** Looked at only where it has gone live somewhere. */
async function wavesOf(hub: HubApi, { environments }: ReleaseView): Promise<readonly EnvironmentView[]> {
  return environments.some((each) => isLive(each)) ? (await hub.status()).environments.filter(({ wave }) => wave !== undefined) : [];
}

const isLive = (place?: ReleaseView['environments'][number]) => place?.state === 'live';

/** What has gone live in some waves and not in all goes back in those: to its users they are one place. */
function goingBack({ environments }: ReleaseView, waves: readonly EnvironmentView[]): string[] {
  const stateOf = new Map(environments.map((each) => [each.environment, each]));
  return allWaves(waves.filter(({ environment }) => stateOf.has(environment))).flatMap(({ name, waves: own }) => {
    const live = own.filter((each) => isLive(stateOf.get(each)));
    if (live.length === 0 || live.length === own.length) return [];
    return [`It goes back in ${live.reverse().join(', then ')}: it has not gone live in every wave of ${name}`];
  });
}
