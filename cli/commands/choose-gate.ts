import { didYouMean, type GateKind, type GateView, type StatusView } from '../../lambda/contract';
import { gateName } from '../report/waiting';
import { UserError } from '../user-error';

export interface GateChoice {
  readonly environment: string;
  readonly release?: string;
  readonly kind?: GateKind;
  /** Who it is decided for, where that is said. */
  readonly party?: string;
  /** Which gates the command is for. */
  readonly matches: (gate: GateView) => boolean;
  /** What the command does, for its errors: `decided`, `resumed`. */
  readonly done: string;
}

/**
 * The one gate a person means by an environment, a version where several wait there, and a kind of gate where one version waits at several. Of several
 * those are meant that ask a party of theirs, where any does.
 *
 * @throws UserError naming the choices
 */
export function chooseGate(status: StatusView, { environment, release, kind, party, matches, done }: GateChoice): GateView {
  const names = status.environments.map((each) => each.environment);
  if (!names.includes(environment)) {
    const meant = didYouMean(environment, names);
    throw new UserError('UnknownEnvironment', `the path has no environment ${JSON.stringify(environment)}${meant}; it has ${names.join(', ')}`);
  }
  const waiting = status.openGates.filter(matches);
  const there = waiting.filter(
    (gate) => gate.environment === environment && (release === undefined || gate.release === release) && (kind === undefined || gate.gate === kind),
  );
  const asking = there.filter((gate) => (party === undefined ? gate.asksYou : gate.parties.some(({ name }) => name === party)));
  const meant = asking.length > 0 ? asking : there;
  const [only, ...others] = meant;
  if (only === undefined) {
    const of = release === undefined ? '' : ` of release ${JSON.stringify(release)}`;
    const choices = waiting.length === 0 ? 'nothing does anywhere' : `what does: ${waiting.map(inWords).join('; ')}`;
    const by = kind === undefined ? '' : ` by --gate ${kind}`;
    throw new UserError('NothingWaits', `nothing${of} waits to be ${done} for ${environment}${by}; ${choices}. See ptl status`);
  }
  if (others.length > 0 && others.every((gate) => gate.release === only.release)) {
    const kinds = meant.map((gate) => gate.gate).join(' or ');
    throw new UserError('SeveralWait', `${meant.map(inWords).join('; ')}: both wait to be ${done}. Say which one with --gate ${kinds}`);
  }
  if (others.length > 0) {
    throw new UserError(
      'SeveralWait',
      `several releases wait to be ${done} for ${environment}: ${meant.map(inWords).join('; ')}. Say which one with --release <version>`,
    );
  }
  return only;
}

const inWords = (gate: GateView) => `release ${gate.release} at ${gateName(gate)}`;
