import type { AwaitTurnInput, BeginContractInput, EnterInput, EnterOutput } from '../contract';
import { decideAgain } from '../domain/commands/decide-again';
import { beginContract } from '../domain/contracts/begin';
import { Retry } from '../domain/errors';
import type { EnvironmentState, Release } from '../domain/model';
import type { Ports } from '../domain/ports';
import { filesOf } from '../domain/release/release';
import { currentSeals } from '../domain/release/seals';
import { decideEnter } from '../domain/steps/entering';
import { awaited } from '../domain/turns/await-turn';
import { decideTurn } from '../domain/turns/decide-turn';
import { othersIn } from '../domain/turns/others';
import { aheadIn } from '../domain/waves/held';
import { bundles, frontDoors, ledger, targets, task } from './wiring';

/** Gives an environment to one release, and says which slot is its shadow; or to the contract of the one that is live. Keeps the token of one that waits for its turn. */
export function enter(ports: Ports) {
  return async (input: EnterInput | BeginContractInput | AwaitTurnInput): Promise<EnterOutput> => {
    if ('turn' in input) return waits(ports, input);
    return 'contract' in input ? beginContract(ports, input) : letIn(ports, input);
  };
}

async function waits(ports: Ports, input: AwaitTurnInput): Promise<EnterOutput> {
  const { release, environment } = input;
  await decideAgain(ports.clock, async () => ports.ledger.commit(awaited(input, await ports.ledger.environment(environment))));
  ports.log.info('waits for its turn', { release, environment });
  return { outcome: 'waits' };
}

function letIn(ports: Ports, input: EnterInput): Promise<EnterOutput> {
  return decideAgain(ports.clock, async () => {
    const [release, state] = await Promise.all([ports.ledger.release(input.release), ports.ledger.environment(input.environment)]);
    const seals = await sealsFor(ports, release, input.environment);
    const original = await originalOf(ports, release, state);
    const [ahead, others] = await Promise.all([aheadIn(ports, state), othersIn(ports, release, state)]);
    const { output, change, again } = decideEnter({ task: input, release, state, seals, original, ahead, others, now: ports.clock.now() }, decideTurn);
    if (change) await ports.ledger.commit(change);
    if (again !== undefined) throw new Retry(again);
    ports.log.info(output.outcome, { release: input.release, environment: input.environment, ...found(output) });
    return output;
  });
}

function found(output: EnterOutput): Readonly<Record<string, unknown>> {
  if (output.outcome === 'stopped') return { expected: output.failure.expected, actual: output.failure.actual };
  return output.outcome === 'entered' ? { slot: output.colour } : {};
}

/** Asked as long as nothing is live: the first release takes over from it. */
async function originalOf(ports: Ports, release: Release | undefined, state: EnvironmentState): Promise<string | undefined> {
  const plan = release?.plan.find((each) => each.environment === state.environment);
  return plan === undefined || state.live ? undefined : (await ports.frontDoors.read(plan)).original;
}

async function sealsFor(ports: Ports, release: Release | undefined, environment: string): Promise<Record<string, string | undefined>> {
  const plan = release?.plan.find((each) => each.environment === environment);
  if (!release || !plan) return {};
  return currentSeals(ports.bundles, plan, filesOf(release.bundle.stacks.filter((stack) => stack.environment === environment)));
}

export const handler = task(enter, { ledger, bundles, frontDoors, targets });
