import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCalls } from '../figures/calls';
import { Problem } from '../problem';
import { Assembly } from './assembly/assembly';
import { BOOTSTRAP, type Deployed } from './assembly/deployed';
import { bootstrapStack, knownFrom } from './assembly/known';
import { readStacks } from './assembly/read-stacks';
import { type Audit, audit } from './audit';
import { recordedAttempts } from './calls/recorded';
import { DEPLOYED } from './remember';
import { shapesOf } from './shapes/hide';
import { newShapes, type Shape } from './shapes/shape';

/** Shapes of every call that a rehearsal ever made: what unit tests hold against the policies of other layouts, without a rehearsal. */
export const SHAPES = join(__dirname, 'shapes', 'recorded.json');

export interface RehearsalAudit extends Audit {
  /** Calls of roles. */
  readonly recordedCalls: number;
  /** Calls of whoever started the rehearsal, the account's administrator. */
  readonly byAdministrator: number;
  readonly shapes: readonly Shape[];
  /** Those of them that are not written down. */
  readonly newShapes: readonly Shape[];
  readonly seconds: number;
}

/**
 * Holds what the last rehearsal recorded against the policies of the assembly it deployed.
 *
 * @param state the rehearsal's folder
 * @throws Problem when there was none
 */
export async function auditRehearsal(state: string): Promise<RehearsalAudit> {
  const began = performance.now();
  const file = join(state, DEPLOYED);
  if (!existsSync(file)) throw new Problem(`There is nothing to hold against the policies: ${file} is not there. Run npm run rehearse first.`);
  const deployed = JSON.parse(readFileSync(file, 'utf8')) as Deployed;
  const own = readStacks(join(state, 'platform'));
  const { account = '', region = '' } = own[0] ?? {};
  const stacks = [...own, bootstrapStack(deployed, account, region)];
  const assembly = new Assembly(stacks, knownFrom(deployed, stacks));
  const { attempts, calls, byAdministrator } = recordedAttempts(readCalls(join(state, 'calls.jsonl')), assembly);
  const held = await audit({ assembly, people: deployed.people, recorded: attempts, leftOut: [BOOTSTRAP] });
  const shapes = shapesOf(attempts, assembly, deployed.people);
  const known = newShapes(shapes, readShapes());
  return { ...held, recordedCalls: calls, byAdministrator, shapes, newShapes: known, seconds: (performance.now() - began) / 1000 };
}

export function readShapes(): Shape[] {
  return existsSync(SHAPES) ? (JSON.parse(readFileSync(SHAPES, 'utf8')) as Shape[]) : [];
}
