import type { Outcome } from '../../../lambda/contract';
import type { Cause, Expected, Row } from './cell';
import type { Fault } from './fault';

export const DIED = /Worker process died/;
/** The team's own alarm. */
export const ALARM = /alarm Faults(Shop)?Orders/;
/** Of a machine that was stopped by hand, in the words of the safety net. */
export const BY_HAND = /ABORTED/;

/** What a ticket says of a machine that was stopped by hand. */
const safetyNet = (environment: string): Cause => ({ step: `Leave ${environment} to the safety net`, says: BY_HAND });

/** What was wrong with the release, whatever went wrong beside it. */
function own(environment: string, { kind, behind }: Pick<Row, 'kind' | 'behind'>): Cause | undefined {
  if (kind === 'refused') return { step: `Ask for go/no-go in ${environment}`, says: /Change authority refused|refused/ };
  if (kind === 'bad') return { step: `Bake ${environment} at 50 percent`, says: /ServerErrors/ };
  // What it has died of leads here.
  return kind === 'breaks' && behind ? { step: behind.state, says: DIED } : undefined;
}

/** What the ticket of a release says that ends so: what was wrong with it, else what went wrong in the state. */
export function causeOf(environment: string, state: string, row: Pick<Row, 'kind' | 'behind'>, fault: Fault, outcome: Outcome): Cause | undefined {
  if (outcome === 'live') return undefined;
  if (fault === 'stopped') return safetyNet(environment);
  const wrong = own(environment, row);
  if (wrong) return wrong;
  switch (fault) {
    case 'killedBefore':
    case 'killedAfter':
      return { step: state, says: DIED };
    case 'stoppedMidway':
      return safetyNet(environment);
    case 'stackFailed':
      return { step: state, says: /deployment of the slot stack: .*Internal failure/ };
    case 'alarm':
      return { step: state, says: ALARM };
    default:
      return undefined;
  }
}

/** The same outcome, with another cause in its ticket. */
export function because(outcome: Outcome, step: string, says: RegExp): Expected {
  return { outcome, cause: { step, says } };
}
