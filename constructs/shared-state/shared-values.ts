import { CfnOutput, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { EnvironmentNames } from '../private/names';
import { offerShared } from '../private/shared-offers';
import { requireMatch } from '../private/validate';
import { SHARED_VALUE_NAME } from './shared-value';

export interface SharedValuesProps {
  readonly path: string;
  /** Name of the environment. */
  readonly environment: string;
  /** Kinds of what releases may start to migrate it. */
  readonly started: readonly string[];
  /** Repositories that these may pull images from, beside the environment's own. */
  readonly pulls: readonly string[];
  /** Name -> value. */
  readonly values: { readonly [name: string]: string };
}

/**
 * What shared state offers to slots, as one export a value, and to the front door, as one parameter each: slots are made in another assembly, which
 * cannot refer to this one but by name.
 */
export class SharedValues extends Construct {
  constructor(scope: Construct, id: string, { path, environment, values, started, pulls }: SharedValuesProps) {
    super(scope, id);
    const names = new EnvironmentNames(path, environment);
    offerShared(Stack.of(this), names, Object.keys(values), started, pulls);
    for (const [name, stringValue] of Object.entries(values)) {
      requireMatch(
        { code: 'SharedValueName', where: this.node.path, what: 'the name of a value that shared state offers' },
        name,
        SHARED_VALUE_NAME,
        '1-40 letters and digits starting with a letter, for example "TableName"',
      );
      new CfnOutput(this, `${name}Export`, { value: stringValue, exportName: names.sharedExport(name) });
      new StringParameter(this, name, { parameterName: names.sharedParameter(name), stringValue });
    }
  }
}
