/** What a freeze comes to: who asks for it and ends it, and that nobody is kept from going back by it. */
import { freeze, unfreeze } from '../../../lambda/domain/commands/freeze';
import type { Ports } from '../../../lambda/domain/ports';
import type { Engine } from '../engine/engine';
import { ENVIRONMENTS, person, RELEASE_MANAGER } from '../path';
import { Run, type Watch } from '../world/run';
import { keyOf, of, type World } from '../world/world';
import { type Action, called, type Ended, free, trouble } from './action';

export function ofFreezes(world: World): Action[] {
  return ENVIRONMENTS.map((environment) => {
    if (of.environment(world, environment).freeze) {
      return free(`the freeze of ${environment} is ended`, async (run, engine) => {
        await called(run, engine, (ports) => unfreeze(ports, person(RELEASE_MANAGER), environment, { reason: 'over' }));
      });
    }
    return trouble(`${environment} is frozen`, async (run, engine) => {
      await called(run, engine, (ports) => freeze(ports, person(RELEASE_MANAGER), environment, { reason: 'Black Friday' }));
    });
  });
}

const NOBODY: Watch = { committed: () => undefined, written: () => undefined, deployed: () => undefined, migrated: () => undefined };

/**
 * Calls what brings users back. Where the environment is frozen it is called in a second world, too, that differs in nothing else, and has to end there in the
 * same way; but not where it dies, or is overtaken: these are explored by themselves.
 */
export async function callUnhindered(run: Run, engine: Engine, environment: string, what: (ports: Ports) => Promise<unknown>): Promise<Ended> {
  const { freeze: frozen, ...free } = of.environment(run.world, environment);
  if (!frozen || !run.isAlone) return called(run, engine, what);
  const without = new Run(new Map(run.world).set(keyOf.environment(environment), free), NOBODY);
  without.choice = run.choice;
  const [ended, otherwise] = [await called(run, engine, what), await called(without, engine, what)];
  if (howOf(ended) !== howOf(otherwise))
    run.breaks('unhindered', `what goes back in ${environment} ends with ${howOf(ended)}, and without a freeze with ${howOf(otherwise)}`);
  return ended;
}

function howOf(ended: Ended): string {
  if ('error' in ended) return ended.error;
  return (ended.answer as { readonly outcome?: string } | undefined)?.outcome ?? 'nothing';
}
