import { resourcesOf } from '../../../permissions';
import type { Machine } from '../machines/machines';
import { functionsOf } from '../read/functions';
import type { ReviewedPath } from '../read/reviewed-path';

/** What takes over when a machine ends without an outcome. */
export interface SafetyNet {
  /** Names of the machines whose failing, timing out and being stopped it hears of. */
  readonly watches: readonly string[];
  /** Names of machines that take releases through environments, and that nothing watches. */
  readonly unwatched: readonly string[];
  /** Most seconds of one run of the function, and how often it is run. */
  readonly seconds: number;
  readonly runs: number;
}

const ENDED_BADLY = ['FAILED', 'TIMED_OUT', 'ABORTED'];

/** Read from the rules of the hub: a rule that hears of all three bad endings of a machine, and calls a function. */
export function safetyNetOf(reviewed: ReviewedPath, machines: readonly Machine[]): SafetyNet {
  const { stacks, values } = reviewed;
  const functions = functionsOf(reviewed);
  const rules = resourcesOf(stacks, 'AWS::Events::Rule').flatMap(({ stack, logicalId }) => {
    const {
      EventPattern,
      State,
      Targets = [],
    } = values.properties(stack, logicalId) as { EventPattern?: Pattern; State?: string; Targets?: { Arn?: string }[] };
    const { status = [], stateMachineArn = [] } = EventPattern?.detail ?? {};
    const called = functions.filter(({ arn }) => Targets.some(({ Arn }) => Arn === arn));
    return State !== 'DISABLED' && ENDED_BADLY.every((one) => status.includes(one)) && called.length > 0 ? [{ watched: stateMachineArn, called }] : [];
  });
  const watched = new Set(rules.flatMap((rule) => rule.watched));
  const called = rules.flatMap((rule) => rule.called);
  const tries = resourcesOf(stacks, 'AWS::Lambda::EventInvokeConfig')
    .map(({ stack, logicalId }) => values.properties(stack, logicalId) as { FunctionName?: string; MaximumRetryAttempts?: number })
    .find(({ FunctionName }) => called.some(({ arn }) => arn.endsWith(`:${FunctionName}`)))?.MaximumRetryAttempts;
  return {
    watches: machines.filter(({ arn }) => watched.has(arn)).map(({ name }) => name),
    unwatched: machines.filter(({ arn, kind }) => kind !== 'other' && !watched.has(arn)).map(({ name }) => name),
    seconds: Math.max(0, ...called.map(({ timeoutSeconds }) => timeoutSeconds)),
    // Lambda tries an asynchronous call twice more unless it is told otherwise.
    runs: 1 + (tries ?? 2),
  };
}

interface Pattern {
  readonly detail?: { readonly status?: readonly string[]; readonly stateMachineArn?: readonly string[] };
}
