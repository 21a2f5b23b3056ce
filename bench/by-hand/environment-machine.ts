import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { contractStates } from './contract-states';
import { BAKE_SECONDS, type Place } from './environments';
import type { Functions } from './functions';
import { answered, ask, call, caught, EXECUTION, makeMachine, RELEASE, TOKEN } from './states';

const DAY = 86_400;

/** What a release goes through in one environment. */
export class EnvironmentMachine extends Construct {
  readonly machine: sfn.StateMachine;
  readonly seconds: number;
  private readonly input: Record<string, unknown>;
  private readonly slot: Record<string, unknown>;

  constructor(
    scope: Construct,
    private readonly service: string,
    private readonly place: Place,
    private readonly functions: Functions,
  ) {
    super(scope, place.name);
    const { name } = place;
    this.input = { environment: name, release: RELEASE, execution: EXECUTION };
    this.slot = { ...this.input, colour: '{% $colour %}' };
    this.seconds = 7_200 + Math.max(...place.tests.map(({ seconds }) => seconds)) + (place.goNoGoDays ?? 0) * DAY + place.steps.length * BAKE_SECONDS + 21_600;

    const safetyNet = sfn.Fail.jsonata(this, 'SafetyNet', {
      stateName: `Leave ${name} to the safety net`,
      error: 'SafetyNet',
      cause: "{% $states.input.Error & ': ' & ($exists($states.input.Cause) ? $substring($string($states.input.Cause), 0, 1000) : 'no cause given') %}",
    });
    const stop = this.ending('Stop', `Stop the release in ${name}`, 'stop', `The release is stopped in ${name}`, safetyNet);
    const rollBack = this.ending('RollBack', `Roll back ${name}`, 'move-traffic', `${name} is rolled back`, safetyNet);
    this.machine = this.make(this.story(stop, rollBack, contractStates(this, place, functions, safetyNet)));
  }

  private make(definition: sfn.IChainable): sfn.StateMachine {
    const { enter, deploy, migrate, accept, stop } = this.functions;
    const others = (['run-test', 'open-gate', 'move-traffic', 'start-bake', 'read-gates'] as const).map((name) => this.functions[name]);
    const { name } = this.place;
    return makeMachine(this, `${this.service}-${name}`, `What a release goes through in ${name}`, definition, this.seconds, [
      enter,
      deploy,
      migrate,
      ...others,
      accept,
      stop,
    ]);
  }

  private ending(id: string, stateName: string, calls: keyof Functions, after: string, safetyNet: sfn.IChainable) {
    return call(this, id, stateName, { calls: this.functions[calls], payload: { ...this.input, failure: '{% $failure %}' }, seconds: 90 })
      .addRetry({ errors: [sfn.Errors.ALL], interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 3 })
      .addCatch(safetyNet)
      .next(sfn.Succeed.jsonata(this, `${id}Done`, { stateName: after }));
  }

  private story(stop: sfn.IChainable, rollBack: sfn.IChainable, contract: sfn.IChainable): sfn.IChainable {
    const { name, goNoGoDays, steps } = this.place;
    const { enter, deploy } = this.functions;
    const entering = call(this, 'Enter', `Enter ${name}`, {
      calls: enter,
      payload: this.input,
      seconds: 90,
      assign: { colour: "{% $exists($states.result.Payload.colour) ? $states.result.Payload.colour : 'none' %}", looks: 0, runs: 0 },
    });
    const [way, free] = [`the way into ${name}`, 'free, not frozen, and every file of the release still there'];
    const entered = sfn.Choice.jsonata(this, 'Entered', { stateName: `May the release enter ${name}?` })
      .when(sfn.Condition.jsonata("{% $states.input.outcome = 'contract' %}"), contract)
      .when(sfn.Condition.jsonata("{% $not($states.input.outcome = 'entered') %}"), stop, { assign: answered(entering.stateId, way, free) });
    entering.addCatch(stop, { assign: caught(entering.stateId, way, free) }).next(entered);
    const deploying = call(this, 'Deploy', `Deploy to the shadow slot of ${name}`, {
      calls: deploy,
      payload: this.slot,
      seconds: 930,
      assign: { looks: '{% $looks + 1 %}' },
    });
    entered.otherwise(deploying);
    const { migrating, migrated } = this.migrate(stop);
    const [subject, expected] = [`the stack of the shadow slot of ${name}`, 'deployed within 8 quarters of an hour'];
    const deployed = sfn.Choice.jsonata(this, 'Deployed', { stateName: `Is the shadow slot of ${name} deployed?` })
      .when(sfn.Condition.jsonata("{% $states.input.outcome = 'deploying' and $looks < 8 %}"), deploying)
      .when(sfn.Condition.jsonata("{% $states.input.outcome = 'deployed' and $states.input.migrates = true %}"), migrating)
      .when(sfn.Condition.jsonata("{% $not($states.input.outcome = 'deployed') %}"), stop, { assign: answered(deploying.stateId, subject, expected) });
    deploying.addCatch(stop, { assign: caught(deploying.stateId, subject, expected) }).next(deployed);
    const tests = sfn.Parallel.jsonata(this, 'Tests', { stateName: `Test the shadow of ${name}` });
    deployed.otherwise(tests);
    migrated.otherwise(tests);
    let last = this.test(tests, stop);
    if (goNoGoDays !== undefined) last = this.goNoGo(last, goNoGoDays, stop);
    steps.forEach((percent, index) => {
      last = this.shiftAndBake(last, percent, index === 0 ? stop : rollBack, rollBack);
    });
    this.accept(last, rollBack);
    return entering;
  }

