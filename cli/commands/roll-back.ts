import type { Command } from 'commander';
import { ORIGINAL, type RollBackView } from '../../lambda/contract';
import { type BrokenGlass, breakGlass } from '../break-glass/break-glass';
import { findRule } from '../break-glass/find-rule';
import type { HubApi } from '../hub/hub-api';
import { heldInWords } from '../report/held';
import { person } from '../report/person';
import { instant } from '../report/time';
import type { Surroundings } from '../surroundings';
import { UserError } from '../user-error';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';
import { wavesOr } from './each-wave';
import { requireReason } from './reason';
import { rollBackAndLook } from './roll-back-and-look';
import { rollBackWaves, type WavesRolledBack } from './roll-back-waves';

type Live = RollBackView['environment']['live'];

interface RollBackOptions extends CommonOptions {
  readonly reason?: string;
  readonly breakGlass?: boolean;
  readonly ruleArn?: string;
  readonly listenerArn?: string;
}

/** `ptl roll-back`: live traffic of one environment back to what served before, during a release or after it. */
export function rollBackCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'roll-back',
    summary: 'send live traffic back to the version before',
    about:
      'Send the live traffic of an environment back to what served before: of the release that is getting traffic, or of the one that is live. Neither a freeze nor a change window holds it up. Where the hub itself is lost, --break-glass needs none: it goes by the tags of the live rule, with your own permission to change it, to what was accepted last. The path is that of --path, $PTL_PATH or ./cdk.out.',
    examples: [
      'ptl roll-back Production --reason "checkout errors since 14:05"',
      'ptl roll-back Integration --reason "blocks the other teams" --json',
      'ptl roll-back Production --break-glass --path Payments --region eu-west-1',
    ],
    next: [
      'ptl status    what is live now; and where what is live cannot be rolled back,',
      '              why, and the commands that lead out',
      'ptl tickets   the ticket it raised',
    ],
    words: ['release', 'live', 'slot', 'roll back', 'ticket'],
    region:
      "the hub's region (default: your own, $AWS_REGION or your profile's, and then the one that ./cdk.out names); with --break-glass the environment's (default: that of the ARN, the one that ./cdk.out names, and then your own)",
  })
    .argument('<environment>', 'the environment to roll back, or the name of waves: all of them, newest first')
    .option('--reason <text>', 'needed: why; kept in the audit trail and in the ticket')
    .option(
      '--break-glass',
      "without the hub: give the live rule back to what its tags say was accepted; with credentials of the environment's account, and with its region in --region",
    )
    .option('--rule-arn <arn>', 'with --break-glass: the live rule (default: found by its tags, of the path)')
    .option('--listener-arn <arn>', 'with --break-glass: look among the rules of this listener only')
    .action(async (environment: string, options: RollBackOptions) => {
      if (options.breakGlass) return withoutHub(context, environment, options);
      requireGlass(options);
      const reason = requireReason(options.reason);
      const hub = await connect(context, options);
      const answer = await rollBackAndLook(hub, environment, reason, context.surroundings).catch((error) =>
        rollBackNamed(hub, environment, reason, context.surroundings, error),
      );
      if (!('waves' in answer)) return respond(context, options, answer, words(answer));
      respond(context, options, answer, answer.environments.flatMap(wordsOfWave));
      const stay = answer.environments.flatMap(({ outcome, environment: { environment: name } }) => (outcome === 'refused' ? [name] : []));
      if (stay.length > 0) throw new UserError('CannotRollBack', `not every wave of ${environment} is rolled back: ${stay.join(' and ')} could not be`);
    });
}

/** Waves go by the name of what they are together. */
async function rollBackNamed(hub: HubApi, name: string, reason: string, surroundings: Surroundings, error: unknown): Promise<WavesRolledBack> {
  return rollBackWaves(hub, name, await wavesOr(error, hub, name), reason, surroundings);
}

function wordsOfWave(wave: WavesRolledBack['environments'][number]): string[] {
  if (!('why' in wave)) return words(wave);
  return [`${wave.environment.environment} ${wave.outcome === 'left' ? 'is left' : 'stays'}: ${wave.why}`];
}

async function withoutHub(context: CommandContext, environment: string, options: RollBackOptions): Promise<void> {
  const { surroundings, identity } = context;
  const place = await findRule(surroundings, identity, { ...options, environment });
  const broken = await breakGlass(environment, place, surroundings);
  if (broken.outcome === 'there') {
    const there = `${environment} has all of its traffic on ${servesNow(broken)} already; nothing was written`;
    respond(context, options, broken, [there, `When the hub answers again, whether its ledger says the same: ptl doctor ${environment}`]);
    return;
  }
  respond(context, options, broken, [
    `rolled ${environment} back, without the hub; its traffic is on ${servesNow(broken)}`,
    'The ledger does not know of this, and nobody was asked or told: write down why.',
    `When the hub answers again: ptl doctor ${environment}`,
    `Then, if that says so: ptl recover ${environment} --reason "<why>"`,
  ]);
}

/** Rules that serve different target groups go back to what each served. */
function servesNow({ now, further = [] }: BrokenGlass): string {
  return [...new Set([now, ...further.map((each) => each.now)])].join(' and ');
}

function requireGlass({ ruleArn, listenerArn }: RollBackOptions): void {
  if (ruleArn === undefined && listenerArn === undefined) return;
  const option = ruleArn === undefined ? '--listener-arn' : '--rule-arn';
  throw new UserError(
    'Usage',
    `${option} is only for --break-glass: the hub knows where the live rule is; leave it out, or add --break-glass where the hub is lost`,
  );
}

function words({ outcome, release, stops, before, environment: { environment, live, previous } }: RollBackView): string[] {
  if (before !== undefined) return doneBefore(environment, before, live);
  if (outcome === 'raising') return raising(environment, previous);
  if (outcome === 'requested') {
    const requested = `${environment} goes back as soon as release ${release} has read this; follow it with: ptl status ${release}`;
    return [
      requested,
      `Where it has not within a minute, its machine has died: type this again, it then goes back without it; ptl doctor ${environment} says so`,
    ];
  }
  const back = `rolled ${environment} back; live: ${live === undefined ? 'nothing, users get 503' : heldInWords(live)}`;
  if (stops === undefined) return [back];
  return [back, `release ${stops}, which was in the shadow, is aborted with it; once more it goes with: ptl release ${stops} --again`];
}

function doneBefore(environment: string, { version, by, at, reason = '' }: NonNullable<RollBackView['before']>, live: Live): string[] {
  const on = live === undefined ? 'nothing' : heldInWords(live);
  return [
    `${environment} was rolled back already, from ${version} to ${on}, at ${instant(at)} by ${person(by)}: ${reason}. Nothing was done now.`,
    ...(live === undefined || live.colour === ORIGINAL ? [] : [`Where ${live.version} has to go too, submit a new version with: ptl release <version>`]),
  ];
}

function raising(environment: string, target: RollBackView['environment']['previous']): string[] {
  const to = target === undefined ? 'the version before' : `${target.version} (${target.colour})`;
  const time =
    target?.startSeconds === undefined ? 'how long that takes is not known, it was not seen before' : `that took ${target.startSeconds} s the last time`;
  return [`${environment} goes back to ${to} as soon as it runs again: its slot was lowered and is started first, ${time}; see it with: ptl status`];
}
