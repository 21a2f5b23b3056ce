import { ANYTHING, object } from '../kinds/kind';
import { literalPlace } from '../private/literal-place';

/** Account and region that hold the ledger, the workflow and the API of a path, both literal. */
export interface HubPlace {
  readonly account: string;
  readonly region: string;
}

/** @internal */
export const HUB_PLACE = object<HubPlace>({ account: ANYTHING, region: ANYTHING });

/**
 * @param where construct path of the path to live
 * @throws PathToLiveError
 */
export function requireHub(where: string, hub: HubPlace): void {
  literalPlace({ code: 'HubPlace', where, what: 'hub' }, hub, 'the roles of every environment trust the hub by name');
}
