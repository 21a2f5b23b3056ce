import { join } from 'node:path';
import { CfnOutput, CfnParameter, Duration, RemovalPolicy, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ACCOUNT, type COLOURS, type Place, REGION, role, slotStackName } from './environments';
import { shared } from './shared-state';

/** One version of the service, its two rules and its alarms. */
export class Slot extends Stack {
  private readonly prefix: string;
  private readonly alarms: cloudwatch.Alarm[] = [];

  constructor(
    scope: Construct,
    private readonly service: string,
    private readonly place: Place,
    private readonly colour: (typeof COLOURS)[number],
  ) {
    super(scope, slotStackName(service, place.name, colour), {
      stackName: slotStackName(service, place.name, colour),
      env: { account: ACCOUNT, region: REGION },
      description: `${service}: slot ${colour} of ${place.name}`,
    });
    this.prefix = `/path-to-live/${service}/${place.name}/`;
    Tags.of(this).add('path-to-live:path', service);
    Tags.of(this).add('path-to-live:environment', place.name);
    Tags.of(this).add('path-to-live:slot', colour);

    const target = new elb.ApplicationTargetGroup(this, 'TargetGroup', {
      targetType: elb.TargetType.LAMBDA,
      targets: [new LambdaTarget(this.function())],
    });
    const first = colour === 'blue' ? 100 : 102;
    this.rule('TestRule', first, 'x-path-to-live-test', `${this.prefix.slice(1)}test`, target);
    this.rule('HiddenRule', first + 1, 'x-path-to-live-key', `${this.prefix.slice(1)}hidden/${colour}`, target);
    this.alarm('Errors', target, 'HTTPCode_Target_5XX_Count', 'Sum', 5, 1);
    this.alarm('FunctionErrors', target, 'LambdaUserError', 'Sum', 5, 1);
    if (place.watchesLatency) this.alarm('Latency', target, 'TargetResponseTime', 'p99', 1, 2);
    this.publish(target, this.migration());
  }

  private function(): lambda.Function {
    const runsAs = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      path: this.prefix,
      permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyArn(
        this,
        'Boundary',
        `arn:aws:iam::${ACCOUNT}:policy/${this.service}-${this.place.name}-slot-boundary`,
      ),
    });
    const logGroup = new logs.LogGroup(this, 'Log', {
      retention: logs.RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    logGroup.grantWrite(runsAs);
    runsAs.addToPolicy(new iam.PolicyStatement({ sid: 'Payments', actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [this.shared('TableArn')] }));
    return new lambda.Function(this, 'Function', {
      code: lambda.Code.fromAsset(join(__dirname, '..', '..', 'examples', 'service')),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      memorySize: 512,
      timeout: Duration.seconds(10),
      tracing: lambda.Tracing.ACTIVE,
      role: runsAs,
      logGroup,
      environment: {
        TABLE: this.shared('TableName'),
        PATH_TO_LIVE_VERSION: 'unreleased',
        PATH_TO_LIVE_COLOUR: this.colour,
        PATH_TO_LIVE_ENVIRONMENT: this.place.name,
      },
    });
  }

  private migration(): lambda.Function {
    const name = '2026-11-add-currency';
    return new lambda.Function(this, `Migrations${name}`, {
      code: lambda.Code.fromAsset(join(__dirname, '..', '..', 'examples', 'migrations', name)),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      description: `Migration ${name}`,
      memorySize: 512,
      timeout: Duration.seconds(300),
      role: iam.Role.fromRoleArn(this, 'MigrationRole', role(`${this.service}-${this.place.name}-migration`), { mutable: false }),
      logGroup: logs.LogGroup.fromLogGroupName(this, 'MigrationLog', `${this.prefix}migrations`),
      environment: { TABLE: this.shared('TableName'), PATH_TO_LIVE: this.service, PATH_TO_LIVE_ENVIRONMENT: this.place.name },
    });
  }

  private shared(name: string): string {
    return shared(this.service, this.place.name, name);
  }

  private rule(id: string, priority: number, header: string, secret: string, target: elb.ApplicationTargetGroup): void {
    new elb.CfnListenerRule(this, id, {
      listenerArn: `{{resolve:ssm:${this.prefix}listener-arn}}`,
      priority,
      conditions: [
        { field: 'http-header', httpHeaderConfig: { httpHeaderName: 'x-path-to-live-slot', values: [this.colour] } },
        { field: 'http-header', httpHeaderConfig: { httpHeaderName: header, values: [SecretValue.secretsManager(secret).unsafeUnwrap()] } },
      ],
      actions: [{ type: 'forward', targetGroupArn: target.targetGroupArn }],
    });
  }

  private alarm(id: string, target: elb.ApplicationTargetGroup, metricName: string, statistic: string, threshold: number, periods: number): void {
    const metric = new cloudwatch.Metric({
      namespace: 'AWS/ApplicationELB',
      metricName,
      dimensionsMap: { TargetGroup: target.targetGroupFullName, LoadBalancer: `{{resolve:ssm:${this.prefix}load-balancer-full-name}}` },
      statistic,
      period: Duration.minutes(1),
    });
    const alarm = new cloudwatch.Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn: `{{resolve:ssm:${this.prefix}alarm-topic-arn}}` }) });
    this.alarms.push(alarm);
  }

  private publish(target: elb.ApplicationTargetGroup, migration: lambda.Function): void {
    const version = new CfnParameter(this, 'ReleaseVersion', { description: 'The release this template belongs to.', allowedValues: ['unreleased'] });
    new CfnOutput(this, 'TargetGroupArn', { value: target.targetGroupArn });
    new CfnOutput(this, 'AlarmNames', { value: this.alarms.map(({ alarmName }) => alarmName).join(',') });
    new CfnOutput(this, 'Migration', { value: migration.functionName });
    new CfnOutput(this, 'Version', { value: version.valueAsString });
    const { service: path, place, colour } = this;
    this.addMetadata('path-to-live:slot', { contract: 1, path, environment: place.name, colour, version: 'unreleased' });
  }
}
