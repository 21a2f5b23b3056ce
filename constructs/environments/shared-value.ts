import { Fn, Lazy, Stack } from 'aws-cdk-lib';
import { PathToLiveError } from '../private/errors';
import { tryPlaceOf } from '../private/place';
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
  /** @param name one of the names the shared state offers as `values` */
  static named(name: string): string {
    requireMatch(
      { code: 'SharedValueName', where: 'SharedValue.named', what: 'the name' },
      name,
      SHARED_VALUE_NAME,
      '1-40 letters and digits starting with a letter, for example "TableName"',
    );
    return Lazy.uncachedString({ produce: ({ scope }) => read(Stack.of(scope), name) });
  }

  private constructor() {}
}

/** @internal */
export const SHARED_VALUE_NAME = /^[A-Za-z][A-Za-z0-9]{0,39}$/;

function read(stack: Stack, name: string): string {
  const place = tryPlaceOf(stack);
  // What a slot imports cannot be changed or taken away while it does. The front door may not hold on to it: it is deployed right after.
  if (place !== undefined) return place.isSlot ? Fn.importValue(place.names.sharedExport(name)) : `{{resolve:ssm:${place.names.sharedParameter(name)}}}`;
  throw new PathToLiveError(
    'SharedValueElsewhere',
    stack.node.path,
    `the shared value ${JSON.stringify(name)} is used in a stack that belongs to no environment; use it in a workload, or pass the value itself`,
  );
}
