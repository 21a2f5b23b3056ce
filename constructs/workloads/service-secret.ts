import { Secret } from 'aws-cdk-lib/aws-ecs';
import { Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { kindOf, object, optional, requireKind } from '../kinds/kind';
import { made, STRING } from '../kinds/kinds';
import { isPlain } from '../private/shown';

export interface SecretParameterOptions {
  /**
   * ARN of the customer managed key it is encrypted with.
   *
   * @default - the key that AWS manages for the service
   */
  readonly encryptionKeyArn?: string;
}

export interface SecretFieldOptions extends SecretParameterOptions {
  /**
   * Name of the field, of a secret that is a JSON object.
   *
   * @default - the whole secret
   */
  readonly field?: string;
}

/**
 * A secret that a container gets as an environment variable when it starts. It is in no template and no task definition, only its ARN is.
 *
 * @example
 * new FargateWorkload({ image, secrets: { DB_PASSWORD: ServiceSecret.fromSecretsManager(SharedValue.named('DbSecretArn'), { field: 'password' }) } });
 */
export class ServiceSecret {
  /**
   * A secret of AWS Secrets Manager.
   *
   * @param secretArn its whole ARN
   */
  static fromSecretsManager(secretArn: string, options: SecretFieldOptions = {}): ServiceSecret {
    requireKind('ServiceSecret.fromSecretsManager', 'secretArn', secretArn, STRING);
    requireKind('ServiceSecret.fromSecretsManager', 'options', options, FIELD_OPTIONS);
    return new ServiceSecret('secretsmanager:GetSecretValue', secretArn, options);
  }

  /**
   * A parameter of type SecureString.
   *
   * @param parameterArn its ARN
   */
  static fromParameter(parameterArn: string, options: SecretParameterOptions = {}): ServiceSecret {
    requireKind('ServiceSecret.fromParameter', 'parameterArn', parameterArn, STRING);
    requireKind('ServiceSecret.fromParameter', 'options', options, PARAMETER_OPTIONS);
    return new ServiceSecret('ssm:GetParameters', parameterArn, options);
  }

  private constructor(
    private readonly action: string,
    private readonly arn: string,
    private readonly options: SecretFieldOptions,
  ) {}

  /**
   * What reading it takes.
   *
   * @internal
   */
  _statements(): PolicyStatement[] {
    const { encryptionKeyArn: key } = this.options;
    const read = new PolicyStatement({ actions: [this.action], resources: [this.arn] });
    return key === undefined ? [read] : [read, new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key] })];
  }

  /** @internal */
  _bind(): Secret {
    const { field } = this.options;
    return new SecretByArn(field === undefined ? this.arn : `${this.arn}:${field}::`, field !== undefined, this._statements());
  }
}

const PARAMETER_OPTIONS = object<SecretParameterOptions>({ encryptionKeyArn: optional(STRING) });
const FIELD_OPTIONS = object<SecretFieldOptions>({ encryptionKeyArn: optional(STRING), field: optional(STRING) });

const SERVICE_SECRET = made(ServiceSecret, 'ServiceSecret.fromSecretsManager(secretArn)');

/** @internal */
export const SERVICE_SECRETS = kindOf(
  'an object whose values are ServiceSecrets',
  (value) => isPlain(value) && Object.values(value).every((secret) => SERVICE_SECRET.misfit(secret) === undefined),
);

/** What the CDK puts into a container definition. */
class SecretByArn extends Secret {
  constructor(
    readonly arn: string,
    readonly hasField: boolean,
    private readonly statements: PolicyStatement[],
  ) {
    super();
  }

  grantRead(grantee: IGrantable): Grant {
    const [read, ...others] = this.statements.map(({ actions, resources }) => Grant.addToPrincipal({ grantee, actions, resourceArns: resources }));
    return others.reduce((all, one) => all.combine(one), read as Grant);
  }
}
