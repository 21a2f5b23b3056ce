import type { EnvironmentPlan, GatePlan } from '../../contract';
import { Retry } from '../errors';
import type { Bake, SlotState } from '../model';
import type { Ports } from '../ports';
import { probeLogs } from '../steps/testing';
import { ofAlarms, ofProbe, type Reading } from './verdict';

/** Reads one health gate of a slot that baked. A gate that cannot be read is an error of the gate; a service that is busy is asked again. @throws Retry */
export async function readGate(ports: Ports, plan: EnvironmentPlan, gate: GatePlan, bake: Bake, slot: SlotState): Promise<Reading> {
  try {
    if (gate.kind === 'alarms') {
      const [found, seen] = await Promise.all([ports.alarms.read(plan, slot.alarms), ports.health.requests(plan, slot.targetGroupArn, bake.startedAt)]);
      return { logs: slot.alarms.join(', ') || slot.targetGroupArn, ...ofAlarms(slot.alarms, found, { seen, minimum: gate.minimumRequests }) };
    }
    const answer = await ports.tests.probe(plan, { colour: bake.colour, path: gate.path, timeoutSeconds: gate.timeoutSeconds });
    return { subject: `health gate ${gate.path}`, logs: probeLogs(plan), ...ofProbe(gate, answer) };
  } catch (error) {
    if (error instanceof Retry) throw error;
    const subject = gate.kind === 'alarms' ? 'the alarms of the slot' : `health gate ${gate.path}`;
    return { verdict: 'error', subject, expected: 'the gate can be read', actual: (error as Error).message, logs: probeLogs(plan) };
  }
}

/** What there is to say of a bake whose token was never stored, or was answered: no alarm could have reached the machine. */
export function notBaked(percent: number, logs: string): Reading {
  const actual = 'no token of it is stored, so no alarm could have ended it';
  return { verdict: 'inconclusive', subject: `the bake at ${percent} percent`, expected: 'its token was stored before it began', actual, logs };
}

/** With nothing to read, a bake that nobody ended was quiet. */
export function quiet(percent: number, logs: string): Reading {
  return { verdict: 'passed', subject: `the bake at ${percent} percent`, expected: 'nobody ends it', actual: 'nobody did', logs };
}
