import { decide } from '../../../permissions';
import type { AbilityKind } from '../reach/abilities';
import type { Actor } from '../reach/actors';
import type { Ability, Reach } from '../reach/reach';
import { type ApiRoute, apiRoutes } from '../reach/routes';
import type { ReviewedPath } from '../read/reviewed-path';

/** Something that people and pipelines do, and who may. */
export interface PeopleMay {
  readonly what: string;
  /** Policies, and roles of the templates that people may be given, which let them do it. */
  readonly allowedBy: readonly string[];
  /** Who alone is listened to, of those; empty: everybody. */
  readonly only: readonly string[];
}

/** What people ask of the API -> its route; those who decide and resume are asked in places of their own. */
const ASKED: readonly (readonly [what: string, method: string, path: string])[] = [
  ['abort a release', 'POST', '/releases/{version}/abort'],
  ['roll back, where and when they want', 'POST', '/environments/{environment}/roll-back'],
  ['have put right what is not as the ledger says', 'POST', '/environments/{environment}/recover'],
  ['freeze an environment', 'POST', '/environments/{environment}/freeze'],
  ['end a freeze', 'POST', '/environments/{environment}/unfreeze'],
  ['contract the shared state', 'POST', '/environments/{environment}/contract'],
  ['take the whole path out again', 'POST', '/retirement'],
  ['read what is live, what waits, releases and tickets', 'GET', '/status'],
];
const [SUBMIT, DECIDE, RESUME] = ['/releases', '/releases/{version}/decisions', '/releases/{version}/resume'] as const;

/** In the order of a release; what the same people may in the same way is one row. */
export function peopleOf(reviewed: ReviewedPath, reach: readonly Reach[]): PeopleMay[] {
  const routes = apiRoutes(reviewed);
  const people = reach.map(({ actor }) => actor).filter(isForPeople);
  const may = (method: string, path: string) => {
    const route = routes.find((one) => one.method === method && one.path === path);
    return route === undefined ? [] : people.filter((actor) => calls(actor, route)).map(({ name }) => name);
  };
  const can = (wanted: AbilityKind, environment?: string) =>
    reach
      .filter(({ actor, abilities }) => isForPeople(actor) && abilities.some((ability) => isOwn(ability, wanted, environment)))
      .map(({ actor }) => actor.name);
  const keys = reviewed.plans.map(({ environment }) => ({ what: `use the hidden URLs of ${environment}`, allowedBy: can('keys', environment), only: [] }));
  return together([
    { what: 'submit a release', allowedBy: can('submit'), only: [] },
    ...decisions(reviewed).map(({ what, only }) => ({ what, allowedBy: may('POST', DECIDE), only })),
    ...resuming(reviewed).map(({ what, only }) => ({ what, allowedBy: may('POST', RESUME), only })),
    ...ASKED.map(([what, method, path]) => ({ what, allowedBy: may(method, path), only: [] })),
    // Routes that nothing is known of here change something, too.
    ...routes.filter(isUnknown).map(({ method, path }) => ({ what: `call ${method} ${path}`, allowedBy: may(method, path), only: [] })),
    ...keys,
  ]);
}

/** Whoever is given a policy, and roles of an app's own: nothing of the path runs as these. */
function isForPeople({ kind, stackKind, runs }: Actor): boolean {
  return kind === 'policy' || (stackKind === 'beside' && runs.length === 0);
}

function isUnknown({ method, path }: ApiRoute): boolean {
  return method !== 'GET' && ![SUBMIT, DECIDE, RESUME, ...ASKED.map(([, , known]) => known)].includes(path);
}

function isOwn({ kind, how, environments }: Ability, wanted: AbilityKind, environment?: string): boolean {
  return kind === wanted && how !== 'asks' && (environment === undefined || environments.includes(environment));
}

function calls({ caller }: Actor, { arn }: ApiRoute): boolean {
  return decide(caller, { action: 'execute-api:Invoke', resource: arn }, undefined).allowed;
}

function decisions({ plans }: ReviewedPath) {
  return plans.flatMap(({ environment, firebreak, goNoGo, steps, inconclusive, rollBackTarget }) => {
    const gates = [
      ...(firebreak?.parties ?? []).map((party) => ({ gate: `at the firebreak in front of ${environment}`, party })),
      ...(goNoGo === undefined ? [] : [{ gate: `at the go/no-go of ${environment}`, party: goNoGo.party }]),
      ...steps.flatMap(({ percent, pause }) => (pause === undefined ? [] : [{ gate: `at the pause of ${environment} at ${percent} %`, party: pause.party }])),
      ...(rollBackTarget?.kind === 'ask' ? [{ gate: `about the roll-back target of ${environment}`, party: rollBackTarget.party }] : []),
      ...(inconclusive === undefined ? [] : [{ gate: `where the gates of ${environment} are inconclusive`, party: inconclusive.party }]),
    ];
    return gates.map(({ gate, party }) => ({ what: `accept or refuse ${gate}, for ${party.name}`, only: party.members }));
  });
}

function resuming({ plans }: ReviewedPath) {
  return plans.flatMap(({ environment, firebreak }) =>
    firebreak?.resumes === 'byReleaseManager' ? [{ what: `resume a release in front of ${environment}`, only: firebreak.releaseManagers }] : [],
  );
}

function together(rows: readonly PeopleMay[]): PeopleMay[] {
  const alike = new Map<string, PeopleMay>();
  for (const row of rows) {
    const key = JSON.stringify([row.allowedBy, row.only]);
    const sofar = alike.get(key);
    alike.set(key, sofar === undefined ? row : { ...row, what: `${sofar.what}; ${row.what}` });
  }
  return [...alike.values()];
}
