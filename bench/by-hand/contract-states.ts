import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Place } from './environments';
import type { Functions } from './functions';
import { answered, ask, call, caught, EXECUTION, RELEASE, TOKEN } from './states';

const DAY = 86_400;

/** What contracts the shared state of an environment, when somebody asks for it. */
export function contractStates(scope: Construct, { name, goNoGoDays }: Place, functions: Functions, safetyNet: sfn.IChainable): sfn.State {
  const input = { environment: name, release: RELEASE, execution: EXECUTION };
  const stop = call(scope, 'StopContract', `Stop the contract in ${name}`, {
    calls: functions.stop,
    payload: { ...input, failure: '{% $failure %}', contract: 'stops' },
    seconds: 90,
  })
    .addRetry({ errors: [sfn.Errors.ALL], interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 3 })
    .addCatch(safetyNet)
    .next(sfn.Succeed.jsonata(scope, 'ContractStopped', { stateName: `The contract in ${name} is stopped` }));
  const beginning = call(scope, 'BeginContract', `Begin the contract in ${name}`, {
    calls: functions.enter,
    payload: { ...input, contract: 'begins' },
    seconds: 90,
    assign: { colour: "{% $exists($states.result.Payload.colour) ? $states.result.Payload.colour : 'none' %}" },
  });
  const running = call(scope, 'Contract', `Contract the shared state of ${name}`, {
    calls: functions.migrate,
    payload: { ...input, colour: '{% $colour %}', contract: 'runs' },
    seconds: 930,
    assign: { runs: '{% $runs + 1 %}' },
  });
  ask(scope, 'ContractBegun', `May the contract in ${name} begin?`, beginning, {
    yes: "$states.input.outcome = 'entered'",
    subject: `the contract of ${name}`,
    expected: 'nothing in its way',
    otherwise: stop,
  }).otherwise(running);
  const [subject, expected] = [`the shared state of ${name}`, 'contracted within 8 quarters of an hour'];
  const contracted = sfn.Choice.jsonata(scope, 'Contracted', { stateName: `Is the shared state of ${name} contracted?` })
    .when(sfn.Condition.jsonata("{% $states.input.outcome = 'migrating' and $runs < 8 %}"), running)
    .when(sfn.Condition.jsonata("{% $not($states.input.outcome = 'migrated') %}"), stop, { assign: answered(running.stateId, subject, expected) });
  running.addCatch(stop, { assign: caught(running.stateId, subject, expected) }).next(contracted);
  const outputs = { outcome: 'contracted', environment: name };
  contracted.otherwise(sfn.Succeed.jsonata(scope, 'ContractDone', { stateName: `The shared state of ${name} is contracted`, outputs }));
  if (goNoGoDays === undefined) return beginning;
  const payload = { ...input, gate: 'contract', ...TOKEN };
  const asking = call(scope, 'AskContract', `Ask for the contract in ${name}`, {
    calls: functions['open-gate'],
    payload,
    seconds: goNoGoDays * DAY,
    waits: true,
  });
  ask(scope, 'ContractAgreed', `Is the contract in ${name} agreed to?`, asking, {
    yes: "$states.input.outcome in ['passed', 'notNeeded']",
    subject: `the contract in ${name}`,
    expected: `accepted within ${goNoGoDays} days`,
    otherwise: stop,
  }).otherwise(beginning);
  return asking;
}
