import { listed } from '../../../lambda/contract';
import { type Block, heading, list, type Section, table, text, verdict } from '../document/document';
import { duration } from '../document/words';
import type { Facts } from '../facts/facts';
import type { Edge } from '../machines/graph';
import type { Proof } from '../machines/proof';

const WAYS: Readonly<Record<Edge['kind'], string>> = { next: 'then', default: 'yes', rule: 'otherwise', catch: 'error' };

/** That every path after a shift ends in Accept or Roll back, and how long it takes at most. */
export function proofSection({ proofs, safetyNet }: Facts): Section {
  return {
    id: 'proof',
    title: 'Proof: after a shift, every path ends in Accept or Roll back',
    blocks: [
      text(
        'Walked on the definitions as they were synthesized, every way out of every state, errors and time-outs included. Where even rolling back fails after all its retries the machine fails, and ' +
          'the safety net brings the environment back to what was accepted last.',
      ),
      text(
        'The bound is the longest of all paths from a state to an end, by the literal time-outs: each task takes as long as it may, as often as it is tried, and waits in between as long as it may. ' +
          'A release that is in order takes the bakes and little more. What Step Functions needs between two states is not in it.',
      ),
      ...proofs.flatMap(({ environment, proof }) => [heading(environment), ...proofBlocks(environment, proof)]),
      heading('Safety net'),
      text(
        `A machine that fails, times out or is stopped in any state is an event, and the event runs a function: ${duration(safetyNet.seconds)} at most, ${safetyNet.runs} times, then it waits in a queue and raises an alarm. ` +
          `Watched: ${listed(safetyNet.watches) || 'no machine'}.${safetyNet.unwatched.length === 0 ? '' : ` Not watched: ${listed(safetyNet.unwatched)}.`}`,
      ),
    ],
  };
}

function proofBlocks(environment: string, proof: Proof): Block[] {
  const { holds, problems, states, refused, longest, timeoutSeconds } = proof;
  const sum = longest.states.filter(({ seconds }) => seconds > 0);
  return [
    verdict(
      holds,
      holds
        ? `in ${environment}, from each of the ${states.length} states after a shift every path ends in Accept or Roll back, or in the safety net where even rolling back fails, ${duration(longest.seconds)} after the first shift began at most.`
        : `in ${environment} it does not hold: ${problems.join('; ')}.`,
    ),
    ...refused.map(({ from, to }) =>
      text(`A way that leads elsewhere: when a first shift is refused (“${from}”), nothing has been written, and it goes to “${to}”.`),
    ),
    table(
      `States of ${environment} in which a release can be once a shift has begun`,
      ['state', 'what leads out of it', 'ends it can come to', 'bound', 'without retries', 'holds'],
      states.map(({ state, ways, ends, seconds, secondsWithoutRetries, holds: here }) => [
        state,
        ways.length === 0 ? 'the end' : ways.map(({ kind, to }) => `${WAYS[kind]}: ${to}`),
        ends,
        duration(seconds),
        duration(secondsWithoutRetries),
        here ? 'yes' : 'NO',
      ]),
      [3, 4],
    ),
    text(`The longest path, ${duration(longest.seconds)}:`),
    ...list(sum.map(({ name, seconds }) => `${name}: ${duration(seconds)}`)),
    text(`Whatever its states do, the machine ends by its own time-out ${duration(timeoutSeconds)} after it began, in the safety net.`),
  ];
}
