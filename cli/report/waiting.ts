import type { GateView } from '../../lambda/contract';

/** Who has to do something before a release goes on, and by which command. */
export interface Waiting {
  readonly release: string;
  readonly environment: string;
  readonly gate: GateView['gate'];
  /** In words, for example `the firebreak in front of Production`. */
  readonly at: string;
  /** Parties that have not decided; empty when all have accepted and a release manager has to resume. */
  readonly asked: readonly string[];
  readonly expiresAt: string;
  readonly command: string;
}

export function gateName({ gate, environment, percent }: Pick<GateView, 'gate' | 'environment' | 'percent'>): string {
  if (gate === 'contract') return `the contract in ${environment}`;
  if (gate === 'rollBackTarget') return `the question about the roll-back target of ${environment}`;
  if (gate === 'pause') return `the pause of ${environment} at ${percent} percent`;
  if (gate === 'inconclusive') return `the question about ${environment}, inconclusive at ${percent} percent`;
  return gate === 'firebreak' ? `the firebreak in front of ${environment}` : `the go/no-go in ${environment}`;
}

/** What the gates that are not decided wait for. */
export function waitingAt(gates: readonly GateView[]): Waiting[] {
  return gates
    .filter(({ status }) => status === 'open' || status === 'accepted')
    .map((gate) => {
      const { release, environment, expiresAt } = gate;
      const asked = gate.parties.filter(({ decision }) => decision === undefined).map(({ name }) => name);
      const command =
        gate.status === 'accepted' ? `ptl resume ${environment} --release ${release}` : `ptl accept ${environment} --release ${release} --reason "<why>"`;
      return { release, environment, gate: gate.gate, at: gateName(gate), asked, expiresAt, command };
    });
}

/** Who is asked, in words. */
export function askedInWords({ asked }: Waiting): string {
  return asked.length === 0 ? 'a release manager, to resume it' : asked.join(' and ');
}
