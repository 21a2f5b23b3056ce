import type { Grant } from './grants';

/** Something that is given although a rehearsal need not use it. */
export interface Excuse {
  /** Names of policies; `*` is any text. */
  readonly policy: string;
  readonly kind: Grant['kind'];
  /** As they are in the statement; `*` is any text, `[*]` a `*` that is written there. */
  readonly values: readonly string[];
  readonly reason: string;
  /**
   * Whether it depends on chance whether it is used, or on what somebody tries where `--keep` leaves everything running: then it must be given, and may
   * be used.
   *
   * @default false - it must be given, and must not be used: once it is, the excuse goes
   */
  readonly sometimes?: boolean;
}

const HUB = '*/Functions';

const PLATFORM_CHANGES = 'used when a platform is changed or removed, which no rehearsal does; test/integ/cases/traffic-switch.ts does';
const AS_THE_CDK_WRITES_IT = 'the CDK’s own statement, as it comes';
const WORKLOADS = 'offered to workloads that need it; the example’s is one function without a network';
const FAILED_DEPLOYMENT = 'used when a deployment fails half way; test/integ/cases/whole-release.ts has one that does';
const DIED = 'used when an execution dies; test/lambda/crashes.test.ts lets every one die everywhere';
const ROLLED_BACK = 'used when a release is rolled back; the story has one that is, in production';
const STOPPED = 'used when a release stops before anything was shifted; test/lambda/handlers/endings.test.ts has those that do';
const CRASHED = 'used for what a crash left in the outbox; test/lambda/crashes.test.ts leaves it there';
const WHEREVER = 'the same in every environment: which of them waits, or has its alarm raised, is for the release to say';
const WHOSE_LOCK = 'the same for every machine: which of them holds an environment, or has a release, when somebody looks is for the release to say';
const IN_FLIGHT = 'for a release that is in flight when a go/no-go is taken out of the plan: its machine still asks';
const EVERYBODY_LOOKS = 'everybody who may do something may look at everything; what ptl asks of it differs by command';
const BY_HAND = 'for people when something goes wrong; test/lambda/api/abort-and-roll-back.test.ts lets them';
const RETIRED = 'used when a path is taken out again, which no rehearsal does; test/integ/cases/adopt.ts does';
const CONTRACTED = 'used when the shared state is contracted, long after a release is live; test/integ/cases/contract.ts does';
const TESTERS = 'for testers, who try where they are asked to; the story’s looks into one slot of production';
const WHICH_SLOT = 'the same for every slot: which of them a release with a migration is deployed to is for the environment to say';
const OTHER_PIPELINES = 'for pipelines that submit without ptl; the story’s has it';

/**
 * What a rehearsal does not use, each with its reason. An entry that names nothing, and one for something that is used after all, is an error: this
 * list is all there is.
 */
