import { Duration } from 'aws-cdk-lib';
import type { FirebreakPlan } from '../../lambda/contract';
import { listOf, object, optional, requireKind } from '../kinds/kind';
import { DURATION, made, reasonOf } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { firstRepeated, requireSeconds, requireSome } from '../private/validate';
import { Change } from './change';
import { Party } from './party';
import { Resumes } from './resumes';

export interface FirebreakOptions {
  /**
   * What happens when every party has accepted.
   *
   * @default Resumes.byReleaseManager()
   */
  readonly resumes?: Resumes;
  /**
   * How long the parties have; then the release stops. At least a second, at most 364 days.
   *
   * @default Duration.days(14)
   */
  readonly timeout?: Duration;
}

export interface NoFirebreakOptions {
  /** Why no release needs to wait here; for reviewers, in the metadata of the front door's template. */
  readonly reason: string;
}

const PARTIES = listOf(made(Party, "Party.of('Security', { members })"));
const CHANGES = listOf(made(Change, 'Change.altersSchema()'));
const OPTIONS = object<FirebreakOptions>({ resumes: optional(made(Resumes, 'Resumes.automatically()')), timeout: optional(DURATION) });

/**
 * The pause in front of an environment until *each* party has accepted the release and it is resumed. One refusal stops it.
 *
 * Acceptances are bound to the release's content and to the tests' verdicts: if either changes they are void.
 *
 * @example
 * Firebreak.parties([serviceManagement, security]).when(Change.altersSchema());
 */
export abstract class Firebreak {
  /** Every one of the parties must accept. Applies to every release, until narrowed by {@link Firebreak.when}. */
  static parties(parties: Party[], options: FirebreakOptions = {}): Firebreak {
    return new PartiesFirebreak(parties, options, []);
  }

  /** No release waits here. */
  static none(options: NoFirebreakOptions): Firebreak {
    return new NoFirebreak(reasonOf('Firebreak.none', options));
  }

  /**
   * The same firebreak, for releases that declare at least one of these changes only; other releases pass without waiting.
   * Changes add up over several calls.
   */
  abstract when(...changes: Change[]): Firebreak;

  /**
   * @internal
   * @returns undefined for none
   */
  abstract _bind(): FirebreakPlan | undefined;

  /**
   * Why there is none; undefined when there is one.
   *
   * @internal
   */
  abstract _optOut(): string | undefined;
}

class PartiesFirebreak extends Firebreak {
  private readonly timeoutSeconds: number;

  constructor(
    private readonly parties: readonly Party[],
    private readonly options: FirebreakOptions,
    private readonly changes: readonly Change[],
  ) {
    super();
    const where = 'Firebreak.parties';
    requireKind(where, 'parties', parties, PARTIES);
    requireKind(where, 'options', options, OPTIONS);
    requireSome(
      { code: 'FirebreakWithoutParties', where, what: 'the list of parties' },
      parties,
      'name who must accept, or say that nobody has to with Firebreak.none({ reason })',
    );
    const repeated = firstRepeated(parties.map((party) => party.name));
    if (repeated !== undefined) {
      throw new PathToLiveError('PartyName', where, `two parties are named ${JSON.stringify(repeated)}; each has one voice, give them different names`);
    }
    this.timeoutSeconds = requireSeconds({ code: 'FirebreakTimeout', where, what: 'the timeout' }, options.timeout ?? Duration.days(14), 1);
  }

  when(...changes: Change[]): Firebreak {
    requireKind('Firebreak.when', 'changes', changes, CHANGES);
    requireSome(
      { code: 'FirebreakWithoutChanges', where: 'Firebreak.when', what: 'the list of changes' },
      changes,
      'name at least one, for example Change.altersSchema(), or leave when() out: the firebreak then applies to every release',
    );
    return new PartiesFirebreak(this.parties, this.options, [...this.changes, ...changes]);
  }

  override _bind(): FirebreakPlan {
    return {
      parties: this.parties.map((party) => party._bind()),
      when: [...new Set(this.changes.map((change) => change.name))],
      ...(this.options.resumes ?? Resumes.byReleaseManager())._bind(),
      timeoutSeconds: this.timeoutSeconds,
    };
  }

  override _optOut(): undefined {
    return undefined;
  }
}

class NoFirebreak extends Firebreak {
  constructor(private readonly reason: string) {
    super();
  }

  when(): Firebreak {
    throw new PathToLiveError(
      'FirebreakNone',
      'Firebreak.none',
      'there is no firebreak to apply to some changes only; start from Firebreak.parties([…]) to have one for them',
    );
  }

  override _bind(): undefined {
    return undefined;
  }

  override _optOut(): string {
    return this.reason;
  }
}
