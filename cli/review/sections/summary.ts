import { listed } from '../../../lambda/contract';
import { list, type Section, table, text, verdict } from '../document/document';
import { duration, number, usd } from '../document/words';
import type { Attention } from '../facts/attention';
import type { Facts } from '../facts/facts';

/** What to look at first, and the answers in a line each. */
export function summarySection(facts: Facts, attention: readonly Attention[]): Section {
  const { reviewed, proofs, optOuts, endpoints, data, counts, cost } = facts;
  const holds = proofs.length > 0 && proofs.every(({ proof }) => proof.holds);
  const fullest = [...counts].sort((one, other) => other.count / other.limit - one.count / one.limit)[0];
  const open = endpoints.rules.filter(({ what, closed }) => what !== 'live rule' && !closed).length;
  const longest = Math.max(0, ...proofs.map(({ proof }) => proof.longest.seconds));
  return {
    id: 'summary',
    title: 'Summary',
    blocks: [
      text(`Made by ptl review from the synthesized assembly alone: no account was asked. The same assembly makes the same review, byte for byte.`),
      verdict(
        holds,
        holds
          ? `after a shift every path ends in Accept or Roll back, within ${duration(longest)} at most.`
          : 'the proof about what happens after a shift does not hold; see below.',
      ),
      table(
        'In short',
        ['question', 'answer'],
        [
          [
            'What is it?',
            `${reviewed.stacks.filter(({ kind }) => kind !== 'beside').length} stacks: a hub, and ${listed(reviewed.plans.map(({ environment }) => environment))}`,
          ],
          ['Who can switch traffic?', switching(facts)],
          [
            'What was switched off?',
            `${optOuts.safeties.length} safeties, ${optOuts.slotRules.length} rules of a slot; ${optOuts.findings.length} kinds of findings were accepted`,
          ],
          [
            'What is open?',
            `${endpoints.loadBalancers.filter(({ internetFacing }) => internetFacing).length} load balancers face the internet; ${open} hidden URLs keep nobody out; ${endpoints.routes.filter(({ authorization }) => authorization === 'NONE').length} routes of APIs ask nobody who they are`,
          ],
          ['What keeps data?', `${data.length} resources`],
          [
            'How near are AWS’s limits?',
            fullest === undefined ? '' : `nearest: ${fullest.of} has ${number(fullest.count)} ${fullest.what}, of ${number(fullest.limit)}`,
          ],
          ...cost.bills.map((bill) => [`${bill.title}?`, `USD ${usd(bill.usd)}`]),
        ],
      ),
      ...(attention.length === 0 ? [text('Nothing stands out.')] : [text('Look here first:'), ...list(attention.map(({ text: what }) => what))]),
    ],
  };
}

function switching({ reach }: Facts): string {
  const who = reach.flatMap(({ actor, abilities }) =>
    actor.runs.length > 0 && abilities.some(({ kind, how }) => kind === 'switch' && how !== 'asks') ? actor.runs : [],
  );
  const given = reach.flatMap(({ actor, abilities }) =>
    actor.kind === 'policy' && abilities.some(({ kind, how }) => kind === 'switch' && how !== 'asks') ? [`whoever has ${actor.name}`] : [],
  );
  return listed([...new Set([...who, ...given])]) || 'nobody';
}
