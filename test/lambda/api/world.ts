import type { EnvironmentState, Gate, Release } from '../../../lambda/domain/model';
import { openGate } from '../../../lambda/handlers/open-gate';
import { call } from '../api-call';
import { FIREBREAK, GO_NO_GO, session } from '../example-gate';
import { examplePlan, exampleSlot, liveEnvironment } from '../example-path';
import { targetGroupOf } from '../fake-slots';
import { type InMemoryPorts, inMemoryPorts } from '../in-memory-ports';
import { exampleBody, publish } from '../submission-body';

export const PIPELINE = session('Pipeline', 'build-7');
export const MANAGER = session('ReleaseManager');
export const TOKEN = 'AQCEAAAAKgAAAAMAAAAA-secret-token';
export const PLAN = [examplePlan('Integration'), examplePlan('Production', { firebreak: FIREBREAK, goNoGo: GO_NO_GO })];
export const BODY = exampleBody('1.1.0', PLAN, { changes: ['altersSchema'] });
export const DIGEST = BODY.digest;

/** 1.0.0 is live everywhere; 1.1.0 was submitted. */
export async function world(): Promise<InMemoryPorts> {
  const ports = inMemoryPorts(PLAN);
  for (const { environment } of PLAN) {
    ports.ledger.seed(liveEnvironment('1.0.0', environment));
    ports.liveRule.set(environment, { [targetGroupOf(`Payments-${environment}-Blue`)]: 100 });
  }
  publish(ports, BODY);
  expect((await call(ports, PIPELINE, 'POST /releases', BODY)).status).toBe(200);
  return ports;
}

export async function atGate(ports: InMemoryPorts, gate: Gate['gate'] = 'firebreak'): Promise<InMemoryPorts> {
  const { execution } = (await ports.ledger.release('1.1.0')) as Release;
  await openGate(ports)({ environment: 'Production', release: '1.1.0', execution, gate, token: TOKEN });
  return ports;
}

export const accept = (given: object = {}) => ({ environment: 'Production', decision: 'accept', reason: 'looks good', digest: DIGEST, ...given });
export const decide = (ports: InMemoryPorts, caller: string, given: object = {}) => call(ports, caller, 'POST /releases/1.1.0/decisions', accept(given));
export async function acceptedByAll(): Promise<InMemoryPorts> {
  const ports = await atGate(await world());
  await decide(ports, session('OnCall'));
  await decide(ports, session('Product'), { party: 'product' });
  await decide(ports, session('Security'));
  return ports;
}

/** 1.1.0 holds Production. */
export async function holding(given: Partial<EnvironmentState> = {}, lock: Partial<NonNullable<EnvironmentState['lock']>> = {}): Promise<InMemoryPorts> {
  const ports = await world();
  const state = liveEnvironment('1.0.0', 'Production', {
    lock: { release: '1.1.0', execution: 'child', colour: 'green', since: ports.clock.now(), shifted: false, ...lock },
    ...given,
  });
  ports.ledger.seed(state);
  return ports;
}
export const shifted = (given: Partial<EnvironmentState> = {}) =>
  holding(
    {
      slots: { blue: exampleSlot('1.0.0', 'Payments-Production-Blue'), green: exampleSlot('1.1.0', 'Payments-Production-Green') },
      weights: { blue: 90, green: 10 },
      bake: { token: TOKEN, release: '1.1.0', colour: 'green', percent: 10, startedAt: '2026-01-05T09:00:00.000Z' },
      ...given,
    },
    { shifted: true },
  );
