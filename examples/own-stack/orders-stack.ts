import { join } from 'node:path';
import { NestedStack, RemovalPolicy } from 'aws-cdk-lib';
import { ApplicationTargetGroup, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type IWorkload, type SlotContext, type WorkloadConfig, type WorkloadPermissions, type WorkloadPlace, WorkloadStatements } from '../../lib';

/** The team's stack as it was, but for one word: it extended Stack. */
export class OrdersStack extends NestedStack {
  readonly targetGroup: ApplicationTargetGroup;

  constructor(scope: Construct, id: string, props: { readonly version: string; readonly colour: string }) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(this, 'Log', { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });
    logGroup.grantWrite(role);
    const service = new LambdaFunction(this, 'Service', {
      code: Code.fromAsset(join(__dirname, '..', 'service')),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      environment: { PATH_TO_LIVE_VERSION: props.version, PATH_TO_LIVE_COLOUR: props.colour },
      role,
      logGroup,
    });
    this.targetGroup = new ApplicationTargetGroup(this, 'TargetGroup', { targetType: TargetType.LAMBDA, targets: [new LambdaTarget(service)] });
  }
}

/** What makes that stack a slot. */
export class OrdersWorkload implements IWorkload {
  bind(scope: Construct, { version, colour }: SlotContext): WorkloadConfig {
    const { targetGroup } = new OrdersStack(scope, 'Orders', { version, colour });
    return {
      targetGroupArn: targetGroup.targetGroupArn,
      targetGroupFullName: targetGroup.targetGroupFullName,
      errorMetrics: ['HTTPCode_Target_5XX_Count', 'LambdaUserError'],
    };
  }

  permissions(place: WorkloadPlace): WorkloadPermissions {
    return {
      deploy: [
        ...WorkloadStatements.nestedStacks(place),
        ...WorkloadStatements.functions(place),
        ...WorkloadStatements.logGroups(place),
        ...WorkloadStatements.targetGroups(place),
      ],
      run: WorkloadStatements.logWriting(place),
    };
  }
}
