import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ChangeClass, Origin } from '../../lambda/contract';
import { CHANGES, ORIGINAL, UNRELEASED, VERSION_PATTERN } from '../../lambda/contract';
import { UNTIL, type Until } from '../follow/ending';
import { durationSeconds } from '../report/time';
import { UserError } from '../user-error';
import type { CommonOptions } from './command';

/** What to release, and what it declares about itself. */
export interface SubmissionOptions extends CommonOptions {
  readonly assembly?: string;
  readonly app?: string;
  readonly context: readonly string[];
  readonly origin?: Origin;
  readonly changeClass?: ChangeClass;
  readonly altersSchema?: boolean;
  readonly needsManualTest?: boolean;
  readonly change: readonly string[];
  readonly again?: boolean;
  readonly replaceTarget?: string;
  readonly fixForward?: string;
  readonly emergency?: string;
}

export interface ReleaseOptions extends SubmissionOptions {
  readonly until: Until;
  readonly waitForPeople?: boolean;
  readonly timeout: string;
  readonly quiet?: boolean;
}

/** Adds what `ptl release` can be told. */
export function addReleaseOptions(command: Command): Command {
  return addSubmissionOptions(command)
    .addOption(
      new Option('--until <point>', 'how far to follow: until it is submitted, tested in the last shadow, or live everywhere').choices(UNTIL).default('live'),
    )
    .option('--wait-for-people', 'go on following while people are asked, until --timeout')
    .option('--timeout <duration>', 'how long to follow, for example 90s, 30m or 2h', '2h')
    .option('--quiet', 'no progress, only the result');
}

/** Adds what says what is submitted. */
export function addSubmissionOptions(command: Command): Command {
  const several = (value: string, earlier: readonly string[]) => [...earlier, value];
  return command
    .addOption(new Option('--assembly <directory>', 'what cdk synth wrote for this version, ready to be taken as it is').conflicts(['app', 'context']))
    .option('--app <command>', 'command that runs the CDK app (default: what cdk.json says)')
    .addOption(new Option('-c, --context <key=value>', 'context for the CDK app; repeatable').argParser(contextPair).default([], 'none'))
    .addOption(
      new Option('--origin <origin>', 'kept with it; major: from a project team (unless you say otherwise), minor: from the maintenance team').choices([
        'major',
        'minor',
      ]),
    )
    .addOption(
      new Option(
        '--change-class <class>',
        'kept with it, as ITIL has it; standard: authorised beforehand, normal (unless you say otherwise), emergency',
      ).choices(['standard', 'normal', 'emergency']),
    )
    .option('--alters-schema', `declare that it alters a schema: --change ${CHANGES.altersSchema}; one that brings a migration does so by itself`)
    .option('--needs-manual-test', `declare that somebody has to try it by hand: --change ${CHANGES.needsManualTest}`)
    .addOption(
      new Option('--change <name>', 'declare a change that firebreaks are sensitive to; one that none of the path knows is refused; repeatable')
        .argParser(several)
        .default([], 'none'),
    )
    .option(
      '--emergency <why>',
      'it takes the place of a release that has moved nothing, which is submitted anew behind it and may replace it, and goes in front of those that wait for their turn; nothing it has to pass is skipped',
      saidWhy,
    )
    .option(
      '--again',
      'take it through its path once more, though it was rolled back, refused or aborted, or was live and has been replaced; needs what it was built from, or its kept assembly',
    )
    .option(
      '--fix-forward <why>',
      'go forward although alarms fire already: those count when what they measure gets worse, or when they have been quiet; why is told to whoever decides',
      saidWhy,
    )
    .option(
      '--replace-target <why>',
      'take the slot of what can be rolled back to, where the environment keeps that for a while; why is kept in the audit trail',
      saidWhy,
    );
}

/** Refused before anything is built, as the hub would refuse it behind that. */
function saidWhy(reason: string): string {
  if (reason.trim() === '') throw new InvalidArgumentError('It must say why, in a sentence.');
  return reason;
}

/** For `--context`. */
export function contextPair(pair: string, earlier: readonly string[]): readonly string[] {
  if (!/^[^=]+=/.test(pair)) throw new InvalidArgumentError('It must be key=value.');
  return [...earlier, pair];
}

/** @throws UserError for a version no release can have */
export function requireReleaseVersion(version: string): void {
  if (VERSION_PATTERN.test(version) && ![UNRELEASED, ORIGINAL].includes(version)) return;
  throw new UserError(
    'BadVersion',
    `the version ${JSON.stringify(version)} cannot name a release; use 1-40 letters, digits, dots, hyphens and underscores, the first one a letter or digit, and not "${UNRELEASED}" or "${ORIGINAL}", for example 1.4.2`,
  );
}

/** What the release declares about itself, each change once. */
export function declaredChanges(options: SubmissionOptions): string[] {
  const { altersSchema, needsManualTest, change } = options;
  return [...new Set([...(altersSchema ? [CHANGES.altersSchema] : []), ...(needsManualTest ? [CHANGES.needsManualTest] : []), ...change])];
}

/** @throws UserError when the duration cannot be read */
export function timeoutOf(options: ReleaseOptions): number {
  return durationSeconds(options.timeout, '--timeout');
}
