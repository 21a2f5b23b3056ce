import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ApplicationTargetGroup, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { listOf, object, optional, requireKind } from '../kinds/kind';
import { code, DURATION, NUMBER, oneOf, POLICY_STATEMENT, RUNTIME, STRING, STRINGS_BY_NAME } from '../kinds/kinds';
import { acknowledgeWildcards } from '../private/acknowledge';
import { copyOf } from '../private/code-copy';
import { requireFunctionHandler } from '../private/function-handler';
import { requireHttpPath, requireSeconds, requireWhole } from '../private/validate';
import { lambdaDeployStatements, lambdaRunStatements } from './lambda-permissions';
import type { IWorkload, SlotContext, WorkloadConfig, WorkloadPermissions, WorkloadPlace } from './workload';
import { requireOtherVariables, variablesOf } from './workload-variables';

export interface LambdaWorkloadProps {
  /** What it runs; part of a release, so the same bytes go through every environment. */
  readonly code: Code;
  /** For example `index.handler`. It gets requests of a load balancer: https://docs.aws.amazon.com/lambda/latest/dg/services-alb.html */
  readonly handler: string;
  /**
   * The language it is written in.
   *
   * @default Runtime.NODEJS_24_X
   */
  readonly runtime?: Runtime;
  /**
   * Memory in MB, 128-10,240; processor time grows with it.
   *
   * @default 512
   */
  readonly memorySize?: number;
  /**
   * How long one request may take, 1-900 seconds.
   *
   * @default Duration.seconds(10)
   */
  readonly timeout?: Duration;
  /**
   * Environment variables, beside `PATH_TO_LIVE_VERSION`, `PATH_TO_LIVE_COLOUR` and `PATH_TO_LIVE_ENVIRONMENT`.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };
  /**
   * What the function may do; also the most it can ever be allowed. `SharedValue.named` gives the ARNs of shared state.
   *
   * @default - nothing but writing its log and traces
   */
  readonly policy?: PolicyStatement[];
  /**
   * Path the load balancer asks every half minute; each question is an invocation. Without it the function counts as healthy.
   *
   * @default - no health check
   */
  readonly healthCheckPath?: string;
  /**
   * How long logs are kept.
   *
   * @default RetentionDays.SIX_MONTHS
   */
  readonly logRetention?: RetentionDays;
}

const PROPS = object<LambdaWorkloadProps>({
  code: code('service'),
  handler: STRING,
  runtime: optional(RUNTIME),
  memorySize: optional(NUMBER),
  timeout: optional(DURATION),
  environment: optional(STRINGS_BY_NAME),
  policy: optional(listOf(POLICY_STATEMENT)),
  healthCheckPath: optional(STRING),
  logRetention: optional(oneOf('a RetentionDays, for example RetentionDays.SIX_MONTHS', RetentionDays)),
});

/**
 * A service that is one function behind the load balancer.
 *
 * @example
 * new LambdaWorkload({ code: Code.fromAsset('service'), handler: 'index.handler', healthCheckPath: '/health' });
 */
export class LambdaWorkload implements IWorkload {
  constructor(private readonly props: LambdaWorkloadProps) {
    const where = 'LambdaWorkload';
    requireKind(where, 'props', props, PROPS);
    requireFunctionHandler(where, props.handler, props.runtime ?? Runtime.NODEJS_24_X);
    requireWhole({ code: 'LambdaMemory', where, what: 'memorySize' }, props.memorySize ?? 512, 128, 10_240);
    requireSeconds({ code: 'LambdaTimeout', where, what: 'the timeout' }, props.timeout ?? Duration.seconds(10), 1, 900);
    if (props.healthCheckPath !== undefined) requireHttpPath(where, props.healthCheckPath);
    requireOtherVariables('LambdaEnvironment', where, props.environment);
  }

  bind(scope: Construct, slot: SlotContext): WorkloadConfig {
    const targetGroup = new ApplicationTargetGroup(scope, 'TargetGroup', {
      targetType: TargetType.LAMBDA,
      targets: [new LambdaTarget(this.function(scope, slot))],
      healthCheck: this.props.healthCheckPath === undefined ? undefined : { enabled: true, path: this.props.healthCheckPath },
    });
    return {
      targetGroupArn: targetGroup.targetGroupArn,
      targetGroupFullName: targetGroup.targetGroupFullName,
      // A function that throws or answers nonsense is no answer of the target: the load balancer makes up a 502 and counts it here,
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
      errorMetrics: ['HTTPCode_Target_5XX_Count', 'LambdaUserError'],
    };
  }

  permissions(place: WorkloadPlace): WorkloadPermissions {
    return { deploy: lambdaDeployStatements(place), run: [...lambdaRunStatements(place), ...this.policy()] };
  }

  private function(scope: Construct, slot: SlotContext): LambdaFunction {
    const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    for (const statement of this.policy()) role.addToPolicy(statement);
    const logGroup = new LogGroup(scope, 'Log', {
      retention: this.props.logRetention ?? RetentionDays.SIX_MONTHS,
      // what a removed version wrote is evidence; what a first deployment that failed left behind is in the way of the next
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    logGroup.grantWrite(role);
    acknowledgeWildcards(role, 'xray:PutTraceSegments and xray:PutTelemetryRecords know no resources; no other action has this one', '*');
    return new LambdaFunction(scope, 'Function', {
      code: copyOf(this.props.code),
      handler: this.props.handler,
      runtime: this.props.runtime ?? Runtime.NODEJS_24_X,
      memorySize: this.props.memorySize ?? 512,
      timeout: this.props.timeout ?? Duration.seconds(10),
      tracing: Tracing.ACTIVE,
      role,
      logGroup,
      environment: { ...this.props.environment, ...variablesOf(slot) },
    });
  }

  /** Copies: a statement is frozen by the first policy that takes it. */
  private policy(): PolicyStatement[] {
    return (this.props.policy ?? []).map((statement) => statement.copy());
  }
}
