import { listed } from '../../../lambda/contract';
import { several, usd } from '../document/words';
import { ABILITIES, type AbilityKind } from '../reach/abilities';
import type { Facts } from './facts';
import { OWN_WARNING } from './opt-outs';

/** Something the architect should look at first. */
export interface Attention {
  /** Id of the section that says more. */
  readonly section: string;
  readonly text: string;
}

/** Abilities that belong to the platform's own functions and roles, and to nobody who is given a policy or is deployed with a release. */
const PLATFORM_ONLY: readonly AbilityKind[] = ['switch', 'addRule', 'deploy', 'migrate', 'answer', 'ledgerWrite', 'roles'];

/** From most to least alarming; empty: there is nothing but what the path is meant to be. */
export function attentionOf(facts: Facts): Attention[] {
  return [...proof(facts), ...reachable(facts), ...switchedOff(facts), ...unencrypted(facts), ...entrances(facts), ...limits(facts), ...costs(facts)];
}

function proof({ proofs, safetyNet }: Facts): Attention[] {
  return [
    ...proofs.flatMap(({ environment, proof: { problems } }) =>
      problems.map((problem) => ({ section: 'proof', text: `The proof does not hold in ${environment}: ${problem}.` })),
    ),
    ...safetyNet.unwatched.map((name) => ({ section: 'proof', text: `Nothing takes over when the state machine ${name} fails, times out or is stopped.` })),
  ];
}

function reachable({ reach }: Facts): Attention[] {
  return reach.flatMap(({ actor, abilities, notKnown }) => {
    const outsider = actor.kind === 'policy' || ['slot', 'beside', 'shared'].includes(actor.stackKind);
    const unexpected = abilities.filter(({ kind, how }) => outsider && how !== 'asks' && PLATFORM_ONLY.includes(kind));
    return [
      ...unexpected.map(({ kind, environments, actions }) => ({
        section: 'permissions',
        text: `Whoever has ${actor.name} can ${ABILITIES[kind]}${environments.length > 0 ? ` in ${environments.join(', ')}` : ''} (${actions.join(', ')}).`,
      })),
      ...notKnown.map((arn) => ({ section: 'permissions', text: `What ${arn} allows ${actor.name} is in no template, and not in this review.` })),
    ];
  });
}

function switchedOff({ optOuts: { safeties, slotRules, warnings } }: Facts): Attention[] {
  const others = warnings.filter(({ what }) => what !== OWN_WARNING).length;
  return [
    ...safeties.map(({ what, at, reason }) => ({ section: 'opt-outs', text: `${what} at ${at.join(', ')}: ${reason}.` })),
    ...slotRules.map(({ what, at, reason }) => ({ section: 'opt-outs', text: `${what} is waived at ${at.join(', ')}: ${reason}.` })),
    ...warnings.filter(({ what }) => what === OWN_WARNING).map(({ at, reason }) => ({ section: 'opt-outs', text: `${at.join(', ')}: ${reason}.` })),
    // What the CDK warns of is seldom about a path to live; it is listed, and not in the way of what is.
    ...(others > 0 ? [{ section: 'opt-outs', text: `The CDK itself warned of ${several(others, 'thing', 'things')}, listed with the opt-outs.` }] : []),
  ];
}

function unencrypted({ data }: Facts): Attention[] {
  return data
    .filter(({ encrypted }) => encrypted === false)
    .map(({ stack, name, type }) => ({ section: 'data', text: `${stack}/${name} (${type}) keeps data, and its template does not have it encrypted at rest.` }));
}

function entrances({ endpoints: { rules, routes, listeners, others } }: Facts): Attention[] {
  const encrypted = new Set(listeners.filter(({ protocol }) => protocol === 'HTTPS').map(({ stack }) => stack));
  const plain = listeners.filter(({ protocol, otherwise, stack }) => protocol === 'HTTP' && !(otherwise.startsWith('redirects') && encrypted.has(stack)));
  return [
    ...rules
      .filter(({ what, closed }) => what !== 'live rule' && !closed)
      .map(({ environment, colour, takes }) => ({
        section: 'endpoints',
        text: `Nobody is kept out of slot ${colour} of ${environment}: it takes ${takes}.`,
      })),
    ...(plain.length > 0
      ? [{ section: 'endpoints', text: `Plain HTTP, and no redirect to HTTPS: ${plain.map(({ stack, port }) => `port ${port} of ${stack}`).join(', ')}.` }]
      : []),
    ...routes
      .filter(({ authorization }) => authorization === 'NONE')
      .map(({ stack, route }) => ({ section: 'endpoints', text: `${route} of ${stack} asks nobody who they are.` })),
    ...others.map(({ stack, name, type, note }) => ({ section: 'endpoints', text: `${stack}/${name} (${type}) has an entrance of its own: ${note}.` })),
  ];
}

function limits({ counts }: Facts): Attention[] {
  return counts
    .filter(({ count, limit }) => count > 0.8 * limit)
    .map(({ of, what, count, limit }) => ({ section: 'counts', text: `${of} has ${count} ${what}, of ${limit} that AWS allows.` }));
}

function costs({ cost: { notPriced, otherRegions, prices, bills } }: Facts): Attention[] {
  const assumed = bills.flatMap(({ items }) => items).filter(({ status }) => status === 'assumption');
  return [
    ...notPriced.map(({ type, count }) => ({
      section: 'cost',
      text: `${count} of type ${type} ${count === 1 ? 'costs' : 'cost'} something that is not in the estimate.`,
    })),
    ...(otherRegions.length > 0
      ? [
          {
            section: 'cost',
            text: `The estimate is by prices of ${prices.region}, and there are stacks in ${listed(otherRegions)}: give the prices of there with --prices.`,
          },
        ]
      : []),
    ...(assumed.length > 0
      ? [
          {
            section: 'cost',
            text: `Of the estimate, USD ${usd(assumed.reduce((sum, { usd: each }) => sum + each, 0))} is by prices that could not be found for ${prices.region}, and are assumed.`,
          },
        ]
      : []),
  ];
}
