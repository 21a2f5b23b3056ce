import type { Command } from 'commander';
import { ORIGINAL, ORIGINAL_503, type RetirementView, type StatusView } from '../../lambda/contract';
import { EXIT, type ExitCode } from '../exit-codes';
import type { HubApi } from '../hub/hub-api';
import { PublishedFiles } from '../hub/published-files';
import { filesRemoved, filesStay, leftovers, retirementReport } from '../report/retirement-report';
import { hanging } from '../report/table';
import { durationSeconds } from '../report/time';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';
import { requireReason } from './reason';

interface RetireOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly removeFiles?: boolean;
  readonly reason?: string;
  readonly usersGet503: readonly string[];
  readonly timeout: string;
}

const RETIRE_EXIT_CODES = `
Exit codes:
  0  retired; or, without --yes, it can be
  1  not begun or not followed, or the command line is wrong: the message says
     why and what to do
  2  stopped on the way: a ticket says why; or retired, and not every file
     could be removed; run the same command again
  5  timed out (--timeout); the retiring itself goes on`;

const PAUSE_MS = 2_000;

/** `ptl retire`: takes the whole path out again. Without `--yes` it says what that would do, and changes nothing. */
export function retireCommand(context: CommandContext): Command {
  const several = (value: string, earlier: readonly string[]) => [...earlier, value];
  return ptlCommand({
    name: 'retire',
    summary: 'take the whole path out again: users get what served before, slots are removed',
    about:
      'Take the whole path to live out again. Without --yes it says what that would do, and what is in the way, and changes nothing. With it, the users of every environment get what served before any release (currentlyServing), then the slots are removed, by the hub, in the order of the path. What was done is not done again: run it again when it was stopped. Needs the managed policy <path>-retire. With --remove-files the files that its releases published are removed last, with your own rights: read (s3:GetObject) and delete (s3:DeleteObject) in their buckets.',
    examples: [
      'ptl retire',
      'ptl retire --reason "moved to the new platform" --yes',
      'ptl retire --reason "closed down" --yes --remove-files',
      'ptl retire --reason "closed down" --yes --users-get-503 Production',
    ],
    next: [
      'What it prints behind a $: removing the front doors and the hub, which are',
      'stacks of your app, and the published files that nothing uses any more.',
    ],
    words: ['path to live', 'hub', 'release', 'slot', 'live', 'ticket'],
    exitCodes: RETIRE_EXIT_CODES,
  })
    .option('--yes', 'do it')
    .option('--remove-files', 'then remove the files that releases of this path published, too; another app may have published the same content')
    .option('--reason <text>', 'needed with --yes: why; kept in the audit trail')
    .option('--users-get-503 <environment>', 'an environment where nothing served before, and whose users are meant to get 503; repeatable', several, [])
    .option('--timeout <duration>', 'how long to follow, for example 30m or 2h', '2h')
    .action(async (options: RetireOptions) => {
      const reason = options.yes ? requireReason(options.reason) : '';
      const timeoutSeconds = durationSeconds(options.timeout, '--timeout');
      const hub = await connect(context, options);
      context.exit(options.yes ? await retire(context, hub, options, reason, timeoutSeconds) : await look(context, hub, options));
    });
}

async function look(context: CommandContext, hub: HubApi, options: RetireOptions): Promise<ExitCode> {
  const { columns } = context.surroundings;
  const view = await hub.retirement();
  const isUnderWay = view.environments.some(({ state }) => state === 'retiring');
  // What is under way was let begin: nobody is asked again who gets 503.
  const problems = isUnderWay ? [] : [...view.problems, ...withoutService(view, options.usersGet503)];
  const end = isUnderWay
    ? ['It is under way. With --yes, a new run takes over from the one before, and this command follows it.']
    : problems.length > 0
      ? ['In the way:', ...problems.flatMap((problem) => hanging('  - ', problem, columns))]
      : [`Nothing was changed. Do it with: ptl retire --reason "<why>" --yes${options.removeFiles ? ' --remove-files' : ''}`];
  respond(context, options, { ...view, problems }, [
    ...retirementReport(view, columns, options.removeFiles),
    '',
    ...end,
    '',
    ...leftovers(view, columns),
    ...(options.removeFiles ? [] : filesStay(view, columns)),
  ]);
  return problems.length > 0 ? EXIT.error : EXIT.reached;
}

