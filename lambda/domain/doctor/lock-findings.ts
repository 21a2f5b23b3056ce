import { listed } from '../../contract';
import { waitingBake } from '../health/bake';
import { staysOut } from '../outage/outage';
import type { Finding } from './finding';
import type { Look } from './look';

/** What is held by a machine that has ended. The safety net acts within minutes; what stays longer it did not hear of, or gave up. */
export function lockFindings({ plan: { environment }, state, lockEnded, contractEnded, retirementEnded, turnsEnded = [] }: Look): Finding[] {
  const { lock, contracting, retirement } = state;
  const findings: Finding[] = [];
  if (lock && !lock.contract && lockEnded) {
    const bake = waitingBake(state);
    const baking = bake ? `; its bake at ${bake.percent} percent waits for nobody` : '';
    const back = staysOut(state) ? 'leave its users without a version, which a person has to end' : 'take its traffic back to what was accepted';
    const way = lock.shifted ? back : 'end it there';
    findings.push({
      kind: 'deadLock',
      environment,
      subject: `release ${lock.release}, which holds ${environment} since ${lock.since}`,
      expected: 'its machine runs',
      actual: `${lock.execution} has ended: ${lockEnded.how}${baking}`,
      ...(lockEnded.at !== undefined && { since: lockEnded.at }),
      by: 'recover',
      remedy: `${way}, by the rules of the safety net, and free the lock`,
    });
  }
  if (contracting && contractEnded) {
    const holds = lock?.contract ? `, which holds ${environment} since ${lock.since}` : ', which was to wait for people';
    findings.push({
      kind: 'deadContract',
      environment,
      subject: `the contract of ${contracting.release} in ${environment}${holds}`,
      expected: 'its machine runs',
      actual: `${contracting.execution} has ended: ${contractEnded.how}`,
      ...(contractEnded.at !== undefined && { since: contractEnded.at }),
      by: 'recover',
      remedy: `stop it with a ticket, by the rules of the safety net; then ptl contract ${environment} asks for it anew`,
    });
  }
  const [turn] = turnsEnded;
  if (turn) {
    const dead = listed(turnsEnded.map(({ release }) => release));
    findings.push({
      kind: 'deadTurn',
      environment,
      subject: `who waits for a turn in ${environment}`,
      expected: 'a machine that runs, for each',
      actual: turnsEnded.map(({ release, execution, ended }) => `that of ${release}, ${execution}, has ended: ${ended.how}`).join('; '),
      ...(turn.ended.at !== undefined && { since: turn.ended.at }),
      by: lock && !lockEnded ? 'time' : 'recover',
      remedy: lock && !lockEnded ? `nothing is held up while ${lock.release} is there` : `take ${dead} out of the queue, by the rules of the safety net`,
    });
  }
  if (retirement && retirementEnded) {
    findings.push({
      kind: 'deadRetirement',
      environment,
      subject: `the retirement of ${environment}`,
      expected: 'its machine runs',
      actual: `${retirement.execution} has ended: ${retirementEnded.how}`,
      ...(retirementEnded.at !== undefined && { since: retirementEnded.at }),
      by: 'person',
      remedy: 'ptl retire --yes goes on from where it was, with a new machine',
    });
  }
  return findings;
}
