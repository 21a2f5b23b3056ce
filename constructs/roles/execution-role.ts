import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../private/acknowledge';
import { rulesOf } from '../private/rules-of';

export interface ExecutionRoleProps {
  readonly roleName: string;
  readonly slotStacks: string[];
  readonly listenerArn: string;
  /** The rules that no slot may touch. */
  readonly liveRuleArns: string[];
  /** IAM path of every role in a slot, with slashes at both ends. */
  readonly slotRolePath: string;
  /** Tags, as a condition has them, without which it changes no rule of the listener: others may have rules there too. */
  readonly marks: { readonly [key: string]: string };
  /** Without this permissions boundary it can neither make a role nor change one. */
  readonly boundaryArn: string;
  /** ARNs of the secrets that the slots' listener rules hold. */
  readonly keyArns: string[];
  /** ARNs of the parameters that templates of slots resolve. */
  readonly parameterArns: string[];
  /** Where the files of releases are published to. */
  readonly assetBucket: string;
  /** What the workload needs beside roles, listener rules and alarms. */
  readonly workload: iam.PolicyStatement[];
  /** ARNs of the functions that no slot may touch. */
  readonly frontDoorFunctions: string[];
  /** Whether slots have alarms that look at other alarms. */
  readonly compositeAlarms: boolean;
}

/**
 * What CloudFormation acts as when it deploys a slot: roles within the boundary, the slots' own rules of the listener, alarms, and what the
 * workload declares, but not to the front door's own functions.
 *
 * What it cannot prevent: a slot's template with a listener rule in front of the live rule. IAM knows no conditions on priorities; synth refuses
 * such a template, and whoever can submit releases can already put anything live that passes the gates.
 */
