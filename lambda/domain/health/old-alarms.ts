import { differenceInSeconds } from 'date-fns/differenceInSeconds';
import type { DeployOutput, Failure, SlotTaskInput } from '../../contract';
import { knownRelease } from '../commands/known';
import type { Ports } from '../ports';
import { planOf } from '../release/release';
import { mayGoOn } from '../steps/recheck';
import { step } from '../steps/step';
import { counting, firedBefore, isToBeRecorded, withBaselines } from './fired-before';
import { type Firing, firingInWords, namesOf } from './firing';

/** An alarm of one-minute periods is quiet after two or three minutes without a request; what still fires then is no memory. */
const LONGEST_SECONDS = 600;
const PAUSE_MS = 5_000;
/** Left of the run when it answers `deploying`: one look at most starts before that. */
const MARGIN_MS = 30_000;

/**
 * Waits until none of a deployed slot's alarms fires, so that nobody is asked about a release that its first shift would stop. After a roll
 * back they are raised by the version the slot held before; it serves nobody, so they fall silent by themselves.
 *
 * An alarm that is missing is not waited for, nor one that fires when a fix-forward has been deployed.
 *
 * @param since when the slot was deployed, whichever run did that: a later run waits no longer for it
 */
export async function waitForOldAlarms(ports: Ports, input: SlotTaskInput, since: string): Promise<DeployOutput> {
  const { environment, colour } = input;
  for (let looks = 1; ; looks++) {
    const [release, state] = await Promise.all([knownRelease(ports, input.release), ports.ledger.environment(environment)]);
    const stopped = mayGoOn(step.deploy(environment), input, release, state);
    if (stopped) return { outcome: 'failed', failure: stopped };
    const [plan, slot] = [planOf(release, environment), state.slots[colour]];
    const { firing: all } = await ports.alarms.read(plan, slot?.alarms ?? []);
    if (isToBeRecorded(release, slot)) {
      await ports.ledger.commit(firedBefore(input, release, state, slot, await withBaselines(ports.alarms, plan, all), ports.clock.now()));
      return { outcome: 'deployed' };
    }
    const { firing } = await counting(ports.alarms, plan, slot, all);
    if (firing.length === 0) return { outcome: 'deployed' };
    const seconds = differenceInSeconds(ports.clock.now(), since);
    if (looks === 1) ports.log.info('waits for alarms of the slot', { release: release.version, environment, slot: colour, firing: namesOf(firing), seconds });
    const failure = stillFiring(input, firing, seconds);
    if (seconds >= LONGEST_SECONDS) return { outcome: 'failed', failure };
    if (ports.remainingMilliseconds() < MARGIN_MS + PAUSE_MS) return { outcome: 'deploying', failure };
    await ports.clock.sleep(PAUSE_MS);
  }
}

function stillFiring({ environment, colour }: SlotTaskInput, firing: readonly Firing[], seconds: number): Failure {
  return {
    step: step.deploy(environment),
    subject: `alarm ${namesOf(firing)}`,
    expected: `not in ALARM ${LONGEST_SECONDS} seconds after the slot was deployed, before anybody is asked`,
    actual: `in ALARM, ${seconds} seconds after ${colour} was deployed, which serves nobody (${firingInWords(firing)}): find out what raises it, and submit the release again when it is quiet`,
    logs: namesOf(firing),
  };
}
