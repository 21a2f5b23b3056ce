import type { EnvironmentPlan } from '../../../lambda/contract';
import type { Change, EnvironmentState, Gate, Release } from '../../../lambda/domain/model';
import type { RuleTargets } from '../../../lambda/domain/ports';
import { exampleSlot, liveEnvironment } from '../../../test/lambda/example-path';
import { FakeBundles, FakeFrontDoors, FakeTemplates } from '../../../test/lambda/fake-platform';
import { FakeCapacity, FakeMigrations, FakeTests, targetGroupOf } from '../../../test/lambda/fake-slots';
import { FakeAlarms, FakeMetrics, FakeTargets } from '../../../test/lambda/fake-traffic';
import { Chance } from '../chance';
import { Engine } from '../engine/engine';
import { Faults, type Weather } from '../hub/faults';
import { FunctionHub } from '../hub/function-hub';
import { functionOf } from '../hub/functions';
import { Timeline } from '../timeline';
import { Attempts } from './attempts';
import { Cast } from './cast';
import { Judge } from './judge';
import { LiveRules } from './live-rules';
import { Mishaps } from './mishaps';
import { ObservedLedger } from './observed-ledger';
import type { Path } from './path';
import { People } from './people';
import { ReleaseTrain } from './release-train';
import { capacityOf, Stacks } from './stacks';
import { Traffic } from './traffic';

export interface Violation {
  readonly rule: string;
  readonly found: string;
  readonly at: string;
}

/** Who did what, for a story. */
export type Tell = (at: string, who: string, what: string) => void;

const MINUTE_MS = 60_000;
/** More than any world needs that comes to rest. */
const MOST_ENTRIES = 200_000;

/** One simulated world: a path, a few releases on it, people, faults; all of it from one seed. */
export class World {
  readonly chance: Chance;
  readonly timeline = new Timeline();
  readonly path: Path;
  readonly violations: Violation[] = [];
  readonly attempts = new Attempts();
  readonly alarms = new FakeAlarms();
  readonly rules = new LiveRules((environment, targets, isOurs) => this.ruleWritten(environment, targets, isOurs));
  readonly targets = new FakeTargets(this.rules);
  readonly capacity = new FakeCapacity();
  readonly migrations = new FakeMigrations();
  readonly bundles = new FakeBundles();
  readonly templates = new FakeTemplates();
  readonly ledger: ObservedLedger;
  readonly engine: Engine;
  readonly hub: FunctionHub;
  readonly stacks: Stacks;
  readonly traffic: Traffic;
  readonly people: People;
  readonly weather: Weather;
  /** Environments whose live rule somebody has changed by hand. */
  readonly isByHand = new Set<string>();
  private readonly judge = new Judge(this);
  private readonly cast = new Cast(this);
  private readonly train: ReleaseTrain;
  private readonly environments = new Map<string, EnvironmentState>();
  private readonly gates = new Map<string, Gate>();
  private sweeps = false;

  constructor(
    seed: number,
    paths: readonly Path[],
    private readonly story?: Tell,
  ) {
    const { timeline, rules, alarms } = this;
    const chance = new Chance(seed);
    this.chance = chance;
    this.path = chance.oneOf(paths);
    this.weather = weatherOf(chance);
    const tests = this.tests();
    const frontDoors = new FakeFrontDoors();
    frontDoors.original = this.path.original;
    this.ledger = new ObservedLedger(
      (change) => this.committing(change),
      (change) => this.committed(change),
    );
    this.stacks = this.makeStacks();
    this.traffic = new Traffic({
      timeline,
      chance,
      alarms,
      rule: (environment) => rules.of(environment),
      holds: (stackName) => this.stacks.holds.get(stackName),
      plotOf: (version) => this.attempts.plotOf(version),
      notify: (plan, alarm) => this.notify(alarm, plan),
    });
    this.engine = this.makeEngine();
    this.hub = new FunctionHub({
      timeline,
      chance,
      faults: new Faults(chance, this.weather),
      ledger: this.ledger,
      around: {
        ...{ plans: { environments: async () => [...this.path.plans] }, liveRule: rules, alarms, targets: this.targets, tests, frontDoors },
        ...{
          health: { requests: async (plan, arn) => this.requests(plan, arn) },
          metrics: new FakeMetrics(),
          capacity: this.capacity,
          migrations: this.migrations,
        },
        ...{ bundles: this.bundles, templates: this.templates, bus: { publish: async () => undefined } },
      },
      stacks: this.stacks,
      engine: () => this.engine,
      pathMachine: 'Payments-path',
      onSurprise: (name, error) =>
        this.violations.push({ rule: 'handlers fail by errors of the domain only', found: `${name}: ${(error as Error).stack}`, at: timeline.text() }),
      onLine: story && ((run, message, fields) => this.tell(run.name, fields ? `${message} ${JSON.stringify(fields)}` : message)),
    });
    this.people = new People(this.hub, timeline, chance, (who, what) => this.tell(who, what));
    this.train = new ReleaseTrain(this);
    const scalable = (arn: string) => this.path.plans.flatMap(({ slots }) => slots).find(({ stackName }) => targetGroupOf(stackName) === arn)?.stackName ?? '';
    if (this.path.plans.some(({ roles }) => roles.capacity)) this.targets.count = (arn) => this.capacity.running(capacityOf(scalable(arn)));
  }

