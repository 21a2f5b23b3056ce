import type { FinishInput } from '../../lambda/contract';
import type { ExecutionStatusChange } from '../../lambda/domain/safety-net/ended-execution';
import { accept } from '../../lambda/handlers/accept';
import { deploy } from '../../lambda/handlers/deploy';
import { enter } from '../../lambda/handlers/enter';
import { finish } from '../../lambda/handlers/finish';
import { reconcile } from '../../lambda/handlers/reconcile';
import { stop } from '../../lambda/handlers/stop';
import { exampleRelease, exampleSlot, exampleWorld, liveEnvironment, taskInput } from './example-path';
import type { InMemoryPorts } from './in-memory-ports';
import { bake, END, FAILURE, GREEN_TASK, inTheShadow, shiftedTo } from './story';

const READS = ['release', 'environment', 'gates', 'audit', 'ticket'] as const;
const { execution } = exampleRelease('1.1.0');
const FINISH: FinishInput = { release: '1.1.0', execution, environment: 'Production', outcome: 'stopped', failure: FAILURE };
const DIED = { detail: { executionArn: END.execution, status: 'ABORTED', input: JSON.stringify({ release: '1.1.0' }) } as ExecutionStatusChange };

/** Right before, or after, the first reading of a kind, something else happens from beginning to end. */
function meanwhile(ports: InMemoryPorts, read: (typeof READS)[number], when: 'before' | 'after', happens: () => Promise<unknown>): void {
  const ledger = ports.ledger as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
  const own = ledger[read]?.bind(ports.ledger) as (...given: unknown[]) => Promise<unknown>;
  ledger[read] = async (...given) => {
    ledger[read] = own;
    if (when === 'before') await happens();
    const found = await own(...given);
    if (when === 'after') await happens();
    return found;
  };
}

async function baked(): Promise<InMemoryPorts> {
  const ports = await shiftedTo(100);
  await bake(ports, 100);
  return ports;
}

/** 1.1.0 has entered, and takes the place of what could be rolled back to. */
async function entered(): Promise<InMemoryPorts> {
  const ports = exampleWorld();
  const previous = { colour: 'green', version: '0.9.0', digest: 'digest-of-0.9.0' };
  const { slots } = liveEnvironment('1.0.0');
  const green = exampleSlot('0.9.0', 'Payments-Production-Green');
  ports.ledger.seed(liveEnvironment('1.0.0', 'Production', { previous, slots: { ...slots, green } }));
  await enter(ports)(taskInput('1.1.0'));
  return ports;
}

const TASKS: Record<string, { given: () => Promise<InMemoryPorts>; runs: (ports: InMemoryPorts) => Promise<unknown>; records: readonly string[] }> = {
  finish: { given: async () => exampleWorld(), runs: (ports) => finish(ports)(FINISH), records: ['ReleaseFinished', 'TicketRaised'] },
  stop: { given: () => inTheShadow(), runs: (ports) => stop(ports)(END), records: ['ReleaseStopped', 'TicketRaised'] },
  accept: { given: baked, runs: (ports) => accept(ports)(GREEN_TASK), records: ['ReleaseLive'] },
  deploy: { given: entered, runs: (ports) => deploy(ports)(GREEN_TASK), records: ['SlotDeployed'] },
  'safety net': {
    given: () => inTheShadow(),
    runs: (ports) => reconcile(ports)(DIED as Parameters<ReturnType<typeof reconcile>>[0]),
    records: ['ReleaseStopped', 'TicketRaised', 'SafetyNetActed'],
  },
};

describe.each(Object.entries(TASKS))('a %s that was started twice', (_name, { given, runs, records }) => {
  test.each(
    READS.flatMap((read) => (['before', 'after'] as const).map((when) => [when, read] as const)),
  )('is carried out once, the other one coming %s its reading of %s; both say the same', async (when, read) => {
    const alone = await given();
    const answer = await runs(alone);
    const ports = await given();
    let other: unknown;
    meanwhile(ports, read, when, async () => {
      other = await runs(ports);
    });
    const mine = await runs(ports);
    expect(mine).toEqual(answer);
    if (other !== undefined) expect(other).toEqual(answer);
    expect(ports.ledger.happened().filter((what) => records.includes(what))).toEqual(alone.ledger.happened().filter((what) => records.includes(what)));
    const { items } = ports.ledger.snapshot();
    const slots = (items['environment Production'] as { slots?: object } | undefined)?.slots;
    expect(Object.keys(slots ?? {})).toEqual(Object.keys((await alone.ledger.environment('Production')).slots));
  });
});
