import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** A team's own tests: a function in a stack of its own, in the account and region of the environment it tests. */
export class PerformanceTests extends Stack {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(this, 'Log', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    logGroup.grantWrite(role);
    this.function = new LambdaFunction(this, 'Performance', {
      code: Code.fromAsset(__dirname, { exclude: ['*.ts'] }),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.minutes(2),
      role,
      logGroup,
    });
  }
}
