import type { ReleaseView, SubmitBody } from '../../contract';
import type { Ports } from '../ports';
import { viewRelease } from './read';
import { takeIn } from './take-in';

/** Registers a release and starts it on its path, see {@link takeIn}, and shows it as it is then. */
export async function submit(ports: Ports, caller: string, body: SubmitBody): Promise<ReleaseView> {
  const { version } = await takeIn(ports, caller, body);
  return viewRelease(ports, version);
}
