import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Environment } from '../environments/environment';
import { EnvironmentNames } from '../private/names';

export interface HiddenKeysProps {
  readonly path: string;
  readonly environment: Environment;
}

/** Keys that open an environment's hidden URLs, each a secret of 40 letters and digits that nobody has chosen or seen. */
export class HiddenKeys extends Construct {
  /** Opens the test rule of every slot; for the probe and for the team's functions that test or judge a slot. */
  readonly test: secretsmanager.Secret;
  /** For people: one a colour, where the hidden URLs ask for a key. */
  readonly hidden: secretsmanager.Secret[];
  /** Every key. */
  readonly all: secretsmanager.Secret[];

  constructor(scope: Construct, id: string, { path, environment }: HiddenKeysProps) {
    super(scope, id);
    const names = new EnvironmentNames(path, environment.name);
    this.test = key(this, 'Test', names.testSecret, 'Key of the tests of this environment');
    const hidden = new Construct(this, 'Hidden');
    const colours = environment.shadowAccess._needsKey ? environment.colours : [];
    for (const grantee of [...environment._tests().map((test) => test._grantee()), ...environment._gates().map((gate) => gate._asks())]) {
      if (grantee !== undefined) this.grantTestKey(grantee, names.testSecret);
    }
    this.hidden = colours.map(({ name }) => key(hidden, name, names.hiddenSecret(name), `Key of the hidden URL of ${name}`));
    this.all = [this.test, ...this.hidden];
  }

  /** By name: the function is often in another stack, which must not refer to this one because this one refers to the function. */
  private grantTestKey(grantee: iam.IGrantable, secretName: string): void {
    // Secrets Manager ends the ARN of every secret in six characters of its own.
    const resourceName = `${secretName}-??????`;
    const secret = Stack.of(this).formatArn({ service: 'secretsmanager', resource: 'secret', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    iam.Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [secret] });
  }
}

function key(scope: Construct, id: string, secretName: string, description: string): secretsmanager.Secret {
  const secret = new secretsmanager.Secret(scope, id, {
    secretName,
    description,
    generateSecretString: { passwordLength: 40, excludePunctuation: true },
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SMG4',
    reason: 'the slots’ listener rules hold a copy that only a release renews: rotation alone would lock testers out; write a new value, then release',
  });
  return secret;
}
