import { type Block, heading, list, type Section, table, text } from '../document/document';
import { ANY_ENVIRONMENT, environmentsIn } from '../facts/environments';
import type { Facts } from '../facts/facts';
import { ABILITIES, type AbilityKind } from '../reach/abilities';
import type { Ability, Reach } from '../reach/reach';

/** Who can do what, in the end. */
export function permissionsSection(facts: Facts): Section {
  const { reach, reviewed, people } = facts;
  return {
    id: 'permissions',
    title: 'Who can do what',
    blocks: [
      heading('People and pipelines'),
      text(
        'IAM lets a request in by the policies in the second column; of these callers the hub listens to those in the third alone, and knows them by their credentials. A party has one voice: any one of its members speaks for it.',
      ),
      table(
        'What people and pipelines may do',
        ['who may', 'with', 'and only'],
        people.map(({ what, allowedBy, only }) => [
          what,
          allowedBy.length === 0 ? 'NOBODY of these templates' : allowedBy,
          only.length === 0 ? 'whoever has that' : only,
        ]),
      ),
      heading('By IAM, each function and role'),
      text(
        'Worked out from the roles, policies, boundaries, trust and resource policies in the templates. “Itself”: its own policies allow it. “As another”: it can take on a role that may, by assuming it, by having ' +
          'a service act as it, or by rewriting what runs as it. “By asking”: it can only have somebody else run who may; that one’s code decides whether it does, and for whom. A condition that nothing is known about counts as fulfilled, and is said. What people may have done by the API is in the table above, and not under “by asking”.',
      ),
      heading('By question'),
      table(
        'Who can, by question',
        ['who can', 'itself', 'as another', 'by asking'],
        (Object.keys(ABILITIES) as AbilityKind[]).map((kind) => [ABILITIES[kind], ...HOW.map((how) => cell(who(facts, kind, how)))]),
      ),
      heading('By policy and function'),
      text(
        'What a policy lets its holder do by itself. What the function behind a route of the API may do for them is in the row of that function, function Api for one: its code decides what it does, and for whom.',
      ),
      ...policies(reach),
      table(
        'Roles, what runs as them, and what they can do',
        ['role', 'what runs as it', 'itself', 'as another', 'by asking'],
        together(facts).map(({ names, runs, abilities }) => [
          names,
          runs.length === 0 ? 'nothing' : runs,
          cell(abilitiesIn(abilities, 'itself')),
          cell(abilitiesIn(abilities, 'as')),
          cell(askedIn(abilities)),
        ]),
      ),
      heading('Outside of the templates'),
      ...list(outside(facts)),
      ...(reviewed.plans.length === 0 ? [] : [heading('Trust')]),
      table(
        'Whom the roles of the environments trust, and what bounds them',
        ['role', 'trusts', 'boundary'],
        reach.flatMap(({ actor }) =>
          actor.role === undefined || actor.stackKind === 'hub' || actor.runs.length > 0
            ? []
            : [[actor.name, actor.role.trust.flatMap(trusted), actor.role.boundary === undefined ? 'none' : 'yes']],
        ),
      ),
    ],
  };
}

function policies(reach: readonly Reach[]): Block[] {
  const given = reach.filter(({ actor }) => actor.kind === 'policy');
  return [
    table(
      'Policies for people and pipelines',
      ['policy', 'what for', 'itself', 'as another', 'by asking, but for the API'],
      given.map(({ actor, abilities }) => [
        actor.name,
        actor.description,
        cell(abilitiesIn(abilities, 'itself')),
        cell(abilitiesIn(abilities, 'as')),
        cell(askedIn(abilities.filter((ability) => !asksApi(ability)))),
      ]),
    ),
  ];
}

/** Roles that differ in nothing but the environment, and are there in all of them, are one row. */
function together({ reach, reviewed: { path, plans } }: Facts) {
  const rows = new Map<string, { names: string[]; runs: readonly string[]; abilities: readonly Ability[]; count: number }>();
  const names = new RegExp(`\\b${path}-(${plans.map(({ environment }) => environment).join('|')})\\b`, 'g');
  const anywhere = (content: string) =>
    content.replace(names, `${path}-${ANY_ENVIRONMENT}`).replace(/\/Environments\/\w+\//, `/Environments/${ANY_ENVIRONMENT}/`);
  for (const { actor, abilities } of reach.filter(({ actor: { kind } }) => kind === 'role')) {
    const alike = abilities.map((ability) => ({
      ...ability,
      environments: ability.environments.map((name) => (name === actor.environment ? ANY_ENVIRONMENT : name)),
    }));
    const key = anywhere(JSON.stringify([actor.name, actor.runs, alike]));
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { names: [actor.name], runs: actor.runs, abilities, count: 1 });
    else rows.set(key, { ...row, names: [...row.names, actor.name], count: row.count + 1 });
  }
  return [...rows.entries()].map(([key, { names: all, runs, abilities, count }]) => {
    if (count === 1) return { names: all, runs, abilities };
    const [name, same, alike] = JSON.parse(key) as [string, string[], Ability[]];
    return { names: count === plans.length ? [name] : all, runs: same, abilities: alike };
  });
}

