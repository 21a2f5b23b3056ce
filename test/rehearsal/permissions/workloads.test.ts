import { InstanceType, MachineImage } from 'aws-cdk-lib/aws-ec2';
import { OrdersWorkload } from '../../../examples/own-stack/orders-stack';
import { AutoScalingGroupWorkload, Environment, FargateWorkload, Firebreak, GoNoGo, type IWorkload, PathToLive, ServiceImage } from '../../../lib';
import type { StackTemplate } from '../../../permissions';
import { Assembly } from '../../../rehearsal/permissions/assembly/assembly';
import { readStacks } from '../../../rehearsal/permissions/assembly/read-stacks';
import { Authority } from '../../../rehearsal/permissions/authorize';
import { slotAttempts } from '../../../rehearsal/permissions/calls/slot-deployments';
import { knownActions, mismatch, resourceAsked } from '../../../rehearsal/permissions/reference';
import { bundled } from '../../bundles';
import { testApp } from '../../test-app';

const env = { account: '111111111111', region: 'eu-west-2' };
/** What is deployed, a statement it cannot do without, and the actions that one allows. */
const WORKLOADS: readonly (readonly [name: string, workload: () => IWorkload, sid: string, actions: RegExp])[] = [
  [
    'containers on Fargate',
    () => new FargateWorkload({ image: ServiceImage.fromRegistry(`orders@sha256:${'1'.repeat(64)}`) }),
    'SecurityGroupsToMark',
    /^ec2:CreateTags .*:security-group\//,
  ],
  [
    'instances of an Auto Scaling group',
    () =>
      new AutoScalingGroupWorkload({
        machineImage: MachineImage.genericLinux({ 'eu-west-2': 'ami-0a1b2c3d4e5f60718' }),
        instanceType: new InstanceType('t3.small'),
        commands: ['systemctl start orders'],
      }),
    'InstancesOfTheTemplates',
    /^ec2:RunInstances /,
  ],
  [
    'the example of a stack of a team’s own',
    () => new OrdersWorkload(),
    'NestedStacks',
    /^cloudformation:(Create|Update|Delete|Describe)Stacks? .*:stack\/Orders-Production-/,
  ],
];

function stacksWith(workload: IWorkload): StackTemplate[] {
  const app = testApp({ context: { 'aws:cdk:enable-asset-metadata': true } });
  const firebreak = Firebreak.none({ reason: 'a test' });
  const production = new Environment('Production', { env, firebreak, goNoGo: GoNoGo.none({ reason: 'a test' }) });
  new PathToLive(app, 'Orders', { hub: env, workload, environments: [production] });
  return readStacks(app.synth().directory);
}

/** What CloudFormation would be refused when it deploys slots, as `<action> <resource>: <why>`. */
async function refused(stacks: readonly StackTemplate[]): Promise<{ readonly asked: number; readonly refused: string[] }> {
  const assembly = new Assembly(stacks);
  const attempts = slotAttempts(assembly);
  const known = await knownActions(attempts.map(({ request }) => request.action));
  const authority = new Authority(assembly);
  const lines = attempts.flatMap(({ request }) => {
    const { action, resource } = request;
    const why = mismatch(action, resource, known) ?? authority.verdict({ ...request, resource: resourceAsked(action, resource, known) }).why;
    return why === '' ? [] : [`${action} ${resource}: ${why}`];
  });
  return { asked: attempts.length, refused: [...new Set(lines)] };
}

beforeAll(bundled, 120_000);

describe.each(WORKLOADS)('CloudFormation deploys %s', (_, workload, sid, actions) => {
  test('with what the environment’s execution role may do', async () => {
    const { asked, refused: lines } = await refused(stacksWith(workload()));
    expect(lines).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  }, 60_000);

  test(`and not without its statement ${sid}`, async () => {
    const without = JSON.parse(JSON.stringify(stacksWith(workload())), (_key, value) =>
      value?.Sid === sid ? { ...value, Action: 'ec2:DescribeTags' } : value,
    );
    const { refused: lines } = await refused(without);
    expect(lines.filter((line) => actions.test(line)).length).toBeGreaterThan(1);
    expect(lines.filter((line) => !actions.test(line))).toEqual([]);
  }, 60_000);
});
