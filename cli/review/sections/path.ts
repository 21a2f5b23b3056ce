import { type EnvironmentPlan, type GatePlan, type GoNoGoPlan, listed, type TrafficStep } from '../../../lambda/contract';
import { allWaves } from '../../waves';
import { type Block, type Section, table, text } from '../document/document';
import { duration } from '../document/words';
import type { Facts } from '../facts/facts';
import { migrationBlocks, outageBlocks } from './outages';

/** The environments in order, each with its policy, as it is in the hub's plan. */
export function pathSection({ reviewed }: Facts): Section {
  const { path, hub, plans } = reviewed;
  return {
    id: 'path',
    title: 'The path to live',
    blocks: [
      text(
        `A release of ${path} goes through ${listed(plans.map(({ environment }) => environment))}, in this order. The hub is in account ${hub.account}, ${hub.region}. ` +
          'This is the plan that a release is frozen with when it is submitted. Who may decide and resume is in “Who can do what”.',
      ),
      table(
        'Environments in the order of the path',
        ['environment', 'account and region', 'tests', 'firebreak before it', 'go/no-go', 'traffic', 'health gates', 'planned outage'],
        plans.map(({ environment, account, region, tests, firebreak, goNoGo, steps, gates, inconclusive, plannedOutage, stickySeconds, wave }) => [
          wave === undefined ? environment : [environment, `wave ${wave.place + 1} of ${wave.waves} of ${wave.of}`],
          `${account}, ${region}`,
          tests.length === 0 ? 'none' : tests.map(({ name }) => name),
          firebreak === undefined
            ? 'none'
            : [
                `each of ${listed(firebreak.parties.map(({ name }) => name))}`,
                firebreak.when.length === 0 ? 'for every release' : `for releases that declare ${firebreak.when.join(' or ')}`,
                `within ${duration(firebreak.timeoutSeconds)}`,
                firebreak.resumes === 'automatically' ? 'resumes automatically' : 'resumed by a release manager',
              ],
          goNoGo === undefined ? 'none' : [goNoGo.party.name, `within ${duration(goNoGo.timeoutSeconds)}`],
          [...steps.map(stepInWords), ...(stickySeconds === undefined ? [] : [`who was answered stays with that version for ${duration(stickySeconds)}`])],
          gates.length === 0
            ? 'none'
            : [...gates.map(gateInWords), ...(inconclusive === undefined ? [] : [`inconclusive: asks ${askedInWords(inconclusive)}`])],
          plannedOutage === undefined ? 'none' : `allowed, ${duration(plannedOutage.longestSeconds)} at most`,
        ]),
      ),
      turns(plans),
      ...wavesOf(plans),
      ...outageBlocks(reviewed),
      ...migrationBlocks(reviewed),
    ],
  };
}

/** What becomes of a release that finds another one, and what an emergency may: it is one rule for the path. */
function turns([first]: readonly EnvironmentPlan[]): Block {
  const { kind, longestSeconds = 0 } = first?.concurrency ?? {};
  const longest = duration(longestSeconds);
  const rule = {
    refuse: 'stops (Concurrency.refuse)',
    queue: `waits for its turn, first come, first served, ${longest} at most (Concurrency.queue)`,
    newestWins: `takes the place of those submitted before it that have moved nothing there, and waits for one that has, ${longest} at most (Concurrency.newestWins)`,
  }[kind ?? 'refuse'];
  return text(
    `A release that finds another in an environment ${rule}. Whoever may submit a release may say that it is an emergency, and why: it then stops the one that it finds there and that has moved nothing, ` +
      'which the hub submits anew behind it, and may go live in place of it. An emergency skips no test, no firebreak and no go/no-go.',
  );
}

/** What being a wave adds to what an environment says of itself. */
function wavesOf(plans: readonly EnvironmentPlan[]): Block[] {
  return allWaves(plans).map(({ name, waves }) =>
    text(
      `${listed(waves)} are ${name} to its users, one wave after the other: where one does not go live, the release is rolled back in those before it, too, newest first, although it was accepted there.`,
    ),
  );
}

function stepInWords({ percent, bakeSeconds, tests = [], gates = [], pause }: TrafficStep): string {
  const baked = bakeSeconds > 0 ? [`baked ${duration(bakeSeconds)}`] : [];
  return [
    `${percent} %`,
    ...baked,
    ...tests.map(({ name }) => `tested by ${name}`),
    ...gates.map(gateInWords),
    ...(pause ? [`pauses for ${askedInWords(pause)}`] : []),
  ].join(', ');
}

function askedInWords({ party, timeoutSeconds }: GoNoGoPlan): string {
  return `${party.name}, within ${duration(timeoutSeconds)}`;
}

function gateInWords(gate: GatePlan): string {
  switch (gate.kind) {
    case 'alarms':
      return `alarms, of ${gate.minimumRequests} requests at least`;
    case 'http':
      return `HTTP ${gate.path}`;
    case 'lambda':
      return `function ${gate.name}, within ${duration(gate.timeoutSeconds)}`;
    case 'metric': {
      const limits = [...(gate.atLeast === undefined ? [] : [`at least ${gate.atLeast}`]), ...(gate.atMost === undefined ? [] : [`at most ${gate.atMost}`])];
      return `metric ${gate.name}: ${limits.join(' and ')} in every ${duration(gate.periodSeconds)}`;
    }
  }
}
