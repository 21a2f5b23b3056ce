import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { PLACES } from './environments';
import type { Functions } from './functions';
import { ask, call, EXECUTION, makeMachine } from './states';

const LOOKS = 8;

/** Gives every environment's users back to what served before, then removes the slots. */
export class RetireMachine extends Construct {
  readonly machine: sfn.StateMachine;

  constructor(
    scope: Construct,
    service: string,
    private readonly functions: Functions,
  ) {
    super(scope, 'Retire');
    const stop = this.stop();
    const steps = [...PLACES.map(({ name }, index) => this.giveBack(name, index, stop)), ...PLACES.map(({ name }, index) => this.remove(name, index, stop))];
    steps.forEach(({ last }, index) => {
      last.otherwise(steps[index + 1]?.first ?? sfn.Succeed.jsonata(this, 'Retired', { stateName: 'The path is retired', outputs: { outcome: 'retired' } }));
    });
    const seconds = 3_600 + PLACES.length * (LOOKS * 900 + 1_800);
    const calls = [functions['move-traffic'], functions.retire];
    const [first] = steps as [(typeof steps)[number]];
    this.machine = makeMachine(this, `${service}-retire`, `Takes the path to live of ${service} out again`, first.first, seconds, calls);
  }

  private giveBack(name: string, index: number, otherwise: sfn.IChainable) {
    const first = call(this, `GiveBack${name}`, `Give the users of ${name} back to what served before`, {
      calls: this.functions['move-traffic'],
      payload: { environment: name, execution: EXECUTION, restore: 'original' },
      seconds: 90,
      assign: index === 0 ? Object.fromEntries(PLACES.map((_, place) => [`looks${place}`, 0])) : undefined,
    });
    const last = ask(this, `Back${name}`, `Have the users of ${name} what served before?`, first, {
      yes: "$states.input.outcome = 'restored'",
      subject: `the users of ${name}`,
      expected: 'back at what served before any release',
      assign: { environment: name },
      otherwise,
    });
    return { first, last };
  }

  private remove(name: string, index: number, otherwise: sfn.IChainable) {
    const looks = `looks${index}`;
    const first = call(this, `Remove${name}`, `Remove the slots of ${name}`, {
      calls: this.functions.retire,
      payload: { environment: name, execution: EXECUTION },
      seconds: 930,
      assign: { [looks]: `{% $${looks} + 1 %}` },
    });
    const last = ask(this, `Removed${name}`, `Are the slots of ${name} removed?`, first, {
      yes: "$states.input.outcome = 'removed'",
      again: `$states.input.outcome = 'removing' and $${looks} < ${LOOKS}`,
      subject: `the slots of ${name}`,
      expected: `removed within ${LOOKS} quarters of an hour`,
      assign: { environment: name },
      otherwise,
    });
    return { first, last };
  }

  private stop(): sfn.IChainable {
    const environments = PLACES.map(({ name }) => name);
    const payload = { environment: '{% $environment %}', environments, execution: EXECUTION, failure: '{% $failure %}' };
    const safetyNet = sfn.Fail.jsonata(this, 'SafetyNet', {
      stateName: 'Leave the path to the safety net',
      error: 'SafetyNet',
      cause: "{% $states.input.Error & ': ' & ($exists($states.input.Cause) ? $substring($string($states.input.Cause), 0, 1000) : 'no cause given') %}",
    });
    return call(this, 'Stop', 'Stop retiring the path', { calls: this.functions.retire, payload, seconds: 930 })
      .addRetry({ errors: [sfn.Errors.ALL], interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 3 })
      .addCatch(safetyNet)
      .next(sfn.Succeed.jsonata(this, 'Stopped', { stateName: 'The path is not retired' }));
  }
}
