import type { StackTemplate } from '../../../permissions';
import { bundled } from '../../bundles';
import { FINE, hold, stacksOf, wrongs } from './held';
import type { Layout } from './layout-app';

const one = { account: '111111111111', region: 'eu-west-2' };
const two = { account: '222222222222', region: 'eu-west-1' };
const three = { account: '333333333333', region: 'eu-central-1' };

const LAYOUTS: Readonly<Record<string, Layout>> = {
  'one account': { hub: one, integration: one, preproduction: one, production: one },
  'two accounts: production in one of its own': { hub: one, integration: one, preproduction: one, production: two },
  'three accounts and regions: hub, non-production, production': { hub: one, integration: two, preproduction: two, production: three },
};
const synthesized = new Map<string, StackTemplate[]>();

beforeAll(() => {
  bundled();
  for (const [name, layout] of Object.entries(LAYOUTS)) synthesized.set(name, stacksOf(layout));
}, 300_000);

const stacks = (layout: string) => synthesized.get(layout) ?? [];
const THREE = Object.keys(LAYOUTS)[2] as string;

/** The stacks with one resource's properties changed. */
function changed(layout: string, stackName: string, logicalId: RegExp, change: (properties: Record<string, unknown>) => object): StackTemplate[] {
  let found = 0;
  const after = stacks(layout).map((stack) => {
    if (stack.stackName !== stackName) return stack;
    const Resources = Object.fromEntries(
      Object.entries(stack.template.Resources ?? {}).map(([id, resource]) => {
        if (!logicalId.test(id)) return [id, resource];
        found++;
        return [id, { ...resource, Properties: change({ ...resource.Properties }) }];
      }),
    );
    return { ...stack, template: { ...stack.template, Resources } };
  });
  expect(found).toBe(1);
  return after as StackTemplate[];
}

describe.each(Object.keys(LAYOUTS))('with the example in %s', (name) => {
  test('every call that rehearsals recorded, and AWS makes by itself, is allowed, and everything that is granted is used or has its reason', async () => {
    expect(wrongs(await hold(stacks(name), LAYOUTS[name] as Layout))).toEqual(FINE);
  });
});

describe('a trust that is removed is found:', () => {
  const untrusted = { AssumeRolePolicyDocument: { Statement: [] } };
  test.each<[string, string, RegExp, object, RegExp]>([
    [
      'the hub’s in an environment',
      'Payments-Production',
      /^RolesOperatorRole[0-9A-F]{8}$/,
      untrusted,
      /hub-traffic sts:AssumeRole .*:333333333333:role\/Payments-Production-operator/,
    ],
    [
      'CloudFormation’s in the execution role',
      'Payments-Production',
      /^RolesExecutionRole[0-9A-F]{8}$/,
      untrusted,
      /cloudformation.amazonaws.com sts:AssumeRole .*Payments-Production-execution/,
    ],
    [
      'the topic’s in the hub',
      'Payments-Production',
      /^AlarmsTopicPolicy/,
      { PolicyDocument: { Statement: [] } },
      /cfn-exec-role-111111111111.* sns:Subscribe .*Payments-Production-alarms/,
    ],
    ['the alarms’ at the topic', 'Payments-Production', /^AlarmsTopicPolicy/, { PolicyDocument: { Statement: [] } }, /cloudwatch.amazonaws.com sns:Publish/],
    [
      'the hub’s function in the topic',
      'Payments-Hub',
      /AlarmRaisedFunctionProductionAlarms/,
      { SourceArn: 'arn:aws:sns:eu-central-1:333333333333:another' },
      /sns.amazonaws.com lambda:InvokeFunction .*hub-alarm-raised/,
    ],
    [
      'the publishing role’s in the pipeline’s account',
      'CDKToolkit-333333333333-eu-central-1',
      /^FilePublishingRole$/,
      untrusted,
      /PaymentsPipeline sts:AssumeRole .*:333333333333:role\/cdk-hnb659fds-file-publishing-role/,
    ],
  ])('%s', async (_, stackName, logicalId, instead, complaint) => {
    const { denied } = wrongs(
      await hold(
        changed(THREE, stackName, logicalId, (properties) => ({ ...properties, ...instead })),
        LAYOUTS[THREE] as Layout,
      ),
    );
    expect(denied).toContainEqual(expect.stringMatching(complaint));
  });

  test('the role that a trust names must be the one that comes', async () => {
    const other = (properties: Record<string, unknown>) => JSON.parse(JSON.stringify(properties).replace('Payments-hub-traffic', 'Payments-hub-traffics'));
    const { denied } = wrongs(await hold(changed(THREE, 'Payments-Production', /^RolesOperatorRole[0-9A-F]{8}$/, other), LAYOUTS[THREE] as Layout));
    expect(denied).toContainEqual(expect.stringMatching(/hub-traffic sts:AssumeRole .*Payments-Production-operator: /));
  });
});