  get isStormy(): boolean {
    return this.weather.name === 'stormy';
  }

  /** Lets everything happen until nothing is left to happen, and judges. */
  async run(): Promise<void> {
    this.begin();
    const mishaps = new Mishaps(this);
    if (this.weather.name !== 'calm') mishaps.rough();
    if (this.isStormy) mishaps.stormy();
    try {
      await this.timeline.settle(MOST_ENTRIES);
      for (let turn = 0; turn < 6 && this.operate(); turn++) await this.timeline.settle(MOST_ENTRIES);
      await this.judge.atRest();
    } catch (error) {
      this.violations.push({ rule: 'every world comes to rest', found: String((error as Error).stack), at: this.timeline.text() });
    }
  }

  environment(name: string): EnvironmentState {
    return this.environments.get(name) ?? { kind: 'environment', revision: 0, environment: name, slots: {}, weights: {} };
  }

  /** Whether what is deployed there has healthy targets at all. */
  hasTargets({ environment }: EnvironmentPlan, stackName: string): boolean {
    const plot = this.attempts.plotOf(this.stacks.holds.get(stackName) ?? '');
    return plot?.kind !== 'has no healthy target' || plot.environment !== environment;
  }

  /** @param what made only where somebody listens */
  tell(who: string, what: string | (() => string)): void {
    this.story?.(this.timeline.text(), who, typeof what === 'string' ? what : what());
  }