/** Environments that would be left with nothing, without anybody having said so. */
function withoutService({ environments }: RetirementView, said: readonly string[]): string[] {
  return environments
    .filter(({ environment, goesTo, live }) => goesTo === ORIGINAL_503 && live !== undefined && !said.includes(environment))
    .map(
      ({ environment, live }) =>
        `${live} is live in ${environment}, and nothing served there before: if its users are meant to get 503, say --users-get-503 ${environment}`,
    );
}

async function retire(context: CommandContext, hub: HubApi, options: RetireOptions, reason: string, timeoutSeconds: number): Promise<ExitCode> {
  const { surroundings } = context;
  const started = surroundings.now();
  const told = new Set<string>();
  await hub.retire({ reason, usersGet503: options.usersGet503 });
  surroundings.say('Retiring has begun: no release is let in any more.');
  for (;;) {
    const status = await hub.status();
    for (const line of newsOf(status).filter((news) => !told.has(news))) {
      surroundings.say(line);
      told.add(line);
    }
    if (!status.environments.some(({ retiring }) => retiring)) break;
    if (surroundings.now() - started > timeoutSeconds * 1000) return timedOut(context, options);
    await surroundings.sleep(PAUSE_MS);
  }
  return ended(context, options, await hub.retirement());
}

function newsOf({ environments }: StatusView): string[] {
  return environments.flatMap(({ environment, live, retiring, retiredAt }) => [
    ...(retiring && (live === undefined || live.colour === ORIGINAL) ? [`${environment}: its users get what served before any release`] : []),
    ...(!retiring && retiredAt !== undefined ? [`${environment}: its slots are removed`] : []),
  ]);
}

async function ended(context: CommandContext, options: RetireOptions, view: RetirementView): Promise<ExitCode> {
  const left = view.environments.filter(({ state }) => state !== 'retired').map(({ environment }) => environment);
  const { columns } = context.surroundings;
  if (left.length === 0) {
    const retired = [`The path to live ${view.path} is retired.`, '', ...leftovers(view, columns)];
    if (options.removeFiles) return removeFiles(context, options, view, retired);
    respond(context, options, { outcome: 'retired', ...view }, [...retired, ...filesStay(view, columns)]);
    return EXIT.reached;
  }
  const words = [
    `Stopped: ${left.join(' and ')} could not be retired, and the path is open for releases again. See why with: ptl tickets. Then run the same command again.`,
  ];
  respond(context, options, { outcome: 'stopped', ...view }, words);
  return EXIT.stopped;
}

/** The last step, when no slot is left that a file could be needed for. */
async function removeFiles(context: CommandContext, options: RetireOptions, view: RetirementView, retired: readonly string[]): Promise<ExitCode> {
  const { surroundings, identity } = context;
  surroundings.say(`Removing ${view.files.length} published files.`);
  const files = await (await PublishedFiles.of(identity)).remove(view.files);
  const left = files.flatMap((each) => (each.outcome === 'left' ? [{ ...each.file, why: each.why }] : []));
  const removed = files.flatMap(({ file, outcome }) => (outcome === 'removed' ? [file] : []));
  respond(context, options, { outcome: 'retired', ...view, removed, left }, [...retired, ...filesRemoved(files, view, surroundings.columns)]);
  return left.length === 0 ? EXIT.reached : EXIT.stopped;
}

function timedOut(context: CommandContext, options: RetireOptions): ExitCode {
  const words = ['Followed until the timeout; the retiring goes on by itself. Look again with: ptl retire'];
  respond(context, options, { outcome: 'timedOut' }, words);
  return EXIT.timedOut;
}
