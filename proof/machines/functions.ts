import { HUB_FUNCTIONS } from '../../constructs/hub/hub-functions-table';
import type { Ports } from '../../lambda/domain/ports';
import { accept } from '../../lambda/handlers/accept';
import { alarmRaised } from '../../lambda/handlers/alarm-raised';
import { api } from '../../lambda/handlers/api';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { finish } from '../../lambda/handlers/finish';
import { keepCapacity } from '../../lambda/handlers/keep-capacity';
import { matchCapacity } from '../../lambda/handlers/match-capacity';
import { migrate } from '../../lambda/handlers/migrate';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { openGate } from '../../lambda/handlers/open-gate';
import { readGates } from '../../lambda/handlers/read-gates';
import { reconcile } from '../../lambda/handlers/reconcile';
import { runTest } from '../../lambda/handlers/run-test';
import { startBake } from '../../lambda/handlers/start-bake';
import { stop } from '../../lambda/handlers/stop';
import { submit } from '../../lambda/handlers/submit';
import { sweep } from '../../lambda/handlers/sweep';

const HANDLERS = {
  accept,
  'alarm-raised': alarmRaised,
  api,
  deploy,
  enter,
  finish,
  'keep-capacity': keepCapacity,
  'match-capacity': matchCapacity,
  migrate,
  'move-traffic': moveTraffic,
  'open-gate': openGate,
  'read-gates': readGates,
  reconcile,
  'run-test': runTest,
  'start-bake': startBake,
  stop,
  submit,
  sweep,
} as const;

export type FunctionName = keyof typeof HANDLERS;

/** The real handler of a function of the hub. */
export function handlerOf(name: FunctionName): (ports: Ports) => (input: unknown) => Promise<unknown> {
  return HANDLERS[name] as unknown as (ports: Ports) => (input: unknown) => Promise<unknown>;
}

/** Most that it may run. */
export function secondsOf(name: FunctionName): number {
  return HUB_FUNCTIONS[name].seconds;
}

const named = new Map<string, FunctionName>();

/** Which function a version's ARN, as the synthesized definitions have it, is of. */
export function functionOf(arn: string): FunctionName {
  let name = named.get(arn);
  if (name === undefined) {
    const id = /:function:Functions(\w+?)FunctionCurrentVersion/.exec(arn)?.[1] ?? '';
    name = id.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase() as FunctionName;
    if (!(name in HANDLERS)) throw new Error(`the proofs do not know the function of ${arn}; add its handler to proof/machines/functions.ts`);
    named.set(arn, name);
  }
  return name;
}
