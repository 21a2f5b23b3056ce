import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { ACCOUNT, COLOURS, parameter, REGION, role, slotStackName } from './environments';
import { executionStatements } from './execution-statements';

export interface RolesProps {
  readonly listenerArn: string;
  readonly liveRuleArn: string;
  /** The probe, and the team's own. */
  readonly tests: readonly lambda.IFunction[];
  readonly keys: readonly secretsmanager.Secret[];
}

export const ASSETS = `arn:aws:s3:::cdk-hnb659fds-assets-${ACCOUNT}-${REGION}/*`;

/** The roles by which the hub acts in an environment, and what bounds the slots. */
export function makeRoles(stack: Stack, service: string, place: string, props: RolesProps): void {
  const slots = COLOURS.map((colour) => slotStackName(service, place, colour));
  const frontDoor = parameter(`/path-to-live/${service}/${place}/front-door`);
  const trusted = (...names: string[]) =>
    new iam.AccountPrincipal(ACCOUNT).withConditions({ ArnEquals: { 'aws:PrincipalArn': names.map((name) => role(`${service}-hub-${name}`)) } });

  const boundary = new iam.ManagedPolicy(stack, 'SlotBoundary', {
    managedPolicyName: `${service}-${place}-slot-boundary`,
    description: 'The most that any role in a slot may do',
    statements: [
      allow('FunctionLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], ...slots.map((slot) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${slot}*`)),
      allow('Traces', ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], '*'),
    ],
  });
  const execution = new iam.Role(stack, 'Execution', {
    roleName: `${service}-${place}-execution`,
    assumedBy: new iam.ServicePrincipal('cloudformation.amazonaws.com'),
    description: 'CloudFormation deploys slots as this role',
  });
  for (const statement of executionStatements(service, place, { ...props, slots, boundaryArn: boundary.managedPolicyArn })) execution.addToPolicy(statement);

  const deploy = new iam.Role(stack, 'Deploy', {
    roleName: `${service}-${place}-deploy`,
    assumedBy: trusted('deployer'),
    description: 'The hub deploys slots as this role',
  });
  deploy.addToPolicy(
    allow(
      'SlotStacks',
      [
        'cloudformation:CreateChangeSet',
        'cloudformation:DescribeChangeSet',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:DeleteChangeSet',
        'cloudformation:DescribeStacks',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DeleteStack',
      ],
      ...slots.map((slot) => `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${slot}/*`),
    ),
  );
  deploy.addToPolicy(allow('Templates', ['s3:GetObject'], ASSETS));
  deploy.addToPolicy(
    new iam.PolicyStatement({
      sid: 'OnlyAsTheExecutionRole',
      actions: ['iam:PassRole'],
      resources: [execution.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    }),
  );

  const migrate = new iam.Role(stack, 'Migrate', {
    roleName: `${service}-${place}-migrate`,
    assumedBy: trusted('migrator'),
    description: 'The hub runs migrations as this role',
  });
  const migrations = slots.map((slot) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${slot}*Migrations*`);
  migrate.addToPolicy(allow('Migrations', ['lambda:InvokeFunction'], ...migrations));

  const operator = new iam.Role(stack, 'Operator', {
    roleName: `${service}-${place}-operator`,
    assumedBy: trusted('traffic'),
    description: 'The hub moves traffic as this role',
  });
  operator.addToPolicy(allow('TheLiveRule', ['elasticloadbalancing:ModifyRule', 'elasticloadbalancing:AddTags'], props.liveRuleArn));
  operator.addToPolicy(allow('ReadRules', ['elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTags'], '*'));
  operator.addToPolicy(allow('FrontDoor', ['ssm:GetParameter'], frontDoor));

  const observer = new iam.Role(stack, 'Observer', {
    roleName: `${service}-${place}-observer`,
    assumedBy: trusted('observer', 'traffic', 'deployer'),
    description: 'The hub reads and tests as this role',
  });
  observer.addToPolicy(allow('Health', ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricStatistics', 'elasticloadbalancing:DescribeTargetHealth'], '*'));
  observer.addToPolicy(allow('Tests', ['lambda:InvokeFunction'], ...props.tests.map(({ functionArn }) => functionArn)));
  observer.addToPolicy(allow('FrontDoor', ['ssm:GetParameter'], frontDoor));
  observer.addToPolicy(allow('Files', ['s3:GetObject'], ASSETS));
}

function allow(sid: string, actions: string[], ...resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources });
}