describe('in one account', () => {
  const ONE = Object.keys(LAYOUTS)[0] as string;
  type Statement = { Sid?: string; Action: string | string[] };
  const policy = (properties: Record<string, unknown>, edit: (statements: Statement[]) => object[]) => ({
    ...properties,
    PolicyDocument: { Statement: edit((properties.PolicyDocument as { Statement: Statement[] }).Statement) },
  });

  test('a permission that is missing is found, with who needs it for what', async () => {
    const without = (statements: Statement[]) => statements.filter(({ Sid }) => Sid !== 'TheLiveRule');
    const { denied } = wrongs(
      await hold(
        changed(ONE, 'Payments-Production', /^RolesOperatorRoleDefaultPolicy/, (properties) => policy(properties, without)),
        LAYOUTS[ONE] as Layout,
      ),
    );
    expect(denied.map((line) => line.replace(/arn:aws:elasticloadbalancing\S+/, 'the live rule'))).toEqual([
      'arn:aws:iam::111111111111:role/Payments-Production-operator elasticloadbalancing:AddTags the live rule no policy allows it',
      'arn:aws:iam::111111111111:role/Payments-Production-operator elasticloadbalancing:ModifyRule the live rule no policy allows it',
    ]);
  });

  test('so is one that CloudFormation needs to deploy a slot, which no emulator asks for', async () => {
    const without = (statements: Statement[]) =>
      statements.map((statement) => ({ ...statement, Action: [statement.Action].flat().filter((action) => action !== 'lambda:GetRuntimeManagementConfig') }));
    const { denied } = wrongs(
      await hold(
        changed(ONE, 'Payments-Production', /^RolesExecutionRoleDefaultPolicy/, (properties) => policy(properties, without)),
        LAYOUTS[ONE] as Layout,
      ),
    );
    // Of the service and of the migration, in each slot.
    expect(denied).toHaveLength(4);
    expect(denied[0]).toMatch(/Payments-Production-execution lambda:GetRuntimeManagementConfig .*: no policy allows it/);
  });

  test('a statement that nothing uses is found, and so is an action, and a resource, of one that is used', async () => {
    const more = (statements: Statement[]) => [
      ...statements.map((statement) =>
        statement.Sid === 'TheLiveRule' ? { ...statement, Action: [...[statement.Action].flat(), 'elasticloadbalancing:DeleteRule'] } : statement,
      ),
      { Sid: 'Superfluous', Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' },
    ];
    const { unused } = wrongs(
      await hold(
        changed(ONE, 'Payments-Production', /^RolesOperatorRoleDefaultPolicy/, (properties) => policy(properties, more)),
        LAYOUTS[ONE] as Layout,
      ),
    );
    expect(unused).toEqual([
      'Payments/Production/Roles/Operator/Role/DefaultPolicy #TheLiveRule action elasticloadbalancing:DeleteRule',
      'Payments/Production/Roles/Operator/Role/DefaultPolicy #Superfluous action s3:ListAllMyBuckets',
      'Payments/Production/Roles/Operator/Role/DefaultPolicy #Superfluous resource *',
    ]);
  });

  test('a Deny that denies nothing is found', async () => {
    const none = (statements: Statement[]) =>
      statements.map((statement) =>
        statement.Sid === 'NeverTheLiveRule' ? { ...statement, Principal: { AWS: '*' }, Action: ['elasticloadbalancing:Nothing'] } : statement,
      );
    const { denied } = wrongs(
      await hold(
        changed(ONE, 'Payments-Production', /^RolesExecutionRoleDefaultPolicy/, (properties) => policy(properties, none)),
        LAYOUTS[ONE] as Layout,
      ),
    );
    expect(denied[0]).toMatch(/elasticloadbalancing:Nothing .*: AWS has no action elasticloadbalancing:Nothing/);
  });

  test('an excuse for what is used, and one for what is not there, are found', async () => {
    const excuses = [
      { policy: '*/Roles/Operator/Role/DefaultPolicy', kind: 'action' as const, values: ['elasticloadbalancing:ModifyRule'], reason: 'r' },
      { policy: '*/Nowhere', kind: 'action' as const, values: ['*'], reason: 'r', sometimes: true },
    ];
    expect((await hold(stacks(ONE), LAYOUTS[ONE] as Layout, { excuses })).stale).toEqual(excuses);
  });
});
