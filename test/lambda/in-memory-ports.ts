import type { EnvironmentPlan } from '../../lambda/contract';
import type { Ports } from '../../lambda/domain/ports';
import { FakeBus, FakeClock, FakeLog, FakeMachines } from './fake-engine';
import { FakeBundles, FakeFrontDoors, FakePlans, FakeTemplates } from './fake-platform';
import { FakeRepairs } from './fake-repairs';
import { FakeCapacity, FakeMigrations, FakeSlots, FakeTests } from './fake-slots';
import { FakeAlarms, FakeHealth, FakeLiveRule, FakeMetrics, FakeTargets } from './fake-traffic';
import { InMemoryLedger } from './in-memory-ledger';

/** Every port of the domain in memory: deterministic, and each can be told what to answer next. */
export interface InMemoryPorts extends Ports {
  readonly ledger: InMemoryLedger;
  readonly plans: FakePlans;
  readonly liveRule: FakeLiveRule;
  readonly slots: FakeSlots;
  readonly alarms: FakeAlarms;
  readonly health: FakeHealth;
  readonly metrics: FakeMetrics;
  readonly targets: FakeTargets;
  readonly capacity: FakeCapacity;
  readonly tests: FakeTests;
  readonly migrations: FakeMigrations;
  readonly frontDoors: FakeFrontDoors;
  readonly bundles: FakeBundles;
  readonly templates: FakeTemplates;
  readonly machines: FakeMachines;
  readonly repairs: FakeRepairs;
  readonly bus: FakeBus;
  readonly clock: FakeClock;
  readonly log: FakeLog;
}

/** A world in which nothing has happened yet. */
export function inMemoryPorts(plans: readonly EnvironmentPlan[] = []): InMemoryPorts {
  const machines = new FakeMachines();
  const bus = new FakeBus();
  const liveRule = new FakeLiveRule();
  let names = 0;
  const ports: InMemoryPorts = {
    ledger: new InMemoryLedger({ machines, bus }),
    plans: new FakePlans(plans),
    liveRule,
    slots: new FakeSlots(),
    alarms: new FakeAlarms(),
    health: new FakeHealth(),
    metrics: new FakeMetrics(),
    targets: new FakeTargets(liveRule),
    capacity: new FakeCapacity(),
    tests: new FakeTests(),
    migrations: new FakeMigrations(),
    frontDoors: new FakeFrontDoors(),
    bundles: new FakeBundles(),
    templates: new FakeTemplates(),
    machines,
    repairs: new FakeRepairs(() => ports),
    bus,
    clock: new FakeClock(),
    log: new FakeLog(),
    uniqueName: () => {
      names += 1;
      return `name-${names}`;
    },
    remainingMilliseconds: () => 900_000,
  };
  return ports;
}
