import type { Command } from 'commander';
import { withRelease } from '../assembly/prepare';
import { publish } from '../assembly/publish';
import { callerOf, publishingAws } from '../assembly/publishing-aws';
import { type CommandContext, ptlCommand } from './command';
import { addSubmissionOptions, requireReleaseVersion, type SubmissionOptions } from './release-options';
import { submissionOf } from './submission';

interface BundleOptions extends SubmissionOptions {
  readonly publish?: boolean;
}

/** What a state machine is started with, or an event carries, at most: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const LARGEST_INPUT_BYTES = 262_144;

/** `ptl bundle`: what `ptl release` would submit, for a pipeline that submits it by a state machine or an event. */
export function bundleCommand(context: CommandContext): Command {
  const command = ptlCommand({
    name: 'bundle',
    summary: 'print what a version is submitted with, for pipelines that submit it without ptl',
    about:
      'Synthesize a version (or take a ready assembly) and print its submission as JSON: the release bundle, its digest and what the release declares. ' +
      "Start the hub's state machine <path>-submit with it, or send it as the detail of an event SubmitRelease to the hub's bus <path>-path-to-live. " +
      'Its files must be published by then: --publish does that here. It needs AWS credentials also without that: names of buckets depend on whose they are.',
    asksHub: false,
    examples: [
      'ptl bundle 1.4.2 --publish > submission.json',
      'ptl bundle 1.4.2 --assembly cdk.out --alters-schema > submission.json',
      'aws stepfunctions start-execution --state-machine-arn "$SUBMIT" \\\n      --input file://submission.json',
    ],
    next: ['ptl status <version>   where it is, once the hub has taken it'],
    words: ['path to live', 'hub', 'release', 'digest'],
  });
  return addSubmissionOptions(command)
    .argument('<version>', 'the version, for example 1.4.2; the app is synthesized with the context release=<version>')
    .option('--publish', 'publish its templates and assets, too')
    .action(async (version: string, options: BundleOptions) => {
      requireReleaseVersion(version);
      await bundle(version, options, context);
    });
}

async function bundle(version: string, options: BundleOptions, { surroundings, identity }: CommandContext): Promise<void> {
  const { print, say } = surroundings;
  await identity.credentials(); // synthesizing takes long, and would be for nothing
  const aws = await publishingAws();
  await withRelease(
    { ...options, version },
    surroundings,
    (region) => callerOf(aws, region),
    async (prepared) => {
      if (options.publish) await publish(prepared.files, aws, say);
      const submission = submissionOf(version, prepared, options);
      const bytes = Buffer.byteLength(JSON.stringify(submission));
      if (bytes > LARGEST_INPUT_BYTES) {
        say(
          `This is ${bytes} bytes, more than the ${LARGEST_INPUT_BYTES} that a state machine or an event takes: submit it with ptl release, or use fewer stacks`,
        );
      }
      print(JSON.stringify(submission, null, 2));
    },
  );
}
