import { Stage } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { PathToLiveError } from '../private/errors';
import { type InspectedSlot, inspectSlot, type Mistake } from './slot-inspection';
import { inspectTargetGroup } from './slot-target-group';

/** Stage -> its slots, in the order they were made. */
const slots = new WeakMap<IConstruct, InspectedSlot[]>();

/**
 * Has a slot looked through at synth, together with the others of its stage: they all come from one workload as a rule, and a mistake in it is one
 * mistake, however many slots it is in.
 */
export function inspectWithOthers(scope: Construct, slot: InspectedSlot): void {
  const stage = Stage.of(scope) ?? scope.node.root;
  const all = slots.get(stage) ?? [];
  if (all.length === 0) scope.node.addValidation({ validate: () => inspectSlots(all) });
  all.push(slot);
  slots.set(stage, all);
}

/** @returns a message for each mistake, that names all slots it is in where there are several */
function inspectSlots(all: readonly InspectedSlot[]): string[] {
  const found = new Map<string, { readonly mistake: Mistake; readonly slots: InspectedSlot[] }>();
  for (const slot of all) {
    for (const mistake of [...inspectSlot(slot), ...inspectTargetGroup(slot)]) {
      const same = JSON.stringify([mistake.code, mistake.below, mistake.problem]);
      const sofar = found.get(same) ?? { mistake, slots: [] };
      sofar.slots.push(slot);
      found.set(same, sofar);
    }
  }
  return [...found.values()].map(({ mistake: { code, at, problem }, slots: inside }) => {
    const where = inside.length === 1 ? '' : `; it is in ${inside.length} slots: ${named(inside)}`;
    return new PathToLiveError(code, at, `${problem}${where}`).message;
  });
}

/** For example `blue and green of Integration, blue of Production`. */
function named(inside: readonly InspectedSlot[]): string {
  const environments = [...new Set(inside.map(({ environment }) => environment))];
  const colours = (environment: string) => inside.filter((slot) => slot.environment === environment).map(({ colour }) => colour);
  return environments.map((environment) => `${colours(environment).join(' and ')} of ${environment}`).join(', ');
}
