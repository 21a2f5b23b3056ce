import { Fn, Lazy, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { didYouMean } from '../../lambda/contract';
import { PathToLiveError } from '../private/errors';
import { type Place, tryPlaceOf } from '../private/place';
import { trySharedOffer } from '../private/shared-offers';
import { requireMatch } from '../private/validate';

/**
 * A value of the environment's shared state, such as the name of a table, to be used in whatever a workload or a migration is made of: CloudFormation
 * reads it from the environment the slot is deployed to, when it is deployed. As long as the slot uses it, CloudFormation refuses to change it or to take
 * it out of the shared state.
 *
 * @example
 * new LambdaWorkload({ code, handler: 'index.handler', environment: { TABLE: SharedValue.named('TableName') } });
 */
export class SharedValue {
  /**
   * @param name one of the names the shared state offers as `values`; any other is refused at synth, where the shared state is in the same app
   */
  static named(name: string): string {
    requireMatch(
      { code: 'SharedValueName', where: 'SharedValue.named', what: 'the name' },
      name,
      SHARED_VALUE_NAME,
      '1-40 letters and digits starting with a letter, for example "TableName"',
    );
    return Lazy.uncachedString({ produce: ({ scope }) => read(scope, name) });
  }

  private constructor() {}
}

/** @internal */
export const SHARED_VALUE_NAME = /^[A-Za-z][A-Za-z0-9]{0,39}$/;

function read(scope: IConstruct, name: string): string {
  const stack = Stack.of(scope);
  const place = tryPlaceOf(stack);
  if (place !== undefined) requireOffered(scope, place, name);
  // What a slot imports cannot be changed or taken away while it does. The front door may not hold on to it: it is deployed right after.
  if (place !== undefined) return place.isSlot ? Fn.importValue(place.names.sharedExport(name)) : `{{resolve:ssm:${place.names.sharedParameter(name)}}}`;
  throw asItIs(
    'SharedValueElsewhere',
    stack.node.path,
    `the shared value ${JSON.stringify(name)} is used in a stack that belongs to no environment; use it in a workload, or pass the value itself`,
  );
}

/** CloudFormation would refuse it too, but in the middle of a release. */
function requireOffered({ node }: IConstruct, { stack, names }: Place, name: string): void {
  const offered = trySharedOffer(stack, names);
  if (offered === undefined || offered.includes(name)) return;
  const { environment } = names;
  const wanted = `the shared value ${JSON.stringify(name)} is used here`;
  throw asItIs(
    'UnknownSharedValue',
    node.path,
    offered.length === 0
      ? `${wanted}, and ${environment} has no shared state that offers any; give the path (or ${environment}) a sharedState whose bind returns values: { ${name}: … }`
      : `${wanted}, and the shared state of ${environment} does not offer it${didYouMean(name, offered)}; it offers ${offered.join(', ')}; use one of those, or return ${name} among the values of its bind`,
  );
}

/** An error whose message stays: the CDK wraps it in words of its own at each token that it passes on its way out. */
function asItIs(...[code, where, problem]: ConstructorParameters<typeof PathToLiveError>): PathToLiveError {
  const error = new PathToLiveError(code, where, problem);
  const { message } = error;
  return Object.defineProperty(error, 'message', { get: () => message, set: () => undefined });
}
