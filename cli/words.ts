import { fields } from './report/table';

/** The words that helps use, for somebody who meets them for the first time. */
const MEANINGS = {
  'path to live': 'the environments a release goes through, in order',
  hub: 'the account and region with the record of everything, and the workflow',
  release: 'one version of the service, with the exact content it deploys',
  digest: 'the fingerprint of that content: other content, other digest',
  slot: 'a place for one version in an environment, named by a colour',
  live: 'what users get in an environment',
  shadow: 'the slot that serves nobody; each release is deployed and tested there',
  'hidden URL': 'how a tester reaches the shadow',
  firebreak: 'a pause in front of an environment, until every party has accepted',
  'go/no-go': 'the last question before users get a version: live, or not',
  party: 'people who are asked, for example "Security"; one decides for all of it',
  'release manager': 'who may resume, abort, roll back, freeze and recover',
  freeze: 'nothing goes live in an environment until it is over; a roll back may',
  'roll back': 'live traffic goes back to the version before',
  ticket: 'what a failure raises, with its evidence; one a failure',
} as const;

/** A word of `ptl`'s. */
export type Word = keyof typeof MEANINGS;

/** All of them, in the order one meets them. */
export const WORDS = Object.keys(MEANINGS) as Word[];

/** The meanings of some words, for the end of a help. */
export function glossary(words: readonly Word[]): string {
  return [
    'Words:',
    ...fields(
      WORDS.filter((word) => words.includes(word)).map((word) => [word, MEANINGS[word]] as const),
      80,
    ),
  ].join('\n');
}
