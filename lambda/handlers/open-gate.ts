import type { EnvironmentPlan, GateKind, OpenGateInput } from '../contract';
import { decideAgain } from '../domain/commands/decide-again';
import { knownEnvironment, knownRelease } from '../domain/commands/known';
import { Conflict } from '../domain/errors';
import type { GateRequest } from '../domain/gates/gate';
import { arrive, arriveAboutTarget, arriveToContract } from '../domain/gates/gate-opening';
import { fixForwardInWords } from '../domain/health/fired-before';
import { migrationsLeft } from '../domain/migrations/migrate';
import type { Change, EnvironmentState, Gate, Release } from '../domain/model';
import type { Ports } from '../domain/ports';
import { turnOf } from '../domain/token-turn';
import { openedWhereNewestWins } from '../domain/turns/at-firebreak';
import { othersIn } from '../domain/turns/others';
import { ledger, task } from './wiring';

/** Opens a firebreak or a go/no-go, or asks about a contract, and leaves the machine's token there; answers the token itself when nobody needs to be asked. */
export function openGate(ports: Ports) {
  return async (input: OpenGateInput): Promise<void> => {
    const { release: version, environment, gate, token, execution } = input;
    await decideAgain(ports.clock, async () => {
      const stored = await ports.ledger.gate(version, environment, gate);
      const release = await knownRelease(ports, version);
      const plan = knownEnvironment(release.plan, environment);
      const place = once(() => ports.ledger.environment(environment));
      const outage = input.outage ? await outageOf(ports, plan, release, place) : {};
      const about = await aboutOf(release, gate, place);
      const request = { plan, release, gate, now: ports.clock.now(), token, execution, ...outage, ...about, ...turnOf(input) };
      const change = await arrival(request, stored, place);
      await ports.ledger.commit(gate === 'firebreak' ? await ofTheNewest(ports, request, change, place) : change);
      ports.log.info(change.put.length > 0 ? 'gate waits' : 'gate answered', { release: version, environment, gate });
    });
  };
}

/** The environment, read when somebody asks first: most gates need nothing of it. */
type Place = () => Promise<EnvironmentState>;

function once(read: Place): Place {
  let known: Promise<EnvironmentState> | undefined;
  return () => {
    known ??= read();
    return known;
  };
}

/** People see that it is a fix-forward, and what has been firing since before it. */
async function aboutOf(release: Release, gate: GateKind, place: Place): Promise<Pick<GateRequest, 'about'>> {
  if (release.fixForward === undefined || (gate !== 'firebreak' && gate !== 'goNoGo')) return {};
  const { lock, slots } = await place();
  const slot = lock?.release === release.version ? slots[lock.colour] : undefined;
  return { about: fixForwardInWords(release, slot) };
}

async function arrival(request: GateRequest, stored: Gate | undefined, place: Place): Promise<Change> {
  if (request.gate === 'contract') return arriveToContract(request, await place(), stored);
  return request.gate === 'rollBackTarget' ? arriveAboutTarget(request, await place(), stored) : arrive(request, stored);
}

/** Where the newest wins, nobody is asked about older ones at a firebreak that opens. */
async function ofTheNewest(ports: Ports, { plan, release, now }: GateRequest, opening: Change, place: Place): Promise<Change> {
  const gate = opening.put.find((item): item is Gate => item.kind === 'gate');
  if (plan.concurrency?.kind !== 'newestWins' || !gate) return opening;
  const state = await place();
  return openedWhereNewestWins({ gate, release, state, others: await othersIn(ports, release, state), now }, opening);
}

/** What is agreed to with a go: how long users may have no version, and for what. */
async function outageOf(ports: Ports, plan: EnvironmentPlan, release: Release, place: Place): Promise<Pick<GateRequest, 'outage' | 'runs'>> {
  if (!plan.plannedOutage) throw new Conflict(`release ${release.version} was submitted for ${plan.environment} without a planned outage; submit it again`);
  const [runs, state] = await Promise.all([migrationsLeft(ports, release, plan.environment, 'breaking'), place()]);
  // What has run in an outage that another release has left is taken back with the rest, or not.
  const before = state.outage?.started.map((name) => release.migrations?.find((each) => each.name === name)) ?? [];
  return { runs, outage: { longestSeconds: plan.plannedOutage.longestSeconds, undoable: [...runs, ...before].every((each) => each?.undoable === true) } };
}

export const handler = task(openGate, { ledger });
