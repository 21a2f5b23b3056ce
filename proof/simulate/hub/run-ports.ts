import type { EnvironmentPlan } from '../../../lambda/contract';
import type { Change, Delivery } from '../../../lambda/domain/model';
import { deliver } from '../../../lambda/domain/outbox';
import type { Clock, Log, Machines, Ports, SlotDeployment, SlotRequest, Slots } from '../../../lambda/domain/ports';
import { isoOf } from '../instant';
import type { Run } from './run';

/** Left of a run when nobody looks at a stack any more. */
const MARGIN_MS = 60_000;
const LOOKS_MS = 30_000;

/** A port whose every call goes through the run it is called in. */
function scheduled(port: string, ...methods: readonly string[]): new (run: Run, target: object) => object {
  class Scheduled {
    constructor(
      readonly run: Run,
      readonly target: object,
    ) {}
  }
  for (const method of methods) {
    Object.defineProperty(Scheduled.prototype, method, {
      value(this: Scheduled, ...given: readonly unknown[]) {
        return this.run.call(port, method, this.target, given);
      },
    });
  }
  return Scheduled;
}

/** The names of rules are known where the parameter of the front door is, which is kept. */
class RunLiveRule extends (scheduled('liveRule', 'read', 'write', 'writeOriginal', 'writeOutage', 'tagAccepted') as new (
  run: Run,
  target: object,
) => { readonly target: object }) {
  rules(plan: EnvironmentPlan): Promise<readonly string[]> {
    return (this.target as Ports['liveRule']).rules(plan);
  }
}

const PORTS = {
  plans: scheduled('plans', 'environments'),
  liveRule: RunLiveRule,
  alarms: scheduled('alarms', 'read', 'values'),
  health: scheduled('health', 'requests'),
  metrics: scheduled('metrics', 'values'),
  targets: scheduled('targets', 'healthy', 'serve'),
  capacity: scheduled('capacity', 'read', 'set'),
  tests: scheduled('tests', 'probe', 'invoke'),
  migrations: scheduled('migrations', 'call', 'start', 'find', 'look', 'stop'),
  frontDoors: scheduled('frontDoors', 'read'),
  bundles: scheduled('bundles', 'seal'),
  templates: scheduled('templates', 'slotMetadata'),
  bus: scheduled('bus', 'publish', 'submitAnew'),
} as const;

const ReadingLedger = scheduled(
  'ledger',
  ...['release', 'releasesInFlight', 'latestReleases', 'environment', 'gate', 'gates', 'waitingGates', 'ticket', 'tickets'],
  ...['migration', 'audit', 'outbox', 'confirm', 'store'],
) as new (
  run: Run,
  target: object,
) => { readonly run: Run; store(change: Change): Promise<{ key: string; delivery: Delivery }[]>; confirm(key: string): Promise<void> };

/** As the real one: the transaction, and then every delivery, each of which may stay behind. */
class RunLedger extends ReadingLedger {
  async commit(change: Change): Promise<void> {
    if (change.put.length + change.audit.length + (change.deliver?.length ?? 0) === 0) return;
    const outbox = await this.store(change);
    await Promise.all(outbox.map((entry) => this.deliverNow(entry)));
  }

  private async deliverNow({ key, delivery }: { readonly key: string; readonly delivery: Delivery }): Promise<void> {
    try {
      await deliver(this.run.ports as unknown as Ports, delivery);
      await this.confirm(key);
    } catch {
      // The sweep's.
    }
  }
}

/** Follows a stack as long as its run may take. */
class RunSlots implements Pick<Slots, 'deploy'> {
  constructor(readonly run: Run) {}

  async deploy(plan: EnvironmentPlan, request: SlotRequest): Promise<SlotDeployment> {
    const { run } = this;
    for (;;) {
      if (!(await request.isOurs())) return { state: 'failed', reason: `${plan.environment} was freed while its slot was deployed`, logs: request.stackName };
      const ended = (await run.call('slots', 'look', run.hub.stacks, [plan, request])) as SlotDeployment | undefined;
      if (ended) return ended;
      if (run.remaining() < MARGIN_MS + LOOKS_MS) return { state: 'deploying' };
      await run.sleep(LOOKS_MS);
    }
  }
}

const ScheduledMachines = scheduled('machines', 'start', 'answer', 'rollBack', 'raise') as new (
  run: Run,
  target: object,
) => Pick<Machines, 'start' | 'answer' | 'rollBack' | 'raise'> & { readonly run: Run };

class RunMachines extends ScheduledMachines {
  executionArn(name: string): string {
    return this.run.hub.executionArn(name);
  }
}

class RunClock implements Clock {
  constructor(readonly run: Run) {}

  now(): string {
    return this.run.hub.timeline.text();
  }
  later(seconds: number): string {
    return isoOf(this.run.hub.timeline.now + seconds * 1_000);
  }
  sleep(milliseconds: number): Promise<void> {
    return this.run.sleep(milliseconds);
  }
}

/** Every port, for one run. Each is made when it is asked for: most runs use three or four. */
export class RunPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly uniqueName: () => string;
  private ledgerOfRun?: RunLedger;

  constructor(readonly run: Run) {
    this.clock = new RunClock(run);
    this.log = run.hub.logOf(run);
    this.uniqueName = run.hub.uniqueName;
  }

  get remainingMilliseconds(): () => number {
    return () => this.run.remaining();
  }
  get ledger(): Ports['ledger'] {
    this.ledgerOfRun ??= new RunLedger(this.run, this.run.hub.ledger);
    return this.ledgerOfRun as unknown as Ports['ledger'];
  }
  get slots(): Ports['slots'] {
    return new RunSlots(this.run) as unknown as Ports['slots'];
  }
  get machines(): Ports['machines'] {
    return new RunMachines(this.run, this.run.hub.machinesOf(this.run)) as unknown as Ports['machines'];
  }
}

for (const port of Object.keys(PORTS) as (keyof typeof PORTS)[]) {
  Object.defineProperty(RunPorts.prototype, port, {
    get(this: RunPorts) {
      return new PORTS[port](this.run, this.run.hub.around[port]);
    },
  });
}
