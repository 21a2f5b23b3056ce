/** What must hold in a state, however it came about. */
import type { EnvironmentState, Gate, Release } from '../../../lambda/domain/model';
import { ENVIRONMENTS } from '../path';
import { LATER } from '../world/essence';
import type { Broken } from '../world/run';
import { all, type Execution, nameOf, of, type World } from '../world/world';
import { free, sameAs, swapped, wholeWeights } from './rule';
import { leftInWave } from './waves';

export function brokenIn(world: World): Broken[] {
  const asked = waiting(world).filter(({ release }) => isOver(of.release(world, release)));
  return asked
    .map(({ release, gate }): Broken => ({ invariant: 'asked', found: `the ${gate} of ${release} waits for people` }))
    .concat(superseded(world))
    .concat(
      ENVIRONMENTS.flatMap((environment) => {
        const state = of.environment(world, environment);
        const rule = of.rule(world, environment);
        const weights = rule.kind === 'slots' ? rule.weights : undefined;
        // A roll back that has begun is in the ledger until somebody has gone on with it, whoever wrote, or looked, since.
        const back = swapped(state);
        const isWritten = state.lease?.expiresAt !== undefined;
        return [
          ...untold(world, state),
          ...(weights && !wholeWeights(weights) ? [{ invariant: 'whole', found: `the rule of ${environment} holds ${JSON.stringify(weights)}` }] : []),
          ...(Object.keys(state.weights).length > 0 && !wholeWeights(state.weights)
            ? [{ invariant: 'whole', found: `the ledger has ${JSON.stringify(state.weights)} for ${environment}` }]
            : []),
          ...(!state.lock && JSON.stringify(state.weights) !== JSON.stringify(free(state))
            ? [
                {
                  invariant: 'rest',
                  found: `${environment} is free, ${state.live?.version ?? 'nothing'} is live, and the ledger has ${JSON.stringify(state.weights)}`,
                },
              ]
            : []),
          ...(!state.lock && !isWritten && !sameAs(rule, free(state), state) && !(back && sameAs(rule, back, state))
            ? [
                {
                  invariant: 'rest',
                  found: `${environment} is free, ${state.live?.version ?? 'nothing'} is live, and the rule is ${JSON.stringify(weights ?? rule.kind)}`,
                },
              ]
            : []),
        ];
      }),
    );
}

/** Whoever is next in front of an environment that nobody has: its machine was told, or is about to be. */
function untold(world: World, { environment, lock, rollBackRequested, goingBack, waiting: all = [] }: EnvironmentState): Broken[] {
  const next = all.find(({ atFirebreak }) => !atFirebreak);
  if (lock || rollBackRequested || goingBack || next?.token === undefined) return [];
  const execution = of.execution(world, nameOf(next.execution));
  const waits = execution?.status === 'running' && execution.token === next.token;
  if (!waits || of.outbox(world).some(({ token }) => token === next.token)) return [];
  return [{ invariant: 'turns', found: `${next.release} waits for its turn in ${environment}, which is free` }];
}

function superseded(world: World): Broken[] {
  const gone = all<Gate>(world, 'gate').filter(([, { release, environment, status }]) => {
    const { aborted, reached } = of.release(world, release) ?? {};
    return aborted?.superseded !== undefined && status === 'passed' && reached?.[environment] !== 'live';
  });
  return gone.map(([, { release, gate }]) => ({ invariant: 'superseded', found: `the ${gate} of ${release} has passed, and another has taken its place` }));
}

/** Whether nothing is left to happen by itself. */
export function rests(world: World): boolean {
  return (
    of.ended(world).length === 0 &&
    of.notices(world).length === 0 &&
    of.outbox(world).length === 0 &&
    all<Execution>(world, 'execution').every(([, { status }]) => status !== 'running') &&
    ENVIRONMENTS.every((environment) => of.environment(world, environment).lease?.expiresAt !== LATER) &&
    ENVIRONMENTS.every((environment) => !of.environment(world, environment).lock && !of.environment(world, environment).goingBack) &&
    all<Release>(world, 'release').every(([version, release]) => release.status !== 'submitted' && hasStarted(world, version))
  );
}

function hasStarted(world: World, version: string): boolean {
  const { execution } = of.release(world, version) as Release;
  return of.execution(world, execution.slice(execution.lastIndexOf(':') + 1)) !== undefined || of.release(world, version)?.attempt === 0;
}

/** What must hold where everything {@link rests}. */
export function brokenAtRest(world: World): Broken[] {
  const releases = all<Release>(world, 'release').map(([, release]) => release);
  return [
    ...releases
      .filter(({ status, aborted }) => status === 'rolledBack' || (status === 'stopped' && aborted?.superseded === undefined))
      .filter(({ version }) => !hasTicket(world, version))
      .map(({ version, status }) => ({ invariant: 'ticket', found: `${version} is ${status}, and nothing says why` })),
    ...ENVIRONMENTS.flatMap((environment) => {
      const { outage } = of.environment(world, environment);
      if (!outage || hasTicket(world, outage.release)) return [];
      return [{ invariant: 'left', found: `users of ${environment} are out for ${outage.release}, and nothing says so` }];
    }),
    ...leftInWave(world),
    ...ENVIRONMENTS.flatMap((environment) => of.environment(world, environment).waiting ?? []).map(({ release }) => ({
      invariant: 'turns',
      found: `${release} waits for its turn, and has ended`,
    })),
    ...waiting(world).map(({ release, gate, status }) => ({ invariant: 'ended', found: `the ${gate} of ${release} is ${status}, and nobody waits` })),
  ];
}

/** One that was taken out of an environment behind it is told to stop right after: until then nothing of it can go on, whoever is asked. */
function isOver(release: Release | undefined): boolean {
  const isTakenOut = Object.values(release?.reached ?? {}).includes('rolledBack');
  return release?.status !== 'submitted' || (release.aborted !== undefined && !isTakenOut);
}

function waiting(world: World): Gate[] {
  return all<Gate>(world, 'gate').flatMap(([, gate]) => (gate.status === 'open' || gate.status === 'accepted' ? [gate] : []));
}

function hasTicket(world: World, version: string): boolean {
  const audit = of.audit(world, version);
  return audit.slice(audit.map(({ what }) => what).lastIndexOf('ReleaseSubmitted') + 1).some(({ what }) => what === 'TicketRaised');
}
