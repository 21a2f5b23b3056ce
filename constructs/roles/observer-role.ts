import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../private/acknowledge';

export interface ObserverRoleProps {
  readonly roleName: string;
  readonly trusted: iam.IPrincipal;
  /** ARNs of the probe and of the team's functions that test or judge a slot. */
  readonly testFunctionArns: string[];
  /** Whether a health gate queries metrics, or an alarm looks at an expression over them: a fix-forward is judged by what that gives. */
  readonly queriesMetrics: boolean;
  /** ARN of the parameter with the front door's facts. */
  readonly frontDoorParameterArn: string;
  /** Where the files of releases are published to. */
  readonly assetBucket: string;
}

/** What the hub looks through: alarms, metrics, health of targets, tests, and whether the files of a release are still those it was registered with. */
export class ObserverRole extends Construct {
  constructor(scope: Construct, id: string, props: ObserverRoleProps) {
    super(scope, id);
    const role = new iam.Role(this, 'Role', { roleName: props.roleName, assumedBy: props.trusted, description: 'The hub reads and tests as this role' });
    const files = Stack.of(this).formatArn({ service: 's3', region: '', account: '', resource: props.assetBucket, resourceName: '*' });
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'Health',
        actions: [
          'cloudwatch:DescribeAlarms',
          ...(props.queriesMetrics ? ['cloudwatch:GetMetricData'] : []),
          'cloudwatch:GetMetricStatistics',
          'elasticloadbalancing:DescribeRules',
          'elasticloadbalancing:DescribeTargetHealth',
        ],
        resources: ['*'],
      }),
    );
    role.addToPolicy(new iam.PolicyStatement({ sid: 'Tests', actions: ['lambda:InvokeFunction'], resources: props.testFunctionArns }));
    role.addToPolicy(new iam.PolicyStatement({ sid: 'FrontDoor', actions: ['ssm:GetParameter'], resources: [props.frontDoorParameterArn] }));
    // HeadObject needs the right to read.
    role.addToPolicy(new iam.PolicyStatement({ sid: 'Files', actions: ['s3:GetObject'], resources: [files] }));
    acknowledgeWildcards(role, 'metrics and target health know no resources, and a gate may watch any alarm of the account; nothing here writes', '*');
    acknowledgeWildcards(role, 'files are published under the hash of their content', files);
  }
}
