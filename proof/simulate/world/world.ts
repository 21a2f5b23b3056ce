import { type EnvironmentPlan, MAIN_RULE } from '../../../lambda/contract';
import type { RuleHeld } from '../../../lambda/domain/ports';
import { FakeBundles, FakeTemplates } from '../../../test/lambda/fake-platform';
import { alarmOf, FakeCapacity, targetGroupOf } from '../../../test/lambda/fake-slots';
import { FakeTargets } from '../../../test/lambda/fake-traffic';
import { Chance } from '../chance';
import type { Engine } from '../engine/engine';
import type { FunctionHub } from '../hub/function-hub';
import { type Weather, weatherOf } from '../hub/weather';
import { Timeline } from '../timeline';
import { Attempts } from './attempts';
import { Behaviour } from './behaviour';
import { Brought } from './brought';
import { Cast } from './cast';
import { Incident, sharedAlarmOf } from './incident';
import { Judge } from './judge';
import { LiveRules } from './live-rules';
import { Mishaps } from './mishaps';
import { ObservedLedger } from './observed-ledger';
import { outset } from './outset';
import type { Path } from './path';
import { People } from './people';
import { Records } from './records';
import { ReleaseTrain } from './release-train';
import { Schedules } from './schedules';
import { engineOf, hubOf, sharedStateOf, stacksOf, trafficOf } from './services';
import type { SharedState } from './shared-state';
import { capacityOf, type Stacks } from './stacks';
import type { Traffic } from './traffic';
import { WorldAlarms } from './world-alarms';

export interface Violation {
  readonly rule: string;
  readonly found: string;
  readonly at: string;
}

/** Who did what, for a story. */
export type Tell = (at: string, who: string, what: string) => void;

/** More than any world needs that comes to rest. */
const MOST_ENTRIES = 200_000;
/** How often an operator comes by when nothing moves any more. */
const MOST_TURNS = 6;

/** One simulated world: a path, a few releases on it, people, faults; all of it from one seed. */
export class World {
  readonly timeline = new Timeline();
  readonly violations: Violation[] = [];
  readonly attempts = new Attempts();
  readonly alarms = new WorldAlarms(this.timeline);
  readonly rules: LiveRules;
  readonly targets: FakeTargets;
  readonly capacity = new FakeCapacity();
  readonly bundles = new FakeBundles();
  readonly templates = new FakeTemplates();
  readonly behaviour = new Behaviour(this);
  readonly incident = new Incident(this);
  /** When the clock jumped last: what was under way has taken as long. */
  jumpedAt = 0;
  /** Environments whose live rule somebody has changed by hand. */
  readonly isByHand = new Set<string>();
  readonly chance: Chance;
  readonly path: Path;
  readonly weather: Weather;
  readonly ledger: ObservedLedger;
  readonly brought: Brought;
  readonly migrations: SharedState;
  readonly stacks: Stacks;
  readonly traffic: Traffic;
  readonly hub: FunctionHub;
  readonly engine: Engine;
  readonly people: People;
  readonly records: Records;
  private readonly judge = new Judge(this);
  private readonly cast = new Cast(this);
  private readonly schedules = new Schedules(this);
  private readonly train: ReleaseTrain;

  constructor(
    seed: number,
    paths: readonly Path[],
    private readonly story?: Tell,
  ) {
    this.rules = new LiveRules(ruleNames(seed), (environment, held, isOurs) => this.ruleWritten(environment, held, isOurs));
    this.targets = new FakeTargets(this.rules);
    this.chance = new Chance(seed);
    this.path = this.chance.oneOf(paths);
    this.weather = weatherOf(this.chance);
    this.ledger = new ObservedLedger(
      () => this.schedules.committing(),
      (change) => this.records.committed(change),
    );
    this.brought = new Brought(this.chance, this.path.plans);
    this.migrations = sharedStateOf(this, this.judge);
    this.stacks = stacksOf(this, this.judge);
    this.traffic = trafficOf(this);
    this.hub = hubOf(this, this.weather);
    this.engine = engineOf(this);
    this.people = new People(this.hub, this.timeline, this.chance, (who, what) => this.tell(who, what));
    this.train = new ReleaseTrain(this);
    const { judge, cast, train, schedules } = this;
    this.records = new Records(this, { judge, cast, train, schedules });
    this.countTargets();
  }

  get isStormy(): boolean {
    return this.weather.name === 'stormy';
  }

  /** Whether somebody listens to what happens. */
  get isTold(): boolean {
    return this.story !== undefined;
  }

  /** Lets everything happen until nothing is left to happen, and judges. */
  async run(): Promise<void> {
    outset(this);
    this.train.begin();
    const mishaps = new Mishaps(this);
    if (this.weather.name !== 'calm') mishaps.rough();
    if (this.isStormy) mishaps.stormy();
    try {
      await this.timeline.settle(MOST_ENTRIES);
      for (let turn = 0; turn < MOST_TURNS && this.operate(); turn++) await this.timeline.settle(MOST_ENTRIES);
      await this.judge.atRest();
    } catch (error) {
      this.broken('every world comes to rest', String((error as Error).stack));
    }
  }

  broken(rule: string, found: string): void {
    this.violations.push({ rule, found, at: this.timeline.text() });
  }

  planOf(environment: string): EnvironmentPlan {
    return this.path.plans.find((plan) => plan.environment === environment) as EnvironmentPlan;
  }

  /** Names of a slot's alarms. */
  alarmsOf(stackName: string): readonly string[] {
    return this.train.mayFail ? [alarmOf(stackName), sharedAlarmOf(stackName)] : [alarmOf(stackName)];
  }

  /** @param what made only where somebody listens */
  tell(who: string, what: string | (() => string)): void {
    this.story?.(this.timeline.text(), who, typeof what === 'string' ? what : what());
  }

  private operate(): boolean {
    for (const { slots } of this.path.plans) for (const { stackName } of slots) this.targets.unhealthy.delete(targetGroupOf(stackName));
    return this.cast.operate(this.path.plans);
  }

  /** Where slots have a capacity, as many targets are healthy as run. */
  private countTargets(): void {
    const slots = this.path.plans.flatMap((plan) => (plan.roles.capacity === undefined ? [] : plan.slots));
    if (slots.length === 0) return;
    const services = new Map(slots.map(({ stackName }) => [targetGroupOf(stackName), capacityOf(stackName)]));
    this.targets.count = (arn) => {
      const service = services.get(arn);
      return service ? this.capacity.running(service) : 0;
    };
  }

  private ruleWritten(environment: string, targets: RuleHeld, isOurs: boolean): void {
    const plan = this.planOf(environment);
    this.tell(isOurs ? 'writer' : 'somebody', () => `the live rule of ${environment} is ${JSON.stringify(targets)}`);
    if (isOurs) this.judge.ruleWritten(plan, this.records.environment(environment), targets);
    this.traffic.moved(plan);
  }
}

/** In one world of four environments are reached by two rules, moved as one. */
function ruleNames(seed: number): readonly string[] {
  return seed % 4 === 3 ? [MAIN_RULE, 'Internal'] : [MAIN_RULE];
}
