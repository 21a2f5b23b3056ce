/** Errors by what the caller does next. */

/** A dependency was busy or away: try again. */
export class Retry extends Error {
  override readonly name = 'Retry';
}

/** The world, or the ledger, is not as it was when the decision was made: stop, or read again and decide again. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** Asked for something the rules do not allow. `code` is stable; the message says what is wrong, the value, what is allowed, what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly code: string,
    message: string,
    /** HTTP status the API answers with. */
    readonly status: 400 | 403 | 404 | 409 = 409,
  ) {
    super(message);
  }
}