export const NEVER_EXERCISED: readonly Excuse[] = [
  {
    policy: '*/TrafficSwitch/Owner/Role/DefaultPolicy',
    kind: 'action',
    values: ['elasticloadbalancing:ModifyRule', 'elasticloadbalancing:SetRulePriorities', 'elasticloadbalancing:DeleteRule'],
    reason: PLATFORM_CHANGES,
  },
  { policy: '*/TrafficSwitch/Owner/Role/DefaultPolicy', kind: 'action', values: ['elasticloadbalancing:Describe*'], reason: PLATFORM_CHANGES, sometimes: true },
  { policy: '*/TrafficSwitch/Owner/Role/DefaultPolicy', kind: 'resource', values: ['*:listener-rule/*'], reason: PLATFORM_CHANGES },
  { policy: '*/TrafficSwitch/Owner/Role/DefaultPolicy', kind: 'resource', values: ['[*]'], reason: PLATFORM_CHANGES, sometimes: true },
  {
    policy: '*/TrafficSwitch/Provider/framework-onEvent/ServiceRole/DefaultPolicy',
    kind: 'action',
    values: ['lambda:GetFunction'],
    reason: AS_THE_CDK_WRITES_IT,
  },
  { policy: '*/TrafficSwitch/Provider/framework-onEvent/ServiceRole/DefaultPolicy', kind: 'resource', values: ['*'], reason: AS_THE_CDK_WRITES_IT },
  { policy: '*/Entrance/AccessLogs/Policy', kind: 'action', values: ['s3:PutObject', 's3:GetBucketAcl'], reason: AS_THE_CDK_WRITES_IT },
  { policy: '*/Entrance/AccessLogs/Policy', kind: 'resource', values: ['*'], reason: AS_THE_CDK_WRITES_IT },
  { policy: `${HUB}/Reconcile/Role/DefaultPolicy`, kind: 'action', values: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'], reason: AS_THE_CDK_WRITES_IT },

  { policy: '*/Roles/Execution/Role/DefaultPolicy', kind: 'action', values: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'], reason: WORKLOADS },
  { policy: '*/Roles/Execution/Role/DefaultPolicy', kind: 'action', values: ['elasticloadbalancing:DescribeTags'], reason: WORKLOADS },
  {
    policy: '*/Roles/Execution/Role/DefaultPolicy',
    kind: 'resource',
    values: ['*/vpc-id', '*/subnet-ids', '*/public-addresses', '*/load-balancer-security-group-id'],
    reason: WORKLOADS,
  },
  { policy: '*/Roles/Migrate/Role/DefaultPolicy', kind: 'resource', values: ['*SlotMigrations*'], reason: WHICH_SLOT, sometimes: true },
  { policy: '*/Roles/Operator/Role/DefaultPolicy', kind: 'action', values: ['elasticloadbalancing:DescribeTags'], reason: ROLLED_BACK, sometimes: true },
  { policy: '*/Roles/Deploy/Role/DefaultPolicy', kind: 'resource', values: ['*/subnet-ids'], reason: WORKLOADS },
  {
    policy: '*/Roles/Deploy/Role/DefaultPolicy',
    kind: 'action',
    values: ['cloudformation:DeleteStack', 'cloudformation:DeleteChangeSet'],
    reason: FAILED_DEPLOYMENT,
  },

  {
    policy: `${HUB}/Reconcile/Role/DefaultPolicy`,
    kind: 'action',
    values: ['events:PutEvents', 'dynamodb:*', 'states:SendTaskSuccess', 'lambda:InvokeFunction'],
    reason: DIED,
    sometimes: true,
  },
  { policy: `${HUB}/Reconcile/Role/DefaultPolicy`, kind: 'resource', values: ['*'], reason: DIED, sometimes: true },
  { policy: `${HUB}/Stop/Role/DefaultPolicy`, kind: 'action', values: ['events:PutEvents', 'dynamodb:*'], reason: STOPPED, sometimes: true },
  { policy: `${HUB}/Stop/Role/DefaultPolicy`, kind: 'resource', values: ['*:event-bus/*', '*:table/*'], reason: STOPPED, sometimes: true },
  {
    policy: `${HUB}/Sweep/Role/DefaultPolicy`,
    kind: 'action',
    values: ['events:PutEvents', 'dynamodb:DeleteItem', 'states:SendTask*'],
    reason: CRASHED,
    sometimes: true,
  },
  { policy: `${HUB}/Sweep/Role/DefaultPolicy`, kind: 'resource', values: ['*'], reason: CRASHED, sometimes: true },

  { policy: `${HUB}/Observer/DefaultPolicy`, kind: 'action', values: ['states:SendTaskFailure'], reason: WHEREVER, sometimes: true },
  { policy: `${HUB}/Observer/DefaultPolicy`, kind: 'resource', values: ['*:stateMachine:*'], reason: WHEREVER, sometimes: true },
  { policy: `${HUB}/Observer/DefaultPolicy`, kind: 'resource', values: ['*:execution:*'], reason: WHOSE_LOCK, sometimes: true },
  { policy: `${HUB}/OpenGate/Role/DefaultPolicy`, kind: 'resource', values: ['*:stateMachine:*'], reason: WHEREVER, sometimes: true },
  { policy: `${HUB}/AlarmRaised/Role/DefaultPolicy`, kind: 'resource', values: ['*:stateMachine:*'], reason: WHEREVER, sometimes: true },
  { policy: `${HUB}/Observer/DefaultPolicy`, kind: 'action', values: ['lambda:InvokeFunction'], reason: BY_HAND, sometimes: true },
  { policy: `${HUB}/Observer/DefaultPolicy`, kind: 'resource', values: ['*:function:*'], reason: BY_HAND, sometimes: true },

  {
    policy: '*/Environments/*/Workflow/Role/Workflow',
    kind: 'resource',
    values: ['*:function:*OpenGate*'],
    reason: IN_FLIGHT,
  },

  { policy: '*/Api/Read', kind: 'resource', values: ['*/GET/*'], reason: EVERYBODY_LOOKS, sometimes: true },
  { policy: '*/Api/Submit', kind: 'resource', values: ['*/GET/*'], reason: EVERYBODY_LOOKS, sometimes: true },
  { policy: '*/Api/Decide', kind: 'resource', values: ['*/GET/*'], reason: EVERYBODY_LOOKS, sometimes: true },
  { policy: '*/Api/Manage', kind: 'resource', values: ['*/GET/*'], reason: EVERYBODY_LOOKS, sometimes: true },
  { policy: `${HUB}/Observer/DefaultPolicy`, kind: 'action', values: ['states:StartExecution'], reason: RETIRED },
  { policy: '*/Api/Manage', kind: 'resource', values: ['*/POST/environments/[*]/contract'], reason: CONTRACTED },
  { policy: '*/Api/Retire', kind: 'action', values: ['execute-api:Invoke', 'ssm:GetParameter'], reason: RETIRED },
  { policy: '*/Api/Retire', kind: 'resource', values: ['*'], reason: RETIRED },
  {
    policy: '*/Api/Manage',
    kind: 'resource',
    values: ['abort', 'roll-back', 'recover', 'freeze', 'unfreeze'].map((what) => `*/POST/${what === 'abort' ? 'releases' : 'environments'}/[*]/${what}`),
    reason: BY_HAND,
    sometimes: true,
  },

  { policy: '*/Try/Policy', kind: 'action', values: ['secretsmanager:GetSecretValue'], reason: TESTERS, sometimes: true },
  { policy: '*/Try/Policy', kind: 'resource', values: ['*'], reason: TESTERS, sometimes: true },

  { policy: '*/Api/Submit', kind: 'action', values: ['states:StartExecution', 'states:DescribeExecution', 'events:PutEvents'], reason: OTHER_PIPELINES },
  { policy: '*/Api/Submit', kind: 'resource', values: ['*:stateMachine:*', '*:execution:*', '*:event-bus/*'], reason: OTHER_PIPELINES },
];
