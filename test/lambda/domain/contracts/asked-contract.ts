import type { SlotMigration, TaskInput } from '../../../../lambda/contract';
import { openGate } from '../../../../lambda/domain/gates/gate';
import type { Contracting, EnvironmentState, Gate, Lock } from '../../../../lambda/domain/model';
import { declared, PLAN } from '../../contract-world';
import { exampleRelease, exampleSlot, liveEnvironment } from '../../example-path';
import { type InMemoryPorts, inMemoryPorts } from '../../in-memory-ports';
import { BLUE } from '../../story';

export const NOW = '2026-01-05T09:00:00.000Z';
export const WHO = 'arn:service-manager';
export const EXECUTION = 'arn:of-the-contract';
export const TASK: TaskInput = { environment: 'Production', release: '1.1.0', execution: EXECUTION };
export const MIGRATIONS = [declared('first'), declared('second')];
export const RELEASE = exampleRelease('1.1.0', PLAN, { status: 'live', reached: { Production: 'live' }, migrations: MIGRATIONS });

export const contracting: Contracting = { by: WHO, reason: 'nobody needs it', at: NOW, execution: EXECUTION, release: '1.1.0', migrations: MIGRATIONS };
export const lock: Lock = { release: '1.1.0', execution: EXECUTION, colour: 'blue', since: NOW, shifted: false, contract: true };
const inSlot: SlotMigration[] = MIGRATIONS.map((each) => ({ ...each, runner: { kind: 'lambda', functionName: `f-${each.name}`, timeoutSeconds: 300 } }));

/** 1.1.0 is live in blue, 1.0.0 was before, in green; the contract of 1.1.0 was asked for. */
export function asked(given: Partial<EnvironmentState> = {}): EnvironmentState {
  const blue = { ...exampleSlot('1.1.0', 'Payments-Production-Blue'), migrations: inSlot };
  const slots = { blue, green: exampleSlot('1.0.0', 'Payments-Production-Green') };
  const previous = { colour: 'green', version: '1.0.0', digest: 'digest-of-1.0.0' };
  return liveEnvironment('1.1.0', 'Production', { slots, previous, contracting, ...given });
}

/** At which people have agreed to it. */
export function gate(given: Partial<Gate> = {}): Gate {
  const plan = PLAN[0] as (typeof PLAN)[number];
  const fresh = openGate({ plan, release: RELEASE, gate: 'contract', now: NOW, token: 'its token', execution: EXECUTION, runs: MIGRATIONS });
  if (fresh === 'notNeeded') throw new Error('the gate of this test is needed');
  return { ...fresh, status: 'passed', ...given };
}

/** @param held null: nobody was asked */
export function world(state = asked(), held: Gate | null = gate()): InMemoryPorts {
  const ports = inMemoryPorts(PLAN);
  ports.ledger.seed(state, RELEASE, ...(held ? [held] : []));
  ports.liveRule.set('Production', { [BLUE]: 100 });
  return ports;
}

export const environment = (ports: InMemoryPorts): Promise<EnvironmentState> => ports.ledger.environment('Production');
/** What was told beside the ledger. */
export const lines = (ports: InMemoryPorts) => ports.log.lines.map(({ message, fields }) => [message, fields]);
