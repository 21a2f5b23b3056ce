import { oneLine } from './one-line';
import { person } from './person';
import { instant } from './time';

/** As the hub writes them; what a person has typed has no milliseconds. */
const INSTANT = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
/** Who did something. One who is told that they may not is named in full: that it is another account may be why. */
const DONE_BY = /(?<=\b(?:by|of|which|you,|already:) )arn:[^:\s]+:(?:sts|iam)::\d+:(?:assumed-role|user)\/[\w+=.@/-]*[\w+=@/-]/g;

/** A sentence of the hub's with instants and people as `ptl` shows them everywhere: `2026-11-20 16:40 UTC`, `Release/service-manager`. */
export function inShort(sentence: string): string {
  return sentence.replace(INSTANT, instant).replace(DONE_BY, person);
}

/** The same for a line of ours, see {@link oneLine}. */
export function shortLine(text: string): string {
  return inShort(oneLine(text));
}
