/**
 * A problem the caller of `ptl` can do something about. The message says what is wrong, the value, what is allowed and what to do; it is
 * all that is printed.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    /** Stable, for scripts that read `--json`, for example `NoCredentials`. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
