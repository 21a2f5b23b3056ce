import { PathToLiveError } from '../private/errors';
import { isKnown } from '../private/validate';

/** Account and region that hold the ledger, the workflow and the API of a path, both literal. */
export interface HubPlace {
  readonly account: string;
  readonly region: string;
}

/**
 * @param where construct path of the path to live
 * @throws PathToLiveError
 */
export function requireHub(where: string, hub: HubPlace): void {
  for (const [what, value, pattern, example] of [
    ['account', hub.account, /^\d{12}$/, '"111111111111"'],
    ['region', hub.region, /^[a-z]{2}(-[a-z]+)+-\d$/, '"eu-west-2"'],
  ] as const) {
    if (!isKnown(value) || !pattern.test(value)) {
      const got = isKnown(value) ? JSON.stringify(value) : 'only known at deployment';
      throw new PathToLiveError(
        'HubPlace',
        where,
        `hub.${what} is ${got}; give a literal such as ${example}: the roles of every environment trust the hub by name`,
      );
    }
  }
}
