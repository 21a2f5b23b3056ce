import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type Environment, type ISharedState, PathNames } from '../constructs/environments';
import { SharedValues } from '../constructs/environments/shared-values';

export interface SharedStackProps {
  /** Id of the path to live. */
  readonly path: string;
  readonly environment: Environment;
  readonly sharedState: ISharedState;
}

/** What outlives every version in an environment, changed by `cdk deploy` and by no release; what it offers to slots is in parameters. */
export class SharedStack extends Stack {
  /** Names of the values it offers. */
  readonly valueNames: string[];

  constructor(scope: Construct, id: string, { path, environment, sharedState }: SharedStackProps) {
    const { account, region, name } = environment;
    super(scope, id, {
      stackName: new PathNames(path).environment(name).sharedStack,
      env: { account, region },
      description: `${path}: what every version in ${name} uses`,
    });
    const { values } = sharedState.bind(new Construct(this, 'State'), { path, environment: name });
    this.valueNames = new SharedValues(this, 'Values', { path, environment: name, values }).names;
  }
}
