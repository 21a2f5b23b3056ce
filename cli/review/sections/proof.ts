import { listed } from '../../../lambda/contract';
import { type Block, heading, list, type Section, table, text, verdict } from '../document/document';
import { duration } from '../document/words';
import type { Facts } from '../facts/facts';
import type { Edge } from '../machines/graph';
import type { OutageStates } from '../machines/outage';
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
        'The bound, “at most”, is the longest of all paths from a state to an end, by the literal time-outs: each task takes as long as it may, as often as it is tried, and waits in between as long as it may. ' +
          'A release that is in order takes the bakes and little more. What Step Functions needs between two states is not in it.',
      ),
      ...proofs.flatMap(({ environment, proof, outage }) => [heading(environment), ...proofBlocks(environment, proof, outage)]),
      heading('Safety net'),
      text(
        `A machine that fails, times out or is stopped in any state is an event, and the event runs a function: ${duration(safetyNet.seconds)} at most, ${safetyNet.runs} times, then it waits in a queue and raises an alarm. ` +
          `Watched: ${listed(safetyNet.watches) || 'no machine'}.${safetyNet.unwatched.length === 0 ? '' : ` Not watched: ${listed(safetyNet.unwatched)}.`}`,
      ),
    ],
  };
}

function proofBlocks(environment: string, proof: Proof, outage?: OutageStates): Block[] {
  const { holds, problems, states, longest, longestWithoutRetries, timeoutSeconds } = proof;
  const sum = longest.states.filter(({ seconds }) => seconds > 0);
  return [
    verdict(
      holds,
      holds
        ? `in ${environment}, from each of the ${states.length} states after a shift every path ends in Accept or Roll back, or in the safety net where even rolling back fails, within ${duration(longest.seconds)} at most.`
        : `in ${environment} it does not hold: ${problems.join('; ')}.`,
    ),
    ...elsewhere(proof, outage),
    ...(outage === undefined
      ? []
      : [
          text(
            `A planned outage can end in one way more: users stay out, with a ticket. When a breaking migration has started and “${outage.undoes}” does not take back all of it, the roll back gives users no version that may ` +
              'damage their data: the live rule goes on answering 503, the release is stopped, the ticket says both ways out, a mended version or the version before by ptl roll-back, and the environment is free for either. ' +
              `Every way back from “${outage.begins}” goes through “${outage.stays}” first. For the machine this is the end of Roll back; which of them it was is in its outcome.`,
          ),
        ]),
    table(
      `States of ${environment} in which a release can be once a shift has begun`,
      ['state', 'what leads out of it', 'ends it can come to', 'bound', 'holds'],
      states.map(({ state, ways, ends, seconds, holds: here }) => [
        state,
        ways.length === 0 ? 'the end' : ways.map(({ kind, to }) => `${WAYS[kind]}: ${to}`),
        ends,
        duration(seconds),
        here ? 'yes' : 'NO',
      ]),
      [3],
    ),
    text(
      `The longest path, ${duration(longest.seconds)} with every retry used, and ${duration(longestWithoutRetries)} at most when no task has to be tried again:`,
    ),
    ...list(sum.map(({ name, seconds }) => `${name}: ${duration(seconds)}`)),
    text(`Whatever its states do, the machine ends by its own time-out ${duration(timeoutSeconds)} after it began, in the safety net.`),
  ];
}

/** The ways out after a shift that lead to neither: nothing was written. */
function elsewhere({ refused }: Proof, outage?: OutageStates): Block[] {
  if (refused.length === 0) return [];
  const ways = refused.map(({ from, to, first }) => `${first === outage?.begins ? 'an outage' : 'a first shift'} that is refused (“${from}”) goes to “${to}”`);
  return [text(`Where nothing has been written, it ends elsewhere: ${listed(ways)}.`)];
}
