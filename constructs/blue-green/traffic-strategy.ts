import { Duration } from 'aws-cdk-lib';
import type { GatePlan, TestPlan, TrafficStep } from '../../lambda/contract';
import { EnvironmentTest } from '../environments/environment-test';
import { HealthGate } from '../health/health-gate';
import { listOf, object, optional, requireKind } from '../kinds/kind';
import { DURATION, made, NUMBER } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { firstRepeated, requireLiteral, requireSeconds, requireSome, requireWhole } from '../private/validate';
import { GoNoGo } from '../release/go-no-go';

export interface AllAtOnceOptions {
  /**
   * How long the new version is watched, with all of the live traffic, before it is accepted. At most 364 days.
   *
   * @default Duration.minutes(5)
   */
  readonly bakeTime?: Duration;
}

export interface CanaryOptions {
  /** Whole percentages of live traffic, 1-99, rising; the step to 100 is added. */
  readonly steps: number[];
  /** How long each step, the last one too, is watched before the next. At most 364 days. */
  readonly bakeTime: Duration;
}

export interface LinearOptions {
  /** What each step adds: a whole percentage of live traffic, 1-99. The last step may be smaller. */
  readonly percent: number;
  /** How long each step, the last one too, is watched before the next. At most 364 days. */
  readonly every: Duration;
}

/** One change of weights. */
export interface TrafficStepOptions {
  /** Share of live traffic the new version has after this step: a whole percentage, 1-100. */
  readonly percent: number;
  /** How long the step is watched before the next. At most 364 days. */
  readonly bakeTime: Duration;
  /**
   * Read after the step's bake beside the environment's own, for what can only be told at this share of the traffic. Not alarms: those watch every step, as
   * one of the environment's `healthGates`.
   *
   * @default - none
   */
  readonly healthGates?: HealthGate[];
  /**
   * Run beside the bake, against the slot's own address while it takes traffic: tests of the environment once more, or others. One that does not pass takes the
   * release back within seconds. None may take longer than the bake.
   *
   * @default - none
   */
  readonly tests?: EnvironmentTest[];
  /**
   * Who is asked, once the step has baked and is healthy, whether the release goes on: to the next step, or, after the last, to be accepted. Its alarms stay
   * watched; one that goes off meanwhile takes the release back within seconds. A refusal, and silence, takes it back too.
   *
   * @default - nobody: it goes on by itself
   */
  readonly pauseFor?: GoNoGo;
}

const ALL_AT_ONCE = object<AllAtOnceOptions>({ bakeTime: optional(DURATION) });
const CANARY = object<CanaryOptions>({ steps: listOf(NUMBER), bakeTime: DURATION });
const LINEAR = object<LinearOptions>({ percent: NUMBER, every: DURATION });
const STEPS = listOf(
  object<TrafficStepOptions>({
    percent: NUMBER,
    bakeTime: DURATION,
    healthGates: optional(listOf(made(HealthGate, "HealthGate.http('/health')"))),
    tests: optional(listOf(made(EnvironmentTest, "EnvironmentTest.http('/health')"))),
    pauseFor: optional(made(GoNoGo, 'GoNoGo.by(changeAuthority)')),
  }),
);

/**
 * How live traffic moves to a new version. Every strategy starts at 0, only rises, and ends at 100.
 *
 * The first release in an environment has nothing to share traffic with, unless its entrance adopted what serves there: it goes from 0 to 100 in one
 * step whatever the strategy.
 *
 * @example
 * TrafficStrategy.canary({ steps: [10, 50], bakeTime: Duration.minutes(10) });
 */
export class TrafficStrategy {
  /** One step to 100 percent. */
  static allAtOnce(options: AllAtOnceOptions = {}): TrafficStrategy {
    const where = 'TrafficStrategy.allAtOnce';
    requireKind(where, 'options', options, ALL_AT_ONCE);
    return new TrafficStrategy(where, [{ percent: 100, bakeTime: options.bakeTime ?? Duration.minutes(5) }]);
  }

  /** A few users first, then the rest: the given steps, then 100 percent. */
  static canary(options: CanaryOptions): TrafficStrategy {
    const where = 'TrafficStrategy.canary';
    requireKind(where, 'options', options, CANARY);
    requireSome(
      { code: 'TrafficSteps', where, what: 'the list of steps' },
      options.steps,
      'name at least one, for example [10], or use TrafficStrategy.allAtOnce()',
    );
    for (const percent of options.steps) {
      requirePercent(where, 'a step (the one to 100 is added)', percent, 99);
    }
    return new TrafficStrategy(
      where,
      [...options.steps, 100].map((percent) => ({ percent, bakeTime: options.bakeTime })),
    );
  }

  /** The same share more with each step. */
  static linear(options: LinearOptions): TrafficStrategy {
    const where = 'TrafficStrategy.linear';
    requireKind(where, 'options', options, LINEAR);
    requirePercent(where, 'the percentage of each step', options.percent, 99);
    const count = Math.ceil(100 / options.percent);
    return new TrafficStrategy(
      where,
      Array.from({ length: count }, (_, index) => ({ percent: Math.min(100, (index + 1) * options.percent), bakeTime: options.every })),
    );
  }

