import type { FirebreakPlan } from '../../lambda/contract';
import { optional, requireKind } from '../kinds/kind';
import { made } from '../kinds/kinds';
import { Party } from './party';

/**
 * What happens when every party of a firebreak has accepted.
 *
 * @example
 * Firebreak.parties([security], { resumes: Resumes.byReleaseManager(releaseManagers) });
 */
export class Resumes {
  /**
   * A release manager resumes the release.
   *
   * @param managers who may; without it, whoever IAM lets call the route (managed policy `<path>-manage`)
   */
  static byReleaseManager(managers?: Party): Resumes {
    requireKind('Resumes.byReleaseManager', 'managers', managers, optional(made(Party, "Party.of('Release managers', { members })")));
    return new Resumes('byReleaseManager', managers);
  }

  /** The last acceptance sends the release on, at whatever hour it is given. */
  static automatically(): Resumes {
    return new Resumes('automatically');
  }

  private constructor(
    private readonly how: FirebreakPlan['resumes'],
    private readonly managers?: Party,
  ) {}

  /** @internal */
  _bind(): Pick<FirebreakPlan, 'resumes' | 'releaseManagers'> {
    return { resumes: this.how, releaseManagers: this.managers === undefined ? [] : [...this.managers.members] };
  }
}
