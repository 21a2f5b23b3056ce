import { type BundleFile, type EnvironmentPlan, MAIN_RULE, type MachineInput, type MigrationRequest, type SlotMetadata } from '../../../lambda/contract';
import { Conflict } from '../../../lambda/domain/errors';
import type { LiveRule, Machines, Ports, Slots, Targets } from '../../../lambda/domain/ports';
import { moveTraffic } from '../../../lambda/handlers/move-traffic';
import { FakeFrontDoors } from '../../../test/lambda/fake-platform';
import type { Engine } from '../engine/engine';
import { type Breaks, bodyOf, broughtBy, placeOf, plansOf, targetGroupOf, versionOf } from '../path';
import { WorldLedger } from './ledger';
import type { Run } from './run';
import { arnOf, keyOf, of, type World } from './world';

const frontDoors = new FakeFrontDoors();
const silent = { info: () => undefined, error: () => undefined };
const never = () => {
  throw new Error('the exploration has no such port');
};

/** The ports of one run over its world. */
export function portsOf(run: Run, engine: Engine): Ports {
  const tell = ({ token, answer }: { readonly token: string; readonly answer: Parameters<Machines['answer']>[1] }) =>
    run.effect('answer a token', () => engine.answer(run, token, answer));
  const ports: Ports = {
    ledger: new WorldLedger(run, tell),
    plans: { environments: async () => [...plansOf(run.get(keyOf.order), run.get(keyOf.waves))] },
    liveRule: liveRuleOf(run),
    slots: slotsOf(run),
    targets: targetsOf(run),
    alarms: {
      read: async ({ environment }, asked) => {
        const firing = new Set(run.get<readonly string[] | undefined>(keyOf.alarms(environment))?.map((colour) => alarmOf(environment, colour)));
        return { firing: asked.filter((name) => firing.has(name)).map((alarm) => ({ alarm, reason: 'too many errors' })), missing: [] };
      },
      values: never,
    },
    health: { requests: async () => (run.choice.verdict === 'inconclusive' ? 0 : 1000) },
    metrics: { values: never },
    tests: { probe: async () => ({ status: run.choice.verdict === 'failed' ? 500 : 200, milliseconds: 1, body: '' }), invoke: never },
    frontDoors,
    bundles: { seal: async (_plan, { key }) => `etag-of-${key}` },
    templates: { slotMetadata: async (_plan, template) => metadataOf(run, template) },
    machines: {
      start: async (name, input: MachineInput) => {
        await run.effect('start the path machine', () => engine.start(run, name, 'Payments-path', input));
        return arnOf(name, 'Payments-path');
      },
      executionArn: (name) => arnOf(name, 'Payments-path'),
      answer: async (token, answer) => {
        await tell({ token, answer });
        return true;
      },
      rollBack: (request) => moveTraffic(ports)(request) as ReturnType<Machines['rollBack']>,
      ended: never,
      contract: never,
      contractArn: never,
      raise: never,
      retire: never,
      retireArn: never,
    },
    bus: { publish: async () => undefined, submitAnew: async () => undefined },
    capacity: { read: never, set: never },
    migrations: { call: (plan, _runner, request) => migrated(run, plan, request), start: never, find: never, look: never, stop: never },
    repairs: new Proxy({} as Ports['repairs'], { get: () => never }),
    clock: { now: () => run.now(), later: (seconds) => run.later(seconds), sleep: async (milliseconds) => run.sleep(milliseconds) },
    log: silent,
    uniqueName: () => run.uniqueName(),
    remainingMilliseconds: () => 900_000,
  };
  return ports;
}

export const alarmOf = (environment: string, colour: string) => `${environment}-${colour}-errors`;

const breaksIn = (run: Run) => run.get<Breaks | undefined>(keyOf.breaks);

function metadataOf(run: Run, template: BundleFile): SlotMetadata | undefined {
  const migrations = broughtBy(versionOf(template), breaksIn(run)).map(({ runner: _by, undo: _back, ...declared }) => declared);
  return migrations.length === 0 ? undefined : { contract: 1, path: 'Payments', environment: '', colour: '', version: '', migrations };
}

/** What a migration, or what takes it back, does to the shared state: at its first effect half of it, and where it fails no more. */
async function migrated(run: Run, { environment }: EnvironmentPlan, { undo }: MigrationRequest): ReturnType<Ports['migrations']['call']> {
  const become = (what: 'half' | 'new' | undefined) => {
    run.set(keyOf.data(environment), what);
    run.migrated(environment);
  };
  await run.effect('begin to change the shared state', () => become('half'));
  if (run.choice.migration === 'failed') return { error: 'it broke' };
  await run.effect('change the shared state', () => become(undo ? undefined : 'new'));
  return { answer: { done: true } };
}

function liveRuleOf(run: Run): LiveRule {
  const write = (environment: string, value: unknown) =>
    run.effect('write the live rule', () => {
      const before: World = new Map(run.world);
      run.set(keyOf.rule(environment), value);
      run.written(environment, before);
    });
  return {
    read: async ({ environment }) => run.get(keyOf.rule(environment)) ?? { kind: 'other' },
    rules: async () => [MAIN_RULE],
    write: ({ environment }, _rule, weights) => write(environment, { kind: 'slots', weights: Object.fromEntries(Object.entries(weights).sort()) }),
    writeOriginal: ({ environment }) => write(environment, undefined),
    writeOutage: ({ environment }) => write(environment, undefined),
    accepted: never,
    tagAccepted: () => run.effect('tag the live rule', () => undefined),
  };
}

function slotsOf(run: Run): Slots {
  const isThere = ({ slots }: EnvironmentPlan, stackName: string) => slots.find((slot) => slot.stackName === stackName);
  return {
    deploy: async (plan, { stackName, version, isOurs }) => {
      const slot = isThere(plan, stackName);
      if (!slot) throw new Error(`there is no stack ${stackName}`);
      if (!(await isOurs())) throw new Conflict(`the slot of ${stackName} is another release's by now`);
      if (run.choice.deployment === 'failed') return { state: 'failed', reason: 'it does not start', logs: stackName };
      await run.effect(`deploy to ${stackName}`, () => {
        run.set(keyOf.slot(stackName), { version, digest: of.release(run.world, version)?.digest ?? bodyOf(version).digest });
        run.deployed(stackName);
      });
      const migrations = broughtBy(version, breaksIn(run));
      const alarms = [alarmOf(plan.environment, slot.colour)];
      return { state: 'deployed', targetGroupArn: targetGroupOf(stackName), alarms, ...(migrations.length > 0 && { migrations }) };
    },
    remove: never,
    look: never,
  };
}

function targetsOf(run: Run): Targets {
  return {
    healthy: async ({ environment }, arn) =>
      (run.get<readonly string[] | undefined>(keyOf.unhealthy(environment)) ?? []).includes(placeOf(arn).colour) ? 0 : 1,
    serve: async ({ environment }, arn) => {
      const rule = run.get<{ kind: string; weights?: Readonly<Record<string, number>> } | undefined>(keyOf.rule(environment));
      return (rule?.weights?.[arn] ?? 0) > 0;
    },
  };
}
