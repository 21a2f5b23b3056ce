import type { Failure } from '../../contract';
import type { EnvironmentState, Release } from '../model';
import type { Ports } from '../ports';
import { isLiveIn } from '../release/release';
import { isOriginal } from '../traffic/original';
import { wayBack } from '../traffic/way-back';
import { hasMoved } from './moved';

/**
 * What is live in an environment, and may have to go back from there; undefined where nothing of the path is live. That it is a wave is for its own plan to say: whoever
 * enters may have been submitted before there were waves.
 */
export async function aheadIn({ ledger }: Ports, state: EnvironmentState): Promise<Release | undefined> {
  return state.live && !isOriginal(state.live) ? ledger.release(state.live.version) : undefined;
}

/**
 * Why no other release may enter a wave: what is live there goes on to the waves behind, or goes back with them, and the slot that it goes back to is the next
 * one's. Where there is no way back there is nothing to keep.
 */
export function heldForWaves(state: EnvironmentState, ahead: Release | undefined): Pick<Failure, 'subject' | 'expected' | 'actual'> | undefined {
  if (!ahead || !isLiveIn(state, ahead) || !hasMoved(ahead, state.environment)) return undefined;
  const { version, status } = ahead;
  const isOnItsWay = status === 'submitted';
  if (!isOnItsWay && wayBack(state).kind === 'none') return undefined;
  const { environment } = state;
  const how = isOnItsWay
    ? `it has still to come through the waves behind ${environment}: submit again when it has ended`
    : `it failed in a wave behind ${environment}, and goes back: submit again when that is done; where nothing does it, ptl recover ${environment} does`;
  return {
    subject: `the waves that ${environment} is one of`,
    expected: 'no release that came through only some of them',
    actual: `${version} is live in ${environment}, and ${how}`,
  };
}
