import { listed } from '../../../lambda/contract';
import { list, type Section, table, text, verdict } from '../document/document';
import { duration, number, several, usd } from '../document/words';
import type { Attention } from '../facts/attention';
import type { UserEntrance } from '../facts/entrances';
import type { Facts } from '../facts/facts';

/** What to look at first, and the answers in a line each. */
export function summarySection(facts: Facts, attention: readonly Attention[]): Section {
  const { reviewed, proofs, optOuts, endpoints, data, counts, cost } = facts;
  const holds = proofs.length > 0 && proofs.every(({ proof }) => proof.holds);
  const fullest = [...counts].sort((one, other) => other.count / other.limit - one.count / one.limit)[0];
  const open = endpoints.rules.filter(({ what, closed }) => what !== 'live rule' && !closed).length;
  const internetFacing = endpoints.loadBalancers.filter((one) => one.internetFacing).length;
  const adopted = new Set(endpoints.entrances.flatMap((one) => one.adopted?.listenerArn ?? [])).size;
  const unasked = endpoints.routes.filter(({ authorization }) => authorization === 'NONE').length;
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
            `${several(reviewed.stacks.filter(({ kind }) => kind !== 'beside').length, 'stack', 'stacks')}: a hub, and ${listed(reviewed.plans.map(({ environment }) => environment))}`,
          ],
          ['Where do users come in?', endpoints.entrances.map(comingIn)],
          ['Who can switch traffic?', switching(facts)],
          [
            'What was switched off?',
            `${several(optOuts.safeties.length, 'safety', 'safeties')}, ${several(optOuts.slotRules.length, 'rule of a slot', 'rules of a slot')}; ${several(optOuts.findings.length, 'kind of finding was', 'kinds of findings were')} accepted`,
          ],
          [
            'What is open?',
            [
              several(internetFacing, 'load balancer that is made faces the internet', 'load balancers that are made face the internet'),
              ...(adopted > 0
                ? [
                    several(
                      adopted,
                      'listener was there before: no template says who reaches it',
                      'listeners were there before: no template says who reaches them',
                    ),
                  ]
                : []),
              several(open, 'hidden URL keeps nobody out', 'hidden URLs keep nobody out'),
              several(unasked, 'route of an API asks nobody who they are', 'routes of APIs ask nobody who they are'),
            ].join('; '),
          ],
          ['What keeps data?', several(data.length, 'resource', 'resources')],
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

function comingIn({ environment: name, further, url, adopted, currentlyServing }: UserEntrance): string {
  const environment = further === undefined ? name : `${name}, ${further}`;
  const at = url === undefined ? '' : `${url}, `;
  if (adopted === undefined) return `${environment}: ${at}a load balancer that is made for it`;
  return `${environment}: ${at}a listener of ${adopted.loadBalancer} that is not ours${currentlyServing === undefined ? '' : `, and goes on to ${currentlyServing.split(':').at(-1)} until the first release takes traffic`}`;
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
