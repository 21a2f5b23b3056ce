/**
 * What CloudFormation calls to make, read, change and remove a resource: the `handlers.*.permissions` of the resource types' schemas as CloudFormation
 * publishes them (those of 20 October 2026), https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/cloudformation-schemas.html.
 *
 * A schema lists what any template may need. What only a property leads to is asked for where a template has that property; what is here without
 * one is asked for always.
 */
export interface HandlerAction {
  /** For example `lambda:CreateFunction`. */
  readonly action: string;
  /**
   * Properties of which one makes the handler call it.
   *
   * @default - it always does
   */
  readonly only?: readonly string[];
}

const always = (service: string, ...names: string[]): HandlerAction[] => names.map((name) => ({ action: `${service}:${name}` }));
const only = (properties: readonly string[], service: string, ...names: string[]): HandlerAction[] =>
  names.map((name) => ({ action: `${service}:${name}`, only: properties }));

/** By resource type. */
export const HANDLERS: Readonly<Record<string, readonly HandlerAction[]>> = {
  'AWS::AutoScaling::AutoScalingGroup': [
    // The schema says Describe* of Auto Scaling and EC2: these are what making, replacing and removing a group from a launch template needs.
    ...always('autoscaling', 'CreateAutoScalingGroup', 'UpdateAutoScalingGroup', 'DeleteAutoScalingGroup'),
    ...always('autoscaling', 'DescribeAutoScalingGroups', 'DescribeScalingActivities', 'DescribeLifecycleHooks', 'DescribeNotificationConfigurations'),
    ...only(['Tags'], 'autoscaling', 'CreateOrUpdateTags', 'DeleteTags', 'DescribeTags'),
    ...only(['TargetGroupARNs'], 'autoscaling', 'DescribeLoadBalancerTargetGroups', 'DescribeTrafficSources'),
    ...only(['TargetGroupARNs'], 'elasticloadbalancing', 'DescribeTargetGroups', 'DescribeTargetHealth'),
    ...only(['LaunchTemplate'], 'ec2', 'RunInstances', 'CreateTags', 'DescribeLaunchTemplates', 'DescribeLaunchTemplateVersions', 'DescribeInstances'),
    ...only(['VPCZoneIdentifier'], 'ec2', 'DescribeSubnets'),
    ...only(['LaunchTemplate'], 'iam', 'CreateServiceLinkedRole', 'PassRole'),
  ],
  // the CDK's note of its version: makes nothing
  'AWS::CDK::Metadata': [],
  'AWS::CloudFormation::Stack': always('cloudformation', 'CreateStack', 'UpdateStack', 'DeleteStack', 'DescribeStacks'),
  'AWS::CloudWatch::Alarm': always('cloudwatch', 'PutMetricAlarm', 'DescribeAlarms', 'DeleteAlarms', 'TagResource', 'UntagResource', 'ListTagsForResource'),
  // has no handlers in its schema: what making, reading, changing and removing one is called in CodeBuild's API
  'AWS::CodeBuild::Project': [
    ...always('codebuild', 'CreateProject', 'UpdateProject', 'DeleteProject', 'BatchGetProjects'),
    ...only(['ServiceRole'], 'iam', 'PassRole'),
  ],
  'AWS::EC2::LaunchTemplate': [
    ...always('ec2', 'CreateLaunchTemplate', 'CreateLaunchTemplateVersion', 'DeleteLaunchTemplate', 'DescribeLaunchTemplates'),
    ...only(['TagSpecifications'], 'ec2', 'CreateTags', 'DeleteTags'),
  ],
  'AWS::EC2::SecurityGroup': [
    ...always('ec2', 'CreateSecurityGroup', 'DeleteSecurityGroup', 'DescribeSecurityGroups', 'DescribeInstances'),
    ...only(['SecurityGroupIngress'], 'ec2', 'AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress'),
    ...only(['SecurityGroupEgress'], 'ec2', 'AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupEgress'),
    ...only(['Tags'], 'ec2', 'CreateTags', 'DeleteTags'),
  ],
  'AWS::ECS::Cluster': [
    ...always('ecs', 'CreateCluster', 'DescribeClusters', 'UpdateCluster', 'DeleteCluster'),
    ...always('iam', 'CreateServiceLinkedRole'),
    ...only(['ClusterSettings'], 'ecs', 'UpdateClusterSettings'),
    ...only(['Tags'], 'ecs', 'TagResource', 'UntagResource', 'ListTagsForResource'),
  ],
  'AWS::ECS::Service': [
    ...always('ecs', 'CreateService', 'DescribeServices', 'UpdateService', 'DeleteService'),
    ...always('ecs', 'ListServiceDeployments', 'DescribeServiceDeployments', 'StopServiceDeployment'),
    ...only(['Tags'], 'ecs', 'TagResource', 'UntagResource', 'ListTagsForResource'),
  ],
  'AWS::ECS::TaskDefinition': [
    ...always('ecs', 'RegisterTaskDefinition', 'DescribeTaskDefinition', 'DeregisterTaskDefinition'),
    ...only(['TaskRoleArn', 'ExecutionRoleArn'], 'iam', 'GetRole', 'PassRole'),
    ...only(['Tags'], 'ecs', 'TagResource', 'UntagResource', 'ListTagsForResource'),
  ],
  'AWS::ElasticLoadBalancingV2::ListenerRule': [
    ...always('elasticloadbalancing', 'CreateRule', 'ModifyRule', 'DeleteRule', 'SetRulePriorities', 'AddTags', 'RemoveTags', 'DescribeRules', 'DescribeTags'),
  ],
  'AWS::ElasticLoadBalancingV2::TargetGroup': [
    ...always('elasticloadbalancing', 'CreateTargetGroup', 'ModifyTargetGroup', 'ModifyTargetGroupAttributes', 'DeleteTargetGroup', 'AddTags', 'RemoveTags'),
    ...always('elasticloadbalancing', 'DescribeTargetGroups', 'DescribeTargetGroupAttributes', 'DescribeTargetHealth', 'DescribeTags'),
    ...only(['Targets'], 'elasticloadbalancing', 'RegisterTargets', 'DeregisterTargets'),
    ...only(['VpcId'], 'ec2', 'DescribeVpcs'),
  ],
  'AWS::IAM::InstanceProfile': [
    ...always('iam', 'CreateInstanceProfile', 'GetInstanceProfile', 'DeleteInstanceProfile'),
    ...only(['Roles'], 'iam', 'AddRoleToInstanceProfile', 'RemoveRoleFromInstanceProfile', 'PassRole'),
  ],
  'AWS::IAM::Policy': always('iam', 'GetRolePolicy', 'PutRolePolicy', 'DeleteRolePolicy'),
  'AWS::IAM::Role': [
    ...always('iam', 'CreateRole', 'GetRole', 'UpdateRole', 'UpdateAssumeRolePolicy', 'DeleteRole'),
    ...always('iam', 'ListRolePolicies', 'ListAttachedRolePolicies', 'GetRolePolicy'),
    ...only(['PermissionsBoundary'], 'iam', 'PutRolePermissionsBoundary'),
    ...only(['Tags'], 'iam', 'TagRole', 'UntagRole'),
    ...only(['Policies'], 'iam', 'PutRolePolicy', 'DeleteRolePolicy'),
    ...only(['ManagedPolicyArns'], 'iam', 'AttachRolePolicy', 'DetachRolePolicy'),
  ],
  'AWS::Lambda::Function': [
    ...always('lambda', 'CreateFunction', 'UpdateFunctionCode', 'UpdateFunctionConfiguration', 'DeleteFunction', 'GetFunction'),
    ...always('lambda', 'GetFunctionCodeSigningConfig', 'GetFunctionRecursionConfig', 'GetRuntimeManagementConfig'),
    ...only(['Tags'], 'lambda', 'TagResource', 'UntagResource', 'ListTags'),
    ...only(['Role'], 'iam', 'PassRole'),
    ...only(['Code'], 's3', 'GetObject'),
    ...only(['ReservedConcurrentExecutions'], 'lambda', 'PutFunctionConcurrency', 'DeleteFunctionConcurrency'),
    ...only(['Layers'], 'lambda', 'GetLayerVersion'),
    ...only(['VpcConfig'], 'ec2', 'DescribeSecurityGroups', 'DescribeSubnets', 'DescribeVpcs', 'DescribeNetworkInterfaces'),
  ],
  'AWS::Lambda::Permission': always('lambda', 'AddPermission', 'GetPolicy', 'RemovePermission'),
  'AWS::Logs::LogGroup': [
    ...always('logs', 'CreateLogGroup', 'DeleteLogGroup', 'DescribeLogGroups'),
    ...only(['RetentionInDays'], 'logs', 'PutRetentionPolicy', 'DeleteRetentionPolicy'),
    ...only(['Tags'], 'logs', 'TagResource', 'UntagResource', 'ListTagsForResource'),
    ...only(['KmsKeyId'], 'logs', 'AssociateKmsKey', 'DisassociateKmsKey'),
  ],
};