  /** Steps of your own, each with a bake time of its own, and, where you want them, health gates and a pause for a person. */
  static steps(steps: TrafficStepOptions[]): TrafficStrategy {
    const where = 'TrafficStrategy.steps';
    requireKind(where, 'steps', steps, STEPS);
    return new TrafficStrategy(where, steps);
  }

  /**
   * Health gates of its own steps, with the step.
   *
   * @internal
   */
  readonly _gates: readonly { readonly step: TrafficStep; readonly gate: HealthGate }[];
  /**
   * Tests of its own steps.
   *
   * @internal
   */
  readonly _tests: readonly EnvironmentTest[];
  private readonly plan: readonly TrafficStep[];

  private constructor(where: string, steps: readonly TrafficStepOptions[]) {
    this.plan = steps.map((step) => planOf(where, step));
    this._gates = steps.flatMap(({ healthGates = [] }, index) => healthGates.map((gate) => ({ step: this.plan[index] as TrafficStep, gate })));
    this._tests = steps.flatMap(({ tests = [] }) => tests);
    requireRising(where, this.plan);
    requireEnd(where, this.plan);
  }

  /** @internal */
  _bind(): TrafficStep[] {
    return [...this.plan];
  }
}

function planOf(where: string, { percent, bakeTime, healthGates, tests, pauseFor }: TrafficStepOptions): TrafficStep {
  requirePercent(where, 'the percentage of a step', percent, 100);
  const bakeSeconds = requireSeconds({ code: 'BakeTime', where, what: `the bake time at ${percent} percent` }, bakeTime, 0);
  const gates = healthGates?.map((gate) => gateOfStep(where, percent, bakeSeconds, gate));
  const pause = pauseFor?._bind();
  if (pauseFor !== undefined && pause === undefined) {
    const fix = 'leave pauseFor out where nobody is to be asked, or name who is: GoNoGo.by(party)';
    throw new PathToLiveError('PauseForNobody', where, `pauseFor at ${percent} percent is GoNoGo.none; ${fix}`);
  }
  const again = testsOfStep(where, percent, bakeSeconds, tests ?? []);
  return {
    percent,
    bakeSeconds,
    ...(gates !== undefined && gates.length > 0 && { gates }),
    ...(again.length > 0 && { tests: again }),
    ...(pause && { pause }),
  };
}

function testsOfStep(where: string, percent: number, bakeSeconds: number, tests: readonly EnvironmentTest[]): TestPlan[] {
  const repeated = firstRepeated(tests.map((test) => test._name));
  if (repeated !== undefined) {
    throw new PathToLiveError(
      'TestName',
      where,
      `two tests at ${percent} percent are named ${JSON.stringify(repeated)}; give one of them another name: { name: '…' }`,
    );
  }
  const plans = tests.map((test) => test._bind());
  const long = plans.find(({ timeoutSeconds }) => timeoutSeconds > bakeSeconds);
  if (long === undefined) return plans;
  throw new PathToLiveError(
    'BakeTime',
    where,
    `the bake time at ${percent} percent is ${bakeSeconds} s, and the test ${JSON.stringify(long.name)} beside it may take ${long.timeoutSeconds} s; bake at least as long, or give it less time`,
  );
}

function gateOfStep(where: string, percent: number, bakeSeconds: number, gate: HealthGate): GatePlan {
  const plan = gate._bind();
  if (plan === undefined || plan.kind === 'alarms') {
    const what = plan === undefined ? 'HealthGate.none' : 'HealthGate.alarms';
    const fix = plan === undefined ? 'leave it out there' : 'name them in the healthGates of the environment: they watch every step';
    throw new PathToLiveError('GateOfStep', where, `a health gate at ${percent} percent is ${what}; ${fix}`);
  }
  if (bakeSeconds === 0) {
    throw new PathToLiveError('BakeTime', where, `the bake time at ${percent} percent is 0, so its health gates would never be read; give it a bake time`);
  }
  return plan;
}

function requirePercent(where: string, what: string, percent: number, most: number): void {
  requireLiteral({ code: 'TrafficPercent', where, what }, percent);
  requireWhole({ code: 'TrafficPercent', where, what }, percent, 1, most);
}

function requireRising(where: string, plan: readonly TrafficStep[]): void {
  plan.forEach((step, index) => {
    const before = plan[index - 1];
    if (before !== undefined && step.percent <= before.percent) {
      throw new PathToLiveError(
        'TrafficSteps',
        where,
        `the steps ${JSON.stringify(plan.map(({ percent }) => percent))} do not rise: ${step.percent} comes after ${before.percent}; each step must be larger than the one before`,
      );
    }
  });
}

function requireEnd(where: string, plan: readonly TrafficStep[]): void {
  if (plan.at(-1)?.percent !== 100) {
    throw new PathToLiveError(
      'TrafficSteps',
      where,
      `the steps ${JSON.stringify(plan.map(({ percent }) => percent))} do not end at 100; add { percent: 100, bakeTime } as the last one`,
    );
  }
}
