import { CHANGES } from '../../lambda/contract';
import { requireLiteral, requireMatch } from '../private/validate';

/**
 * Something a release declares about itself when it is submitted, and that a firebreak can be sensitive to. Declaring one that no
 * firebreak of the path knows is refused.
 *
 * @example
 * Firebreak.parties([security]).when(Change.altersSchema(), Change.named('touchesPersonalData'));
 */
export class Change {
  /** The release alters a schema that both versions use: `ptl release --change altersSchema`. */
  static altersSchema(): Change {
    return new Change(CHANGES.altersSchema);
  }

  /** Somebody has to try it by hand in the shadow first: `ptl release --change needsManualTest`. */
  static needsManualTest(): Change {
    return new Change(CHANGES.needsManualTest);
  }

  /**
   * A kind of change of your own.
   *
   * @param name camelCase, 1-40 letters and digits; the word a release declares it by
   */
  static named(name: string): Change {
    return new Change(name);
  }

  private constructor(
    /** For example `altersSchema`. */
    readonly name: string,
  ) {
    const subject = { code: 'ChangeName', where: 'Change.named', what: 'the name of the change' };
    requireLiteral(subject, name);
    requireMatch(subject, name, /^[a-z][A-Za-z0-9]{0,39}$/, '1-40 letters and digits in camelCase, for example "altersSchema"');
  }
}
