import { ORIGINAL } from '../../lambda/contract';

/** What an adopted listener served before any release, in a column. */
export const SERVED_BEFORE = 'what served before';

/** A version, or what served before there was any. @param version of what is live again in an environment */
export function versionInWords(version: string): string {
  return version === ORIGINAL ? `${SERVED_BEFORE} any release` : version;
}

/** A version and its slot, or what served before there was any. */
export function heldInWords({ colour, version, lowered }: { readonly colour: string; readonly version: string; readonly lowered?: boolean }): string {
  return colour === ORIGINAL ? SERVED_BEFORE : `${version} (${colour}${lowered ? ', lowered' : ''})`;
}
