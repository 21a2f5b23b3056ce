import { type DeclaredMigration, type GatePlan, type GoNoGoPlan, listed, SLOT_METADATA, type SlotMetadata, type TrafficStep } from '../../../lambda/contract';
import { heading, list, type Section, table, text } from '../document/document';
import { duration } from '../document/words';
import type { Facts } from '../facts/facts';
import type { ReviewedStack } from '../read/reviewed-path';

/** The environments in order, each with its policy, as it is in the hub's plan. */
export function pathSection({ reviewed: { path, hub, plans, stacks } }: Facts): Section {
  const migrations = migrationsOf(stacks);
  return {
    id: 'path',
    title: 'The path to live',
    blocks: [
      text(
        `A release of ${path} goes through ${listed(plans.map(({ environment }) => environment))}, in this order. The hub is in account ${hub.account}, ${hub.region}. ` +
          'This is the plan that a release is frozen with when it is submitted.',
      ),
      table(
        'Environments in the order of the path',
        ['environment', 'account and region', 'tests', 'firebreak before it', 'go/no-go', 'traffic', 'health gates'],
        plans.map(({ environment, account, region, tests, firebreak, goNoGo, steps, gates, inconclusive }) => [
          environment,
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
          steps.map(stepInWords),
          gates.length === 0
            ? 'none'
            : [...gates.map(gateInWords), ...(inconclusive === undefined ? [] : [`inconclusive: asks ${askedInWords(inconclusive)}`])],
        ]),
      ),
      ...(migrations.length === 0
        ? []
        : [
            heading('Migrations'),
            text(
              'What a release of this app brings for the shared state, in the order it runs: once in each environment, after the deployment and before the tests.',
            ),
            ...list(migrations.map(({ name, kind, content }) => `${name}, ${kind}, content ${content}`)),
          ]),
      heading('Parties'),
      ...list(
        plans.flatMap(({ environment, firebreak, goNoGo, steps, inconclusive }) => [
          ...(firebreak?.parties ?? []).map((party) => `${party.name}, at the firebreak in front of ${environment}: ${party.members.join(', ')}`),
          ...(goNoGo === undefined ? [] : [`${goNoGo.party.name}, go/no-go in ${environment}: ${goNoGo.party.members.join(', ')}`]),
          ...steps.flatMap(({ percent, pause }) =>
            pause ? [`${pause.party.name}, pause of ${environment} at ${percent} %: ${pause.party.members.join(', ')}`] : [],
          ),
          ...(inconclusive === undefined ? [] : [`${inconclusive.party.name}, where ${environment} is inconclusive: ${inconclusive.party.members.join(', ')}`]),
          ...(firebreak?.resumes === 'byReleaseManager'
            ? [`release managers in front of ${environment}: ${firebreak.releaseManagers.join(', ') || 'whoever IAM lets call the route'}`]
            : []),
        ]),
      ),
    ],
  };
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

/** As the slots say, which all bring the same. */
function migrationsOf(stacks: readonly ReviewedStack[]): readonly DeclaredMigration[] {
  const [slot] = stacks.filter(({ kind }) => kind === 'slot');
  return (slot?.metadata[SLOT_METADATA] as SlotMetadata | undefined)?.migrations ?? [];
}
