import { PathToLiveError } from '../private/errors';
import { requireLiteral, requireMatch } from '../private/validate';

/**
 * The name of a slot. A colour is a place: it never moves, and says nothing about whether users are served from it.
 *
 * @example
 * new Environment('Production', { env, colours: [Colour.blue(), Colour.green(), Colour.named('amber')] });
 */
export class Colour {
  /** The first of the two slots an environment has by default. */
  static blue(): Colour {
    return new Colour('blue');
  }

  /** The second of the two. */
  static green(): Colour {
    return new Colour('green');
  }

  /**
   * Another colour, for an environment with a spare slot.
   *
   * @param name 1-10 lower case letters; part of stack names, headers and host names
   */
  static named(name: string): Colour {
    return new Colour(name);
  }

  private constructor(
    /** Lower case, for example `blue`. */
    readonly name: string,
  ) {
    const subject = { code: 'ColourName', where: 'Colour.named', what: 'the name of the slot' };
    requireLiteral(subject, name);
    requireMatch(subject, name, /^[a-z]{1,10}$/, '1-10 lower case letters, for example "amber": it becomes part of a stack name, a header and a host name');
    if (ROLE_WORDS.includes(name)) {
      throw new PathToLiveError(
        'ColourName',
        'Colour.named',
        `${JSON.stringify(name)} is what a slot is at some moment, not where it is; name the slot by a colour, for example "amber"`,
      );
    }
  }
}

/** What a slot may be at run time; as its name it would be wrong half of the time. */
const ROLE_WORDS = ['live', 'shadow', 'active', 'idle', 'standby', 'previous', 'current', 'next', 'old', 'new', 'production', 'canary', 'original'];
