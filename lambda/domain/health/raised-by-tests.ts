import type { EnvironmentPlan, SlotTaskInput } from '../../contract';
import type { SlotState } from '../model';
import type { Ports } from '../ports';
import { firingInWords, namesOf } from './firing';
import type { Reading } from './verdict';

/**
 * The alarms of the slot that fire once a test has ended: all were quiet before the tests began, else the deployment would have waited for
 * them. A test that passed, and raised one, has seen less than the alarm has.
 *
 * @returns undefined when none fires
 */
export async function raisedByTests(
  ports: Pick<Ports, 'alarms'>,
  plan: EnvironmentPlan,
  { environment, colour }: SlotTaskInput,
  slot: SlotState | undefined,
): Promise<Reading | undefined> {
  const { firing } = await ports.alarms.read(plan, slot?.alarms ?? []);
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
