/**
 * What every construct and value of this library throws at synth when it is used wrongly.
 *
 * The message says where, what is wrong in the user's words, the value, what is allowed and what to change; `code` is stable, so
 * that a test or a wrapper can tell errors apart without reading prose.
 */
export class PathToLiveError extends Error {
  override readonly name = 'PathToLiveError';

  constructor(
    /** Stable, for example `EnvironmentName`. */
    readonly code: string,
    /** Construct path, or the value in the words it was written with, for example `TrafficStrategy.canary`. */
    readonly where: string,
    problem: string,
  ) {
    super(`${where}: ${problem} (path-to-live:${code})`);
  }
}
