import { type Command, Option } from 'commander';
import { GATE_KINDS, type GateKind } from '../../lambda/contract';
import { asAnswered, gateReport } from '../report/gate-report';
import { gateName } from '../report/waiting';
import { UserError } from '../user-error';
import { chooseGate } from './choose-gate';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';
import { checkUndecided } from './decided-gate';
import { requireReason } from './reason';

interface DecideOptions extends CommonOptions {
  readonly reason?: string;
  readonly release?: string;
  readonly party?: string;
  readonly gate?: GateKind;
}

const TEXT = {
  accept: {
    summary: 'accept a release, for your party',
    about:
      'Accept, for your party, a release that waits at the firebreak in front of an environment, at its go/no-go, where it would take the slot of what can be rolled back to, or, with traffic already, at a pause or where its health is inconclusive.',
    why: 'regression run 512 is green',
    next: [
      'When every party has accepted at a firebreak, a release manager sends it on',
      'with ptl resume, unless it goes on by itself. ptl status says which.',
    ],
  },
  refuse: {
    summary: 'refuse a release, for your party: it stops',
    about:
      'Refuse, for your party, a release that waits at the firebreak in front of an environment, at its go/no-go, where it would take the slot of what can be rolled back to, or, with traffic already, at a pause or where its health is inconclusive. One refusal stops it, or takes it back, and raises a ticket.',
    why: 'the refund journey fails in the shadow',
    next: ['ptl tickets                    the ticket it raised, with your reason', 'ptl release <version> --again  the same content: everybody is asked anew'],
  },
} as const;

/**
 * `ptl accept` and `ptl refuse`: one party's decision about one release. Who decides is who signs the request. The decision is bound to the
 * digest that was shown: the hub refuses one for other content.
 */
export function decideCommand(context: CommandContext, decision: 'accept' | 'refuse'): Command {
  return ptlCommand({
    name: decision,
    summary: TEXT[decision].summary,
    about: `${TEXT[decision].about} The decision holds for the content that is shown (its digest), and for no other.`,
    examples: [
      `ptl ${decision} Production --reason "${TEXT[decision].why}"`,
      `ptl ${decision} Production --release 1.4.2 --party security --reason "CHG0031337"`,
    ],
    next: TEXT[decision].next,
    words: ['release', 'digest', 'shadow', 'firebreak', 'go/no-go', 'party', 'ticket'],
  })
    .argument('<environment>', 'the environment the decision is about, for example Production')
    .option('--reason <text>', 'needed: why; kept in the audit trail')
    .option('--release <version>', 'the version, where several wait')
    .option('--party <name>', 'the party you decide for, when you are in more than one')
    .addOption(new Option('--gate <gate>', 'the gate, where a release waits at several').choices([...GATE_KINDS]))
    .action(async (environment: string, options: DecideOptions) => {
      const reason = requireReason(options.reason);
      const { release, party, gate: kind } = options;
      const hub = await connect(context, options);
      const status = await hub.status();
      await checkUndecided(hub, status, { environment, version: release, kind });
      const gate = chooseGate(status, { environment, release, kind, party, matches: (each) => each.status === 'open', done: 'decided' });
      const parties = gate.parties.map(({ name }) => name);
      if (party !== undefined && !parties.includes(party)) {
        throw new UserError('UnknownParty', `${gateName(gate)} does not ask a party ${JSON.stringify(party)}; it asks: ${parties.join(', ')}`);
      }
      const answer = await hub.decide(gate.release, { environment, decision, reason, digest: gate.digest, party, gate: gate.gate, percent: gate.percent });
      for (const line of gateReport(asAnswered(gate, answer), context.surroundings.columns, answer)) context.surroundings.say(line);
      const past = decision === 'accept' ? 'accepted' : 'refused';
      respond(context, options, answer, [`${past} release ${gate.release} at ${gateName(gate)}: ${reason}`, `now: ${answer.now}`]);
    });
}
