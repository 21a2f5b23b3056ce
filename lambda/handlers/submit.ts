import type { SubmitInput, SubmitOutput } from '../contract';
import { parseBody } from '../domain/commands/bodies';
import { requeue } from '../domain/commands/requeue';
import { takeIn } from '../domain/commands/take-in';
import { Refused } from '../domain/errors';
import type { Ports } from '../domain/ports';
import { bundles, bus, ledger, machines, plans, task, templates } from './wiring';

/** Takes a submission that did not come through the API. Nobody waits for the answer of an event, so a refusal is told on the bus too. */
export function submit(ports: Ports) {
  return async ({ execution, body }: SubmitInput): Promise<SubmitOutput> => {
    try {
      const release = isRequeue(body) ? await requeue(ports, parseBody.requeue(body).requeue) : await takeIn(ports, execution, parseBody.submit(body));
      return { outcome: 'submitted', release: release.version, digest: release.digest, execution: release.execution };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, message } = error;
      await ports.bus.publish({ at: ports.clock.now(), what: 'SubmissionRefused', release: versionOf(body), who: execution, why: message, detail: { code } });
      return { outcome: 'refused', code, message };
    }
  };
}

const isRequeue = (body: unknown) => typeof body === 'object' && body !== null && 'requeue' in body;

/** As far as a body that was refused has one. */
function versionOf(body: unknown): string {
  const { version = undefined, requeue: anew = undefined } = (body ?? {}) as { readonly version?: unknown; readonly requeue?: { readonly release?: unknown } };
  if (typeof anew?.release === 'string') return anew.release.slice(0, 100);
  return typeof version === 'string' ? version.slice(0, 100) : 'unknown';
}

export const handler = task(submit, { ledger, plans, bundles, templates, machines, bus });
