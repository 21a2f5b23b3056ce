import type { GateKind, GateView, ReleaseView, StatusView } from '../../lambda/contract';
import { isOfLastAttempt } from '../follow/last-attempt';
import type { HubApi } from '../hub/hub-api';
import { saidAt } from '../report/gate-report';
import { gateName } from '../report/waiting';
import { UserError } from '../user-error';

/** What a person says of the gate. */
interface Meant {
  readonly environment: string;
  readonly version?: string;
  readonly kind?: GateKind;
}

/**
 * Refuses to decide where nobody is asked any more because it is decided: somebody who accepts once more is told so, and not that nothing waits.
 *
 * @throws UserError `AlreadyDecided`, which says for each party who decided, when and why
 */
export async function checkUndecided(hub: HubApi, status: StatusView, { environment, version, kind }: Meant): Promise<void> {
  const isMeant = (gate: GateView) =>
    gate.environment === environment && (version === undefined || gate.release === version) && (kind === undefined || gate.gate === kind);
  if (status.openGates.some((gate) => isMeant(gate) && gate.status === 'open')) return;
  if (!status.environments.some((each) => each.environment === environment)) return;
  const releases = await releasesMeant(hub, status, version);
  const decided = releases.flatMap((release) =>
    release.gates.filter((gate) => isMeant(gate) && isDecided(gate) && isOfLastAttempt(gate, release)).map((gate) => ({ gate, release })),
  );
  const [found] = decided.sort((a, b) => (a.gate.openedAt < b.gate.openedAt ? 1 : -1));
  if (found === undefined) return;
  const { gate: last, release } = found;
  const said = last.parties.filter(({ decision }) => decision !== undefined).map((party) => `${party.name} ${saidAt(party, false)}`);
  const message = `release ${last.release} is decided at ${gateName(last)} already: ${said.join('; ')}. A party decides once, and nothing has changed; ${next(last, release)}`;
  throw new UserError('AlreadyDecided', message);
}

/** So many releases, the ones submitted last, are looked through for what was decided last. */
const LATEST = 5;

/** The release that is named, finished or not; where none is, all in flight, and with none in flight the latest. */
async function releasesMeant(hub: HubApi, { releases }: StatusView, version?: string): Promise<readonly ReleaseView[]> {
  if (version === undefined) return releases.length > 0 ? releases : latest(hub);
  const inFlight = releases.filter((release) => release.version === version);
  return inFlight.length > 0 ? inFlight : [await hub.release(version)];
}

async function latest(hub: HubApi): Promise<readonly ReleaseView[]> {
  const summaries = await hub.releases();
  return Promise.all(summaries.slice(0, LATEST).map(({ version }) => hub.release(version)));
}

const isDecided = ({ status }: GateView) => status === 'accepted' || status === 'passed' || status === 'refused';

function next({ status, environment, release }: GateView, { now, status: isNow }: ReleaseView): string {
  if (isNow !== 'submitted') return `the release has ended since: ${now}`;
  return status === 'accepted' ? `a release manager resumes it: ptl resume ${environment} --release ${release}` : `see ptl status ${release}`;
}
