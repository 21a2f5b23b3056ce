import { listed } from '../../contract';
import { Retry } from '../errors';
import type { Ports } from '../ports';
import { rollBackWaves } from '../safety-net/roll-back-waves';
import { toRollBack } from '../waves/moved';
import { type Asked, type Did, howOf, recordRecovered } from './recovered';

/**
 * Takes back the waves in which a release is live that has ended without going live in all of them, where its path machine has ended, too: nobody else does.
 *
 * @param environment the one that is recovered
 */
export async function takeBackWaves(ports: Ports, environment: string, version: string | undefined, asked: Asked): Promise<Did> {
  const release = version === undefined ? undefined : await ports.ledger.release(version);
  if (!release || release.status === 'submitted') return {};
  const waves = toRollBack(release);
  if (waves.length === 0) return {};
  const { execution } = release;
  const ended = await ports.machines.ended(execution);
  if (!ended) return {};
  try {
    await rollBackWaves(ports, { execution, release: release.version, how: howOf(ended, asked) });
  } catch (error) {
    if (error instanceof Retry) return { held: [`release ${version} is still live in ${listed(waves)}: ${error.message}`] };
    throw error;
  }
  const after = (await ports.ledger.release(release.version)) ?? release;
  const back = waves.filter((wave) => after.reached[wave] === 'rolledBack');
  const stay = waves.filter((wave) => !back.includes(wave));
  const held = stay.length > 0 ? [`release ${version} was not rolled back in ${listed(stay)}: ptl tickets says why`] : [];
  if (back.length === 0) return { held };
  const did = `rolled release ${version} back in ${listed(back)}, which it had come through before it failed in a later wave`;
  await recordRecovered(ports, environment, asked, did);
  return { done: [did], held };
}
