import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Environment } from '../environments/environment';
import type { HiddenKeys } from '../front-door/hidden-keys';
import { EnvironmentNames } from '../private/names';

export interface TryPolicyProps {
  readonly path: string;
  readonly environment: Environment;
  readonly keys: HiddenKeys;
}

/**
 * What a tester needs to try the shadow, as a managed policy to attach: the keys of this environment's hidden URLs, and not the one its own tests
 * use. There is none where the hidden URLs ask for no key.
 */
export class TryPolicy extends Construct {
  constructor(scope: Construct, id: string, { path, environment, keys }: TryPolicyProps) {
    super(scope, id);
    if (keys.hidden.length === 0) return;
    new iam.ManagedPolicy(this, 'Policy', {
      managedPolicyName: new EnvironmentNames(path, environment.name).tryPolicy,
      description: `Read the keys of the hidden URLs of ${environment.name}`,
      statements: [
        new iam.PolicyStatement({
          sid: 'HiddenUrls',
          actions: ['secretsmanager:GetSecretValue'],
          resources: keys.hidden.map(({ secretArn }) => secretArn),
        }),
      ],
    });
  }
}
