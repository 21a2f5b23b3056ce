import type { Outcome } from '../../../lambda/contract';
import { ENVIRONMENT } from '../names';
import type { Cause, Expected, Kind } from './cell';
import type { Fault } from './fault';

export const DIED = /Worker process died/;
/** Of a machine that was stopped by hand, in the words of the safety net. */
export const BY_HAND = /ABORTED/;

const REFUSED: Cause = { step: `Ask for go/no-go in ${ENVIRONMENT}`, says: /Change authority refused|refused/ };
const OWN: Readonly<Record<Kind, Cause | undefined>> = {
  good: undefined,
  refused: REFUSED,
  bad: { step: `Bake ${ENVIRONMENT} at 50 percent`, says: /ServerErrors/ },
};
const SAFETY_NET: Cause = { step: `Leave ${ENVIRONMENT} to the safety net`, says: BY_HAND };

/** What the ticket of a release says that ends so: what was wrong with it, else what went wrong in the state. */
export function causeOf(state: string, kind: Kind, fault: Fault, outcome: Outcome): Cause | undefined {
  if (outcome === 'live') return undefined;
  if (fault === 'stopped') return SAFETY_NET;
  if (OWN[kind]) return OWN[kind];
  switch (fault) {
    case 'killedBefore':
    case 'killedAfter':
      return { step: state, says: DIED };
    case 'stoppedMidway':
      return SAFETY_NET;
    case 'stackFailed':
      return { step: state, says: /deployment of the slot stack: .*Internal failure/ };
    case 'alarm':
      return { step: state, says: /alarm FaultsOrders/ };
    default:
      return undefined;
  }
}

/** The same outcome, with another cause in its ticket. */
export function because(outcome: Outcome, step: string, says: RegExp): Expected {
  return { outcome, cause: { step, says } };
}
