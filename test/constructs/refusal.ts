import { PathToLiveError } from '../../constructs/private/errors';

/** The error that is thrown; fails when none is. */
export function refusal(act: () => unknown): PathToLiveError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(PathToLiveError);
    return error as PathToLiveError;
  }
  throw new Error('nothing was refused');
}