const HOW = ['itself', 'as', 'asks'] as const;

/** By whom is asked first: what can come of it, if that one's code does it. The whole ways are in review.json. */
function askedIn(abilities: readonly Ability[]): string[] {
  const asked = new Map<string, string[]>();
  for (const { how, kind, steps } of abilities) if (how === 'asks') asked.set(steps[0] ?? '', [...(asked.get(steps[0] ?? '') ?? []), SHORT[kind]]);
  return [...asked.entries()].map(([step, kinds]) => `${step}, which may: ${[...new Set(kinds)].join(', ')}`);
}

/** Whether the first it asks is a function behind a route of the API. */
function asksApi({ how, steps: [first = ''] }: Ability): boolean {
  return how === 'asks' && /^calls [A-Z]+ \//.test(first);
}

function abilitiesIn(abilities: readonly Ability[], how: 'itself' | 'as'): string[] {
  return abilities
    .filter((ability) => ability.how === how)
    .map(({ kind, environments, actions, steps, provided }) => {
      const where = environments.length > 0 ? ` in ${environments.join(', ')}` : '';
      return `${SHORT[kind]}${where} (${actions.map(short).join(', ')})${steps.length > 0 ? `: ${steps.join(', ')}` : ''}${provided === undefined ? '' : `, if ${provided}`}`;
    });
}

/** The questions in a word or two. */
const SHORT: Readonly<Record<AbilityKind, string>> = {
  switch: 'switch traffic',
  addRule: 'add a rule',
  deploy: 'deploy a slot',
  migrate: 'run a migration',
  submit: 'submit',
  decide: 'accept and refuse',
  manage: 'resume, abort, roll back',
  retire: 'retire the path',
  answer: 'answer a waiting machine',
  keys: 'read keys',
  ledgerRead: 'read the ledger',
  ledgerWrite: 'write the ledger',
  roles: 'change roles',
};

function who({ reach, reviewed }: Facts, kind: AbilityKind, how: Ability['how']): string[] {
  const all = reviewed.plans.map(({ environment }) => environment);
  const found = reach.flatMap(({ actor, abilities }) => {
    const matching = abilities.filter((ability) => ability.kind === kind && ability.how === how && !(actor.kind === 'policy' && asksApi(ability)));
    if (matching.length === 0) return [];
    const environments = all.filter((name) => matching.some((ability) => ability.environments.includes(name)));
    const evident = environments.length === 0 || environments.length === all.length || (environments.length === 1 && environments[0] === actor.environment);
    const names = actor.runs.length > 0 ? actor.runs : [actor.name];
    return names.map((name) => `${name}${evident ? '' : ` (${environments.join(', ')})`}`);
  });
  return environmentsIn(found, reviewed);
}

function trusted({
  principals = {},
  conditions,
}: {
  principals?: Readonly<Record<string, readonly string[]>>;
  conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}): string[] {
  const only = Object.values(conditions).flatMap((keys) =>
    Object.entries(keys).map(([key, values]) => `${key} ${values.map((value) => value.split(':role/').at(-1)).join(' or ')}`),
  );
  return Object.values(principals)
    .flat()
    .map((who) => `${who}${only.length > 0 ? `, only if ${only.join(' and ')}` : ''}`);
}

function outside({ reviewed: { stacks, hub } }: Facts): string[] {
  const deployed = stacks.filter(({ kind }) => kind !== 'slot');
  const roles = [...new Set(deployed.flatMap(({ deployedWith }) => deployedWith))].sort();
  return [
    ...(roles.length === 0
      ? []
      : [
          `Whoever may deploy the platform can change all of this, roles included: cdk deploy works as ${roles.join(', ')}, made by cdk bootstrap with the rights it was given there (administrator unless said otherwise).`,
        ]),
    `Administrators of the accounts ${[...new Set([hub.account, ...stacks.map(({ account }) => account)])].sort().join(', ')}, and policies of their organization, which only take away.`,
    'Policies that a team attaches to roles of its own: the managed policies above say what each adds.',
  ];
}

const short = (action: string) => action.replace(/^(elasticloadbalancing|cloudformation|dynamodb|secretsmanager|execute-api|states|lambda|iam):/, '');

function cell(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['–'] : lines;
}
