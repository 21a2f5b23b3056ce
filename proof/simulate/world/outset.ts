import { exampleSlot, liveEnvironment } from '../../../test/lambda/example-path';
import { targetGroupOf } from '../../../test/lambda/fake-slots';
import { capacityOf } from './stacks';
import type { World } from './world';

const FIRST = '1.0.0';

/** What users get before the first release of the story: a version, what a listener served before there was any, or nothing yet. */
export function outset(world: World): void {
  const { path, chance, rules } = world;
  const isFresh = path.original !== '503' || chance.happens(0.3);
  for (const { environment, slots, roles } of path.plans) {
    if (path.original !== '503') rules.begin(environment, { kind: 'slots', weights: { [path.original]: 100 } });
    const stackName = slots[0]?.stackName;
    if (isFresh || stackName === undefined) continue;
    const capacity = roles.capacity === undefined ? undefined : capacityOf(stackName);
    if (capacity) world.capacity.has(capacity, capacity.least);
    const state = liveEnvironment(FIRST, environment, {
      slots: { blue: { ...exampleSlot(FIRST, stackName), alarms: world.alarmsOf(stackName), ...(capacity && { capacity }) } },
    });
    world.ledger.seed(state);
    world.records.begin(state);
    world.stacks.holds.set(stackName, FIRST);
    rules.begin(environment, { kind: 'slots', weights: { [targetGroupOf(stackName)]: 100 } });
  }
}
