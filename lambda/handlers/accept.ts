import type { AcceptOutput, EnvironmentPlan, SlotTaskInput } from '../contract';
import { recorded } from '../domain/audit';
import { decideAgain } from '../domain/commands/decide-again';
import { knownRelease } from '../domain/commands/known';
import type { Ports } from '../domain/ports';
import { planOf } from '../domain/release/release';
import { decideAccept, wasAsked } from '../domain/steps/accepting';
import { firingAgainst } from '../domain/waves/earlier-alarms';
import { alarms, ledger, liveRule, task } from './wiring';

/** Makes the release the one that is live. */
export function accept(ports: Ports) {
  return async (input: SlotTaskInput): Promise<AcceptOutput> => {
    const { environment, colour } = input;
    const output = await decideAgain(ports.clock, () => record(ports, input));
    const { failure } = output;
    ports.log.info(output.outcome, { release: input.release, environment, slot: colour, expected: failure?.expected, actual: failure?.actual });
    if (output.outcome === 'live') await tag(ports, input);
    return output;
  };
}

async function record(ports: Ports, input: SlotTaskInput): Promise<AcceptOutput> {
  const { ledger, liveRule, clock } = ports;
  const [release, state] = await Promise.all([knownRelease(ports, input.release), ledger.environment(input.environment)]);
  if (recorded(await ledger.audit(input.release), input, 'ReleaseLive')) return { outcome: 'live' };
  const plan = planOf(release, input.environment);
  const [gates, actual] = await Promise.all([asks(plan) ? ledger.gates(input.release) : [], liveRule.read(plan)]);
  const slot = state.slots[input.colour];
  const firing = wasAsked(plan, state, gates) ? await firingAgainst(ports, release, input.environment, slot) : [];
  const decision = decideAccept({ input, release, state, gates, actual, firing, now: clock.now() });
  if ('step' in decision) return { outcome: 'refused', failure: decision };
  await ledger.commit(decision);
  return { outcome: 'live' };
}

/** Whether somebody may have been asked since traffic moved. */
function asks({ steps, inconclusive }: EnvironmentPlan): boolean {
  return inconclusive !== undefined || steps.some(({ pause }) => pause !== undefined);
}

/** After the ledger: tags that still name the version before are a safe place to go back to, tags that run ahead are not. */
async function tag(ports: Ports, { release: version, environment }: SlotTaskInput): Promise<void> {
  const [release, state] = await Promise.all([knownRelease(ports, version), ports.ledger.environment(environment)]);
  const slot = state.live?.version === version ? state.slots[state.live.colour] : undefined;
  if (!state.live || !slot) return;
  await ports.liveRule.tagAccepted(planOf(release, environment), { colour: state.live.colour, version, targetGroupArn: slot.targetGroupArn });
}

export const handler = task(accept, { ledger, liveRule, alarms });
