import type { EnvironmentPlan, SlotTaskInput } from '../../contract';
import { Retry } from '../errors';
import type { SlotState } from '../model';
import type { Ports } from '../ports';
import { slotAlarms } from './fired-before';
import { type Firing, firingInWords, namesOf } from './firing';
import type { Reading } from './verdict';

const LOOKS = 7;
const PAUSE_MS = 5_000;

/**
 * The alarms of the slot that fire once a test has ended: all were quiet before the tests began, else the deployment would have waited for
 * them. A test that passed, and raised one, has seen less than the alarm has.
 *
 * @returns undefined when none fires
 */
export async function raisedByTests(
  ports: Pick<Ports, 'alarms' | 'clock'>,
  plan: EnvironmentPlan,
  { environment, colour }: SlotTaskInput,
  slot: SlotState | undefined,
): Promise<Reading | undefined> {
  const firing = await firingNow(ports, plan, slot);
  if (typeof firing === 'string') {
    const logs = slot?.alarms.join(', ') ?? '';
    return { verdict: 'error', subject: `the alarms of ${colour}`, expected: 'they can be read once the tests have ended', actual: firing, logs };
  }
  if (firing.length === 0) return undefined;
  const names = namesOf(firing);
  return {
    verdict: 'failed',
    subject: `alarm ${names}`,
    expected: `no alarm of the slot goes off during the tests of ${environment}`,
    actual: `went off in ${colour}, which serves nobody, during the tests of ${environment}, before anybody was asked: ${firingInWords(firing)}`,
    logs: names,
  };
}

/** Patiently, and never with an error: the machine would try the test again that has just ended. @returns why they cannot be read */
async function firingNow(ports: Pick<Ports, 'alarms' | 'clock'>, plan: EnvironmentPlan, slot: SlotState | undefined): Promise<readonly Firing[] | string> {
  for (let look = 1; ; look++) {
    try {
      return (await slotAlarms(ports, plan, slot)).firing;
    } catch (error) {
      if (!(error instanceof Retry) || look === LOOKS) return (error as Error).message;
      await ports.clock.sleep(PAUSE_MS);
    }
  }
}
