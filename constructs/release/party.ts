import type { PartyPlan } from '../../lambda/contract';
import { listOf, object, requireKind } from '../kinds/kind';
import { STRING } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { shown } from '../private/shown';
import { firstRepeated, requireMatch, requireSome } from '../private/validate';

export interface PartyOptions {
  /**
   * ARNs of the IAM roles or users that may speak for the party. Whoever assumes such a role speaks for it; the audit trail
   * keeps the session's name too.
   */
  readonly members: string[];
}

const OPTIONS = object<PartyOptions>({ members: listOf(STRING) });

/**
 * Somebody who must agree to a release: a group of people with one voice, who sign in as IAM roles or users.
 *
 * @example
 * Party.of('Security', { members: ['arn:aws:iam::111111111111:role/security'] });
 */
export class Party {
  /**
   * @param name 1-40 characters: letters, digits, spaces, `_` and `-`; unique among the parties of a firebreak
   */
  static of(name: string, options: PartyOptions): Party {
    requireKind(whereOf(name), 'options', options, OPTIONS);
    return new Party(name, options.members);
  }

  private constructor(
    readonly name: string,
    /** ARNs of IAM roles or users. */
    readonly members: string[],
  ) {
    const where = whereOf(name);
    requireMatch(
      { code: 'PartyName', where, what: 'the name of the party' },
      name,
      /^[A-Za-z][A-Za-z0-9 _-]{0,39}$/,
      '1-40 letters, digits, spaces, "_" or "-", starting with a letter',
    );
    requireSome(
      { code: 'PartyWithoutMembers', where, what: 'the list of members' },
      members,
      'name at least one IAM role or user, or nobody could ever accept',
    );
    for (const member of members) {
      requireMatch(
        { code: 'PartyMember', where, what: 'a member' },
        member,
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html: path and name, no wildcard
        /^arn:[a-z0-9-]+:iam::\d{12}:(role|user)\/[\w+=,.@/-]{1,576}$/,
        'the ARN of one IAM role or user, for example "arn:aws:iam::111111111111:role/security"; for somebody who signs in by single sign-on that is the ' +
          'role behind the session, not the arn:aws:sts:: name of the session',
      );
    }
    const repeated = firstRepeated(members);
    if (repeated !== undefined) {
      throw new PathToLiveError('PartyMember', where, `the member ${JSON.stringify(repeated)} is listed twice; list it once`);
    }
  }

  /** @internal */
  _bind(): PartyPlan {
    return { name: this.name, members: [...this.members] };
  }
}

const whereOf = (name: string) => `Party.of(${shown(name)})`;
