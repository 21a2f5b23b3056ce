import type { Excuse } from '../../rehearsal/permissions/never-exercised';

const CRASHED = 'used for what a crash left in the outbox; test/lambda/crashes.test.ts leaves it there';
const IN_FLIGHT = 'for an execution that was started before the hub was deployed again: it calls the versions it started with';
const AS_THE_CDK_WRITES_IT = 'the CDK’s own statement, as it comes';
const EVERYBODY_LOOKS = 'everybody who may do something may look at everything';
const WHERE_IT_IS = 'for who does not know the URL of the API; the case takes it from the stack’s outputs';

const crashed = (policy: string, ...actions: string[]): Excuse[] => [
  { policy, kind: 'action', values: actions, reason: CRASHED, sometimes: true },
  { policy, kind: 'resource', values: ['*'], reason: CRASHED, sometimes: true },
];
/** Of a machine of the team's own, whose role takes its rights from its states. */
const machine = (policy: string, stack: string, theirs: string): Excuse[] => [
  { policy, kind: 'action', values: ['lambda:InvokeFunction'], reason: IN_FLIGHT },
  { policy, kind: 'resource', values: [`*:function:${stack}-*:[*]`], reason: IN_FLIGHT },
  { policy, kind: 'resource', values: [`*:function:${theirs}*:[*]`], reason: AS_THE_CDK_WRITES_IT },
];

const PLATFORM_CHANGES = 'used when the switch is changed or removed; test/integ/cases/traffic-switch.ts does';
const OWNER = '*/Switch/Owner/Role/DefaultPolicy';
const PROVIDER = '*/Switch/Provider/framework-onEvent/ServiceRole/DefaultPolicy';

export const SWITCH_EXCUSES: readonly Excuse[] = [
  ...crashed('*/Functions/Sweep/Role/DefaultPolicy', 'events:PutEvents', 'dynamodb:DeleteItem', 'dynamodb:Query'),
  {
    policy: '*/Functions/MachineEnded/Role/DefaultPolicy',
    kind: 'action',
    values: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
    reason: AS_THE_CDK_WRITES_IT,
  },
  ...machine('*/Release/Role/DefaultPolicy', 'ShopRelease', 'SwitchTeam'),
  {
    policy: OWNER,
    kind: 'action',
    values: ['ModifyRule', 'SetRulePriorities', 'DeleteRule'].map((name) => `elasticloadbalancing:${name}`),
    reason: PLATFORM_CHANGES,
  },
  { policy: OWNER, kind: 'resource', values: ['*:listener-rule/*'], reason: PLATFORM_CHANGES },
  { policy: PROVIDER, kind: 'action', values: ['lambda:GetFunction'], reason: AS_THE_CDK_WRITES_IT },
  { policy: PROVIDER, kind: 'resource', values: ['*'], reason: AS_THE_CDK_WRITES_IT },
];

export const FIREBREAK_EXCUSES: readonly Excuse[] = [
  ...crashed('*/Functions/Sweep/Role/DefaultPolicy', 'events:PutEvents', 'dynamodb:DeleteItem', 'dynamodb:Query', 'states:SendTaskSuccess'),
  ...machine('*/Pipeline/Role/DefaultPolicy', 'InvoicesPipeline', 'FirebreakTeam'),
  { policy: '*/Api/Read', kind: 'resource', values: ['*/GET/tickets'], reason: EVERYBODY_LOOKS },
  { policy: '*/Api/Decide', kind: 'resource', values: ['*/GET/releases', '*/GET/tickets'], reason: EVERYBODY_LOOKS },
  { policy: '*/Api/Manage', kind: 'resource', values: ['*/GET/releases', '*/GET/releases/[*]', '*/GET/tickets'], reason: EVERYBODY_LOOKS },
  ...['Read', 'Decide', 'Manage'].flatMap((name): Excuse[] => [
    { policy: `*/Api/${name}`, kind: 'action', values: ['ssm:GetParameter'], reason: WHERE_IT_IS },
    { policy: `*/Api/${name}`, kind: 'resource', values: ['*:parameter/*'], reason: WHERE_IT_IS },
  ]),
];