  /** CloudWatch notifies the topic of an alarm. */
  notify(alarm: string, { account, region }: Pick<EnvironmentPlan, 'account' | 'region'> = { account: '222222222222', region: 'eu-west-2' }): void {
    const fields = { AlarmName: alarm, NewStateValue: 'ALARM', NewStateReason: 'too many errors', AWSAccountId: account };
    const Message = JSON.stringify({ ...fields, AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm}` });
    this.tell('CloudWatch', `${alarm} is in ALARM`);
    this.hub.send('alarm-raised', { Records: [{ Sns: { Message, TopicArn: 'arn:aws:sns:eu-west-2:222222222222:alarms' } }] }, this.chance.between(200, 5_000));
  }

  /** What users get before the first release of the story. */
  private begin(): void {
    const isFresh = this.path.original !== '503' || this.chance.happens(0.3);
    for (const plan of this.path.plans) {
      const { environment, slots } = plan;
      if (this.path.original !== '503') this.rules.held.set(environment, { kind: 'slots', weights: { [this.path.original]: 100 } });
      const stackName = slots[0]?.stackName;
      if (isFresh || stackName === undefined) continue;
      const capacity = plan.roles.capacity === undefined ? undefined : capacityOf(stackName);
      if (capacity) this.capacity.has(capacity, capacity.least);
      const state = liveEnvironment('1.0.0', environment, { slots: { blue: { ...exampleSlot('1.0.0', stackName), ...(capacity && { capacity }) } } });
      this.ledger.seed(state);
      this.environments.set(environment, state);
      this.stacks.holds.set(stackName, '1.0.0');
      this.rules.held.set(environment, { kind: 'slots', weights: { [targetGroupOf(stackName)]: 100 } });
    }
    this.train.begin();
  }

  private operate(): boolean {
    for (const plan of this.path.plans) for (const { stackName } of plan.slots) this.targets.unhealthy.delete(targetGroupOf(stackName));
    return this.cast.operate(this.path.plans);
  }

  private committing(_change: Change): void {
    if (this.sweeps) return;
    this.sweeps = true;
    this.sweepSoon();
  }

  /** The schedule of the sweep, as far as there is anything to sweep. */
  private sweepSoon(): void {
    this.timeline.after(MINUTE_MS, async () => {
      this.timeline.running = true;
      const left = (await this.ledger.outbox()).length;
      this.sweeps = left > 0;
      if (left === 0) return;
      this.hub.send('sweep', {}, 0, false);
      this.sweepSoon();
    });
  }

  private committed(change: Change): void {
    for (const item of change.put) {
      if (item.kind === 'environment') this.environmentChanged(item);
      if (item.kind === 'gate') this.gateChanged(item);
    }
    for (const event of change.audit) {
      const release = change.put.find((item): item is Release => item.kind === 'release' && item.version === event.release);
      const users = this.path.plans.at(-1)?.environment ?? '';
      this.tell('ledger', () => `${event.what} ${event.release} ${event.environment ?? ''} ${JSON.stringify(event.detail)}`);
      this.attempts.happened(event, release?.reached[users] === 'live');
      this.cast.happened(event);
      this.train.happened(event);
    }
  }

  private environmentChanged(after: EnvironmentState): void {
    const before = this.environment(after.environment);
    this.environments.set(after.environment, after);
    this.judge.environmentChanged(before, after);
    const plan = this.planOf(after.environment);
    if (plan.warmForSeconds === undefined) return;
    const isIdle = Object.values(after.slots).some(({ idleSince, loweredFrom }) => idleSince !== undefined && loweredFrom === undefined);
    if (isIdle && before.lock && !after.lock) this.hub.send('keep-capacity', {}, (plan.warmForSeconds + 30) * 1_000, false);
    if (after.rollBackRequested && !before.rollBackRequested) this.hub.send('keep-capacity', {}, 960_000, false);
  }

  private gateChanged(after: Gate): void {
    const key = JSON.stringify([after.release, after.environment, after.gate]);
    const before = this.gates.get(key);
    this.gates.set(key, after);
    this.judge.gateChanged(before, after);
    this.cast.gateChanged(before, after);
  }

  private ruleWritten(environment: string, targets: RuleTargets, isOurs: boolean): void {
    const plan = this.planOf(environment);
    this.tell(isOurs ? 'writer' : 'somebody', () => `the live rule of ${environment} is ${JSON.stringify(targets)}`);
    if (isOurs) this.judge.ruleWritten(plan, this.environment(environment), targets);
    this.traffic.moved(plan);
  }

  private planOf(environment: string): EnvironmentPlan {
    return this.path.plans.find((plan) => plan.environment === environment) as EnvironmentPlan;
  }

  private makeStacks(): Stacks {
    const is = (version: string, environment: string, kind: string) => {
      const plot = this.attempts.plotOf(version);
      return plot?.kind === kind && plot.environment === environment;
    };
    return new Stacks({
      timeline: this.timeline,
      chance: this.chance,
      plotOf: (version) => this.attempts.plotOf(version),
      migrationsOf: (version) => this.train.migrationsOf(version),
      onOverwritten: (plan, stackName, version) => {
        this.judge.overwritten(plan, stackName, version);
        const arn = targetGroupOf(stackName);
        if (is(version, plan.environment, 'has no healthy target')) this.targets.unhealthy.add(arn);
        else this.targets.unhealthy.delete(arn);
      },
      onDeployed: (_plan, _stackName, target) => target && this.capacity.has(target, target.least),
    });
  }

  private makeEngine(): Engine {
    const environmentOf = (arn: string) => `Payments-${/Environments(\w+?)Workflow/.exec(arn)?.[1]}`;
    return new Engine(this.path.definitions, this.timeline, this.chance, {
      invoke: (arn, payload, ended, timeoutSeconds) => this.hub.invoke(functionOf(arn), payload, ended, timeoutSeconds),
      machineOf: environmentOf,
      busy: () => (this.hub.faults.ofStart()?.kind === 'not started' ? 'StepFunctions.ExecutionLimitExceeded' : undefined),
      onState: this.story && ((execution, state) => this.tell(execution.name, state)),
      onEnd: ({ arn, status, input, name }, ended) => {
        this.tell(name, () => `ends: ${status} ${JSON.stringify(ended)}`);
        const { error, cause } = { error: undefined, cause: undefined, ...ended };
        const detail = { executionArn: arn, status, input: JSON.stringify(input), error, cause };
        if (status !== 'SUCCEEDED') this.hub.send('reconcile', { detail }, this.chance.between(200, 20_000));
      },
    });
  }

  private tests(): FakeTests {
    const tests = new FakeTests();
    const plotAt = (plan: EnvironmentPlan, colour: string) => {
      const stackName = plan.slots.find((slot) => slot.colour === colour)?.stackName ?? '';
      const plot = this.attempts.plotOf(this.stacks.holds.get(stackName) ?? '');
      return { stackName, kind: plot?.environment === plan.environment ? plot.kind : undefined };
    };
    tests.probe = async (plan, { colour, path }) => {
      const { stackName, kind } = plotAt(plan, colour);
      if (kind === 'raises an alarm while it is tested') this.traffic.fire(plan, stackName);
      const isBad = kind === 'fails a test' ? path === '/health' : kind === 'fails a health gate' && path === '/ready';
      return { status: isBad ? 500 : 200, milliseconds: 12, body: '' };
    };
    return tests;
  }

  private requests(plan: EnvironmentPlan, arn: string): number {
    const stackName = plan.slots.find((slot) => targetGroupOf(slot.stackName) === arn)?.stackName ?? '';
    const plot = this.attempts.plotOf(this.stacks.holds.get(stackName) ?? '');
    return plot?.kind === 'gets too few requests' && plot.environment === plan.environment ? 3 : 1_000;
  }
}

function weatherOf(chance: Chance): Weather {
  const name = chance.weighted<Weather['name']>([
    [25, 'calm'],
    [45, 'rough'],
    [30, 'stormy'],
  ]);
  const pauses = chance.oneOf([0.1, 0.3, 1]);
  if (name === 'calm') return { name, harmless: 0, deadly: 0, rate: 0, pauses };
  const rate = chance.oneOf([0.005, 0.02, 0.05]);
  return { name, harmless: chance.between(1, 5), deadly: name === 'stormy' ? chance.between(0, 4) : 0, rate, pauses };
}
