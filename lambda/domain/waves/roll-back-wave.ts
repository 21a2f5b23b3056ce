import type { EnvironmentPlan, RollBackWaveInput, RollBackWaveOutput } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import { knownRelease } from '../commands/known';
import type { Lease } from '../model';
import type { Ports } from '../ports';
import { isLiveIn, planOf } from '../release/release';
import { fingerprintOf, raise } from '../ticket';
import { recordIntent } from '../traffic/going-back';
import { withLease } from '../traffic/lease';
import { carryOut, lookToSwap } from '../traffic/swap';
import { decideRollBackWave, notToGoBack, ticketOf, type WaveDecision } from './decide-roll-back-wave';
import { hasMoved, notMoved } from './moved';
import { recordWaveBack } from './record-wave-back';

/**
 * Rolls back a wave in which the release went live, because it failed in a later one: with one write call, of which the ledger knows before, to what was live before. Where that cannot be, it
 * stays, and a ticket says so; whoever asks goes on with the next wave. Asked again, it finds its own work and does nothing.
 */
export async function rollBackWave(ports: Ports, input: RollBackWaveInput): Promise<RollBackWaveOutput> {
  const { environment, release } = input;
  const answer = (outcome: RollBackWaveOutput['outcome']): RollBackWaveOutput => ({ outcome, environment, release });
  const back = async (lease: Lease): Promise<RollBackWaveOutput> => {
    const { failedIn, failure } = input;
    const asked = { by: input.execution, reason: `${release} failed in ${failedIn}`, at: ports.clock.now(), wave: { failedIn, failure } };
    const decision = await recordIntent(ports, asked, () => decide(ports, input));
    if (decision.kind === 'done') return answer('rolledBack');
    if (decision.kind === 'left') return answer(await leave(ports, input));
    if (decision.kind === 'stays') return answer(await stay(ports, input, decision));
    const { plan, to, target, actual } = decision;
    await carryOut(ports, plan, decision);
    await recordWaveBack(ports, input, decision, lease);
    ports.log.info('wave rolled back', { release, environment, slot: to.colour, expected: target, actual });
    return answer('rolledBack');
  };
  return withLease(ports, environment, back, async (state) => {
    const known = await knownRelease(ports, release);
    if (state.goingBack || isLiveIn(state, known)) return undefined;
    const over = notToGoBack({ input, release: known, audit: await ports.ledger.audit(release), state });
    return answer(over?.kind === 'done' ? 'rolledBack' : await leave(ports, input));
  });
}

async function decide(ports: Ports, input: RollBackWaveInput): Promise<WaveDecision & { readonly plan: EnvironmentPlan }> {
  const release = await knownRelease(ports, input.release);
  const plan = planOf(release, input.environment);
  const look = await lookToSwap(ports, plan);
  const audit = await ports.ledger.audit(input.release);
  return { ...decideRollBackWave({ input, release, audit, ...look }), plan };
}

/** Whatever is live there now, it is not this attempt's to roll back. */
async function leave({ ledger, clock }: Ports, { release: version, environment, execution }: RollBackWaveInput): Promise<'left'> {
  await decideAgain(clock, async () => {
    const release = await ledger.release(version);
    if (!release || release.execution !== execution || !hasMoved(release, environment)) return;
    await ledger.commit({ put: [notMoved(release, environment)], audit: [] });
  });
  return 'left';
}

async function stay(ports: Ports, input: RollBackWaveInput, { failure }: Extract<WaveDecision, { kind: 'stays' }>): Promise<'stays'> {
  const { ledger, clock, log } = ports;
  const { environment, execution } = input;
  await decideAgain(clock, async () => {
    const [release, own] = await Promise.all([knownRelease(ports, input.release), ledger.ticket(fingerprintOf(environment, failure))]);
    const now = clock.now();
    const known = ticketOf({ input, audit: await ledger.audit(input.release) });
    const first = known === undefined ? undefined : await ledger.ticket(known);
    const about = { failure, environment, release: input.release, outcome: 'rolledBack', now, who: execution } as const;
    const { ticket, event } = raise(own, about);
    const said = first && { ...first, actual: `${first.actual}; ${environment} stays on ${input.release}: ${failure.actual}` };
    const put = [notMoved(release, environment), ...(said ? [said] : []), ticket];
    await ledger.commit({ put, audit: [event] });
  });
  log.error('wave not rolled back', { release: input.release, environment, expected: failure.expected, actual: failure.actual });
  return 'stays';
}
