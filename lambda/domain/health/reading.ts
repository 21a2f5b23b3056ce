import type { EnvironmentPlan, GatePlan } from '../../contract';
import { Retry } from '../errors';
import type { Bake, EnvironmentState, SlotState } from '../model';
import type { Ports } from '../ports';
import { probeLogs, testUrlOf } from '../steps/testing';
import { shareOf } from './bake';
import { slotAlarms } from './fired-before';
import { namesOf } from './firing';
import { ofMetric } from './of-metric';
import { ofAlarms, ofProbe, ofTeamsFunction, type Reading } from './verdict';

/** A slot that baked, and where. */
export interface Baked {
  readonly plan: EnvironmentPlan;
  readonly state: EnvironmentState;
  readonly bake: Bake;
  readonly slot: SlotState;
}

/** Reads one health gate of a slot that baked. A gate that cannot be read is an error of the gate; a service that is busy is asked again. @throws Retry */
export async function readGate(ports: Ports, gate: GatePlan, baked: Baked): Promise<Reading> {
  try {
    return await read(ports, gate, baked);
  } catch (error) {
    if (error instanceof Retry) throw error;
    return { verdict: 'error', subject: subjectOf(gate), expected: 'the gate can be read', actual: (error as Error).message, logs: logsOf(gate, baked) };
  }
}

async function read(ports: Ports, gate: GatePlan, baked: Baked): Promise<Reading> {
  const { plan, state, bake, slot } = baked;
  const about = { subject: subjectOf(gate), logs: logsOf(gate, baked) };
  switch (gate.kind) {
    case 'alarms': {
      const [found, seen] = await Promise.all([slotAlarms(ports, plan, slot), ports.health.requests(plan, slot.targetGroupArn, bake.startedAt)]);
      return { logs: slot.alarms.join(', ') || slot.targetGroupArn, ...ofAlarms(slot.alarms, found, { seen, minimum: gate.minimumRequests }) };
    }
    case 'http':
      return { ...about, ...ofProbe(gate, await ports.tests.probe(plan, { colour: bake.colour, path: gate.path, timeoutSeconds: gate.timeoutSeconds })) };
    case 'metric':
      return { ...about, ...ofMetric(gate, await ports.metrics.values(plan, gate, { ...slot, colour: bake.colour }, bake.startedAt)) };
    case 'lambda': {
      const { release, colour, startedAt: since } = bake;
      const at = { environment: plan.environment, percent: shareOf(state, bake), weights: state.weights, since };
      const request = { release, colour, slot: await testUrlOf(ports, plan, colour), ...at };
      return { ...about, ...ofTeamsFunction(await ports.tests.invoke(plan, gate.functionArn, request, gate.timeoutSeconds), gate.functionArn, 'gate') };
    }
  }
}

function subjectOf(gate: GatePlan): string {
  if (gate.kind === 'alarms') return 'the alarms of the slot';
  return `health gate ${gate.kind === 'http' ? gate.path : gate.name}`;
}

function logsOf(gate: GatePlan, { plan, slot }: Baked): string {
  if (gate.kind === 'lambda') return gate.functionArn;
  return gate.kind === 'metric' ? slot.targetGroupArn : probeLogs(plan);
}

/**
 * What there is to say of a bake whose token was never stored, or was answered: no alarm could have reached the machine. Nobody is asked about that: an
 * alarm may have gone off, and be quiet again.
 */
export function notBaked({ inconclusive }: Pick<EnvironmentPlan, 'inconclusive'>, percent: number, logs: string): Reading {
  const actual = 'no token of it is stored, so no alarm could have ended it';
  return {
    verdict: inconclusive === undefined ? 'inconclusive' : 'error',
    subject: `the bake at ${percent} percent`,
    expected: 'its token was stored before it began',
    actual,
    logs,
  };
}

/**
 * The alarms of the slot that fire all the same: one that was told of as the bake's time was up has ended it in the ledger, and not in the machine.
 *
 * @throws Retry
 */
export async function raisedMeanwhile(ports: Pick<Ports, 'alarms'>, plan: EnvironmentPlan, slot: SlotState | undefined): Promise<Reading[]> {
  const found = await slotAlarms(ports, plan, slot);
  if (found.firing.length === 0) return [];
  return [{ logs: namesOf(found.firing), ...ofAlarms(slot?.alarms ?? [], found, { seen: 0, minimum: 0 }) }];
}

/** With nothing to read, a bake that nobody ended was quiet. */
export function quiet(percent: number, logs: string): Reading {
  return { verdict: 'passed', subject: `the bake at ${percent} percent`, expected: 'nobody ends it', actual: 'nobody did', logs };
}
