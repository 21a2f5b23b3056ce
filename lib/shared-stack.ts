import { Construct } from 'constructs';
import { PathNames } from '../constructs/environments';
import { ENVIRONMENT, type Environment } from '../constructs/environments/environment';
import { object, requireKind } from '../constructs/kinds/kind';
import { requireConstructed, STRING } from '../constructs/kinds/kinds';
import { pulledFrom } from '../constructs/migrations/foreign-image';
import { startedIn } from '../constructs/migrations/started-migrations';
import { MigrationRole } from '../constructs/roles/migration-role';
import type { ISharedState } from '../constructs/shared-state';
import { SHARED_STATE, SHARED_STATE_CONFIG } from '../constructs/shared-state/shared-state';
import { SharedValues } from '../constructs/shared-state/shared-values';
import { PathStack } from './path-stack';

export interface SharedStackProps {
  /** Id of the path to live. */
  readonly path: string;
  readonly environment: Environment;
  readonly sharedState: ISharedState;
}

const PROPS = object<SharedStackProps>({ path: STRING, environment: ENVIRONMENT, sharedState: SHARED_STATE });

/**
 * What outlives every version in an environment, changed by `cdk deploy` and by no release but through its migrations. What it offers is an export for
 * slots and a parameter for the front door, one of each a value.
 */
export class SharedStack extends PathStack {
  constructor(scope: Construct, id: string, props: SharedStackProps) {
    requireConstructed('SharedStack', scope, id, props, PROPS);
    const { path, environment, sharedState } = props;
    const { account, region, name } = environment;
    const names = new PathNames(path).environment(name);
    super(scope, id, {
      stackName: names.sharedStack,
      env: { account, region },
      description: `${path}: what every version in ${name} uses`,
    });
    const state = sharedState.bind(new Construct(this, 'State'), { path, environment: name });
    requireKind(this.node.path, 'what bind of the shared state returned', state, SHARED_STATE_CONFIG);
    const started = startedIn(this.node.path, sharedState);
    const statements = state.migrations ?? [];
    new SharedValues(this, 'Values', { path, environment: name, values: state.values, started, pulls: pulledFrom(statements) });
    new MigrationRole(this, 'Migrations', { names, statements, started });
  }
}