  private migrate(stop: sfn.IChainable) {
    const { name } = this.place;
    const migrating = call(this, 'Migrate', `Migrate the shared state of ${name}`, {
      calls: this.functions.migrate,
      payload: this.slot,
      seconds: 930,
      assign: { runs: '{% $runs + 1 %}' },
    });
    const [subject, expected] = [`the shared state of ${name}`, 'migrated within 8 quarters of an hour'];
    const migrated = sfn.Choice.jsonata(this, 'Migrated', { stateName: `Is the shared state of ${name} migrated?` })
      .when(sfn.Condition.jsonata("{% $states.input.outcome = 'migrating' and $runs < 8 %}"), migrating)
      .when(sfn.Condition.jsonata("{% $not($states.input.outcome = 'migrated') %}"), stop, { assign: answered(migrating.stateId, subject, expected) });
    migrating.addCatch(stop, { assign: caught(migrating.stateId, subject, expected) }).next(migrated);
    return { migrating, migrated };
  }

  private test(all: sfn.Parallel, stop: sfn.IChainable): sfn.Choice {
    const { name, tests } = this.place;
    for (const { name: test, seconds } of tests) {
      const noVerdict = sfn.Pass.jsonata(this, `NoVerdict${test}`, { stateName: `No verdict from ${test} in ${name}` });
      const payload = { ...this.slot, test };
      const run = call(this, `Run${test}`, `Run ${test} in ${name}`, { calls: this.functions['run-test'], payload, seconds: seconds + 60 });
      all.branch(run.addCatch(noVerdict, { outputs: { verdict: 'error', ...caught(`Test the shadow of ${name}`, test, 'a verdict') } }));
    }
    return ask(this, 'Tested', `Did every test of ${name} pass?`, all, {
      yes: `$count($states.input[verdict = 'passed']) = ${tests.length}`,
      answer: "$states.input[$not(verdict = 'passed')][0]",
      subject: tests.map((test) => test.name).join(', '),
      expected: 'every test passed',
      otherwise: stop,
    });
  }

  private goNoGo(after: sfn.Choice, days: number, stop: sfn.IChainable): sfn.Choice {
    const { name } = this.place;
    const payload = { ...this.input, gate: 'goNoGo', ...TOKEN };
    const asking = call(this, 'GoNoGo', `Ask for go/no-go in ${name}`, { calls: this.functions['open-gate'], payload, seconds: days * DAY, waits: true });
    after.otherwise(asking);
    return ask(this, 'Go', `Is it a go in ${name}?`, asking, {
      yes: "$states.input.outcome in ['passed', 'notNeeded']",
      subject: `the go/no-go in ${name}`,
      expected: `accepted within ${days} days`,
      otherwise: stop,
    });
  }

  private shiftAndBake(after: sfn.Choice, percent: number, refused: sfn.IChainable, rollBack: sfn.IChainable): sfn.Choice {
    const { name } = this.place;
    const payload = { ...this.slot, percent };
    const shift = call(this, `Shift${percent}`, `Shift ${name} to ${percent} percent`, { calls: this.functions['move-traffic'], payload, seconds: 90 });
    after.otherwise(shift);
    const shifted = ask(this, `Shifted${percent}`, `Is ${name} at ${percent} percent?`, shift, {
      yes: "$states.input.outcome = 'shifted'",
      subject: 'the live rule',
      expected: 'its share of live traffic on the new version',
      otherwise: refused,
      onError: rollBack,
    });
    const bake = call(this, `Bake${percent}`, `Bake ${name} at ${percent} percent`, {
      calls: this.functions['start-bake'],
      payload: { ...payload, bakeSeconds: BAKE_SECONDS, ...TOKEN },
      seconds: BAKE_SECONDS,
      waits: true,
    });
    shifted.otherwise(bake);
    const read = call(this, `Gates${percent}`, `Read the health gates of ${name} at ${percent} percent`, {
      calls: this.functions['read-gates'],
      payload,
      seconds: 330,
    });
    bake
      .addCatch(read, { errors: [sfn.Errors.TIMEOUT] })
      .addCatch(rollBack, { assign: caught(bake.stateId, 'the new version', `no alarm for ${BAKE_SECONDS} seconds`) })
      .next(read);
    return ask(this, `Healthy${percent}`, `Is ${name} healthy at ${percent} percent?`, read, {
      yes: "$states.input.verdict = 'passed'",
      subject: 'the health gates',
      expected: 'every health gate passed',
      otherwise: rollBack,
    });
  }

  private accept(after: sfn.Choice, rollBack: sfn.IChainable): void {
    const { name } = this.place;
    const about = `{'environment': "${name}", 'release': $states.context.Execution.Input.release, 'execution': $states.context.Execution.Id}`;
    const accepting = call(this, 'Accept', `Accept in ${name}`, {
      calls: this.functions.accept,
      payload: this.slot,
      seconds: 90,
      outputs: `{% $merge([${about}, $states.result.Payload]) %}`,
    });
    after.otherwise(accepting);
    ask(this, 'Accepted', `Is the release accepted in ${name}?`, accepting, {
      yes: "$states.input.outcome = 'live'",
      subject: `the release in ${name}`,
      expected: 'all of the live traffic on it, and recorded as live',
      otherwise: rollBack,
    }).otherwise(sfn.Succeed.jsonata(this, 'Live', { stateName: `The release is live in ${name}` }));
  }
}
