import type { Command } from 'commander';
import type { ReleaseView, SubmitBody } from '../../lambda/contract';
import { withRelease } from '../assembly/prepare';
import { publish } from '../assembly/publish';
import { callerOf, publishingAws } from '../assembly/publishing-aws';
import { refuseEarly } from '../assembly/refuse-early';
import { RELEASE_EXIT_CODES } from '../exit-codes';
import { endedBefore } from '../follow/ended-before';
import { EXIT_OF } from '../follow/ending';
import { follow } from '../follow/follow';
import { Progress } from '../follow/progress';
import { findHub } from '../hub/address';
import { HubApi } from '../hub/hub-api';
import { outcomeDocument, outcomeReport } from '../report/outcome-report';
import { UserError } from '../user-error';
import { type CommandContext, ptlCommand, respond } from './command';
import { addReleaseOptions, type ReleaseOptions, requireReleaseVersion, timeoutOf } from './release-options';
import { submissionOf } from './submission';

/** `ptl release`: what a pipeline runs for each version, from the app's source (or its assembly) to the outcome. */
export function releaseCommand(context: CommandContext): Command {
  const command = ptlCommand({
    name: 'release',
    summary: 'submit a version to its path to live and follow it',
    about: 'Synthesize a version, publish its files, submit it to its path to live, and follow it. Following only looks: the release goes on without it.',
    examples: [
      'ptl release 1.4.2',
      'ptl release 1.4.2 --assembly cdk.out --until shadow',
      'ptl release 1.5.0 --alters-schema --wait-for-people --timeout 8h',
      'ptl release 1.4.3 --origin minor --change-class emergency --json',
      'ptl release 1.4.1 --again --assembly kept/1.4.1',
    ],
    next: [
      'Exit code 4: who is asked uses ptl accept or ptl refuse, a release manager',
      'then ptl resume; this command, run again, goes on following. What was rolled',
      'back, refused or aborted by then stays so: only --again tries it once more.',
      'Exit code 2 or 3: ptl tickets. When it is bad after all: ptl roll-back.',
    ],
    words: ['path to live', 'release', 'live', 'shadow', 'firebreak', 'go/no-go', 'ticket'],
    exitCodes: RELEASE_EXIT_CODES,
  });
  return addReleaseOptions(command)
    .argument('<version>', 'the version, for example 1.4.2; the app is synthesized with the context release=<version>')
    .action(async (version: string, options: ReleaseOptions) => {
      requireReleaseVersion(version);
      const surroundings = options.quiet ? { ...context.surroundings, say: () => undefined } : context.surroundings;
      await release(version, options, { ...context, surroundings });
    });
}

async function release(version: string, options: ReleaseOptions, context: CommandContext): Promise<void> {
  const { surroundings, identity } = context;
  const { now, say } = surroundings;
  const timeoutSeconds = timeoutOf(options);
  const started = now();
  await identity.credentials(); // synthesizing takes long, and would be for nothing
  const aws = await publishingAws();
  const { hub, prepared, submitted } = await withRelease(
    { ...options, version },
    surroundings,
    (region) => callerOf(aws, options.region ?? region),
    async (prepared) => {
      // The hub is looked for and asked first: without it, or with what it refuses, there is no use in publishing anything.
      const hub = new HubApi(
        await findHub(surroundings, identity, { path: prepared.path, region: options.region, known: prepared.hub }),
        identity,
        surroundings,
      );
      const submission = submissionOf(version, prepared, options);
      const earlier = await refuseEarly(hub, submission);
      await publish(prepared.files, aws, say);
      const submitted = await submit(hub, submission);
      const before = earlier && earlier.execution !== submitted.release.execution ? endedBefore(earlier) : undefined;
      if (before !== undefined) say(`${before}; trying once more`);
      return { hub, prepared, submitted };
    },
  );
  say(`Release ${version} of ${prepared.path}, digest ${prepared.digest}`);
  const { release: first, notSubmitted } = submitted;
  const followed =
    notSubmitted !== undefined && first.status !== 'submitted'
      ? { ending: first.status, release: first, notSubmitted }
      : await follow(
          first,
          () => hub.release(version),
          { until: options.until, waitForPeople: options.waitForPeople ?? false, timeoutSeconds },
          surroundings,
          new Progress(say, now),
        );
  const outcome = { ...followed, exitCode: EXIT_OF[followed.ending], path: prepared.path, started, ended: now() };
  respond(context, options, outcomeDocument(outcome), outcomeReport(outcome, surroundings.columns));
  context.exit(outcome.exitCode);
}

/** One that ended before, and is tried once more only where that is said: how it ended is how it still is. */
async function submit(hub: HubApi, submission: SubmitBody): Promise<{ readonly release: ReleaseView; readonly notSubmitted?: string }> {
  try {
    return { release: await hub.submit(submission) };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'NeedsAgain') throw error;
    return { release: await hub.release(submission.version), notSubmitted: error.message };
  }
}
