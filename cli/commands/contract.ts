import type { Command } from 'commander';
import type { ContractAnswer, GateView } from '../../lambda/contract';
import { person } from '../report/person';
import { waitingAt } from '../report/waiting';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';
import { requireReason } from './reason';

interface ContractOptions extends CommonOptions {
  readonly reason?: string;
}

/** `ptl contract`: asks for what the live version brings to contract the shared state of an environment. */
export function contractCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'contract',
    summary: 'run the contract migrations that the live version brings',
    about:
      'Ask for the contract of an environment: the migrations that take away what only older versions need (Migration.contract), brought by the version that is live there. They run when early life support is over and whoever decides about going live there has agreed (ptl accept). From the moment one has started, no older version can be rolled back to, or released, there. Asked for again after a failure, it goes on where it was. Needs the managed policy <path>-manage.',
    examples: ['ptl contract Integration --reason "1.4.2 has been live for two weeks"', 'ptl contract Production --reason "CHG0031338" --json'],
    next: [
      'ptl status             what waits for whom, and how it goes',
      'ptl accept Production  the party that is asked, as at the go/no-go',
      'ptl tickets            why it stopped, if it did',
    ],
    words: ['release', 'live', 'go/no-go', 'party', 'release manager', 'roll back', 'ticket'],
  })
    .argument('<environment>', 'the environment whose shared state is contracted')
    .option('--reason <text>', 'needed: why; kept in the audit trail')
    .action(async (environment: string, options: ContractOptions) => {
      const reason = requireReason(options.reason);
      const hub = await connect(context, options);
      const answer = await hub.contract(environment, { reason });
      const waits = (await hub.status()).openGates.filter((gate) => gate.environment === environment && gate.gate === 'contract');
      respond(context, options, answer, words(answer, waits));
    });
}

function words({ outcome, release, environment: { environment, contract } }: ContractAnswer, waits: readonly GateView[]): string[] {
  const what = contract === undefined ? 'the contract' : `the contract ${contract.migrations.join(' and ')}`;
  const asked =
    outcome === 'waits'
      ? `${what} of ${release} had been asked for in ${environment} before${contract?.by === undefined ? '' : `, by ${person(contract.by)}`}, and has not ended`
      : `asked for ${what} of ${release} in ${environment}`;
  return [asked, ...waitingAt(waits).map(({ command }) => `it waits for people: ${command}`), 'see how it goes with: ptl status'];
}