export class ExecutionRole extends Construct {
  readonly role: iam.Role;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ExecutionRoleProps,
  ) {
    super(scope, id);
    this.role = new iam.Role(this, 'Role', {
      roleName: props.roleName,
      assumedBy: new iam.ServicePrincipal('cloudformation.amazonaws.com'),
      description: 'CloudFormation deploys slots as this role',
    });
    this.allowRoles();
    this.allowRules();
    this.allowAlarms();
    this.allowReading();
    this.allow('what the workload declares', ...props.workload);
    this.denyFrontDoor();
  }

  /**
   * Lets it deploy more, by a managed policy: beside what a workload of containers needs, a role's own policies would be longer than the 10,240 characters
   * that it may have, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
   */
  alsoDeploys(id: string, statements: iam.PolicyStatement[]): void {
    const policy = new iam.ManagedPolicy(this, id, { description: 'CloudFormation also deploys this of slots', statements, roles: [this.role] });
    const wide = statements.flatMap(({ resources }) => resources).filter((resource) => resource.includes('*'));
    acknowledgeWildcards(policy, 'what a workload or a migration of slots declares', ...new Set(wide));
  }

  /**
   * A workload is known by the beginning of its functions' names, and CloudFormation keeps 25 characters for that: where path and environment have
   * long names, those of the front door begin alike. So what the workload may do to functions it may not do to these.
   */
  private denyFrontDoor(): void {
    const actions = this.props.workload.flatMap((statement) => statement.actions).filter((action) => /^(lambda:|\*)/.test(action));
    if (actions.length === 0) return;
    const resources = this.props.frontDoorFunctions.flatMap((arn) => [arn, `${arn}:*`]);
    this.role.addToPolicy(new iam.PolicyStatement({ sid: 'NeverTheFrontDoor', effect: iam.Effect.DENY, actions: [...new Set(actions)], resources }));
  }

  private allowRoles(): void {
    const roles = [
      Stack.of(this).formatArn({ service: 'iam', region: '', resource: `role${this.props.slotRolePath}*`, arnFormat: ArnFormat.NO_RESOURCE_NAME }),
    ];
    const bounded = { StringEquals: { 'iam:PermissionsBoundary': this.props.boundaryArn } };
    const changing = ['CreateRole', 'PutRolePermissionsBoundary', 'PutRolePolicy', 'DeleteRolePolicy', 'AttachRolePolicy', 'DetachRolePolicy'];
    const other = [
      'GetRole',
      'GetRolePolicy',
      'ListRolePolicies',
      'ListAttachedRolePolicies',
      'UpdateRole',
      'UpdateAssumeRolePolicy',
      'TagRole',
      'UntagRole',
      'DeleteRole',
    ];
    this.allow(
      'CloudFormation makes up the names of the roles in a slot; all of them are under this IAM path',
      new iam.PolicyStatement({ sid: 'RolesWithinTheBoundary', actions: changing.map((name) => `iam:${name}`), resources: roles, conditions: bounded }),
      new iam.PolicyStatement({ sid: 'Roles', actions: other.map((name) => `iam:${name}`), resources: roles }),
    );
  }

  private allowRules(): void {
    const actions = (...names: string[]) => names.map((name) => `elasticloadbalancing:${name}`);
    const rules = rulesOf(this.props.listenerArn);
    const changing = actions('ModifyRule', 'DeleteRule', 'SetRulePriorities', 'AddTags', 'RemoveTags');
    this.allow(
      'rules are known by ids that are made up when they are made, and those that may be changed by their tags; DescribeRules knows no resources',
      new iam.PolicyStatement({ sid: 'RulesToMake', actions: actions('CreateRule'), resources: [this.props.listenerArn] }),
      new iam.PolicyStatement({ sid: 'RulesToMark', actions: actions('AddTags'), resources: [rules] }),
      new iam.PolicyStatement({
        sid: 'RulesMade',
        actions: changing.filter((action) => !action.endsWith(':AddTags')),
        resources: [rules],
        conditions: { StringEquals: this.props.marks },
      }),
      new iam.PolicyStatement({ sid: 'NeverTheLiveRule', effect: iam.Effect.DENY, actions: changing, resources: this.props.liveRuleArns }),
      new iam.PolicyStatement({ sid: 'ReadRules', actions: actions('DescribeRules', 'DescribeTags'), resources: ['*'] }),
    );
  }

  private allowAlarms(): void {
    const actions = ['PutMetricAlarm', 'DescribeAlarms', 'DeleteAlarms', 'ListTagsForResource', 'TagResource', 'UntagResource'];
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    const resources = this.props.slotStacks.map((name) =>
      Stack.of(this).formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: `${name}-*`, arnFormat }),
    );
    this.allow(
      'CloudFormation makes up the names of the alarms in a slot; all of them start with the stack’s name',
      new iam.PolicyStatement({ sid: 'Alarms', actions: actions.map((name) => `cloudwatch:${name}`), resources }),
    );
    if (!this.props.compositeAlarms) return;
    this.allow(
      'CloudWatch makes and shows composite alarms only to who may do so with all: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html',
      new iam.PolicyStatement({ sid: 'CompositeAlarms', actions: ['cloudwatch:PutCompositeAlarm', 'cloudwatch:DescribeAlarms'], resources: ['*'] }),
    );
  }

  private allowReading(): void {
    const { keyArns, parameterArns, assetBucket } = this.props;
    this.allow(
      'files are published under the hash of their content',
      new iam.PolicyStatement({ sid: 'Keys', actions: ['secretsmanager:GetSecretValue'], resources: keyArns }),
      new iam.PolicyStatement({ sid: 'Parameters', actions: ['ssm:GetParameters'], resources: parameterArns }),
      new iam.PolicyStatement({ sid: 'Files', actions: ['s3:GetObject'], resources: [`arn:${Stack.of(this).partition}:s3:::${assetBucket}/*`] }),
    );
  }

  /** @param reason why some of the statements' resources have a wildcard in them */
  private allow(reason: string, ...statements: iam.PolicyStatement[]): void {
    for (const statement of statements) this.role.addToPolicy(statement);
    const wide = statements.flatMap(({ resources }) => resources).filter((resource) => resource.includes('*'));
    acknowledgeWildcards(this.role, reason, ...new Set(wide));
  }
}
