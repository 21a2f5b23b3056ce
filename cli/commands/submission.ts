import type { SubmitBody } from '../../lambda/contract';
import type { PreparedRelease } from '../assembly/prepare';
import { declaredChanges, type SubmissionOptions } from './release-options';

/** What a release is submitted with, whichever way it goes to the hub. */
export function submissionOf(version: string, { digest, bundle }: PreparedRelease, options: SubmissionOptions): SubmitBody {
  const { origin, changeClass, again, emergency, replaceTarget, fixForward } = options;
  return { version, digest, origin, changeClass, changes: declaredChanges(options), again, emergency, replaceTarget, fixForward, bundle };
}
