import { App } from 'aws-cdk-lib';
import { InstanceType, MachineImage } from 'aws-cdk-lib/aws-ec2';
import { AutoScalingGroupWorkload, Environment, FargateWorkload, Firebreak, GoNoGo, type IWorkload, PathToLive, ServiceImage } from '../../../lib';
import type { StackTemplate } from '../../../permissions';
import { Assembly } from '../../../rehearsal/permissions/assembly/assembly';
import { readStacks } from '../../../rehearsal/permissions/assembly/read-stacks';
import { Authority } from '../../../rehearsal/permissions/authorize';
import { slotAttempts } from '../../../rehearsal/permissions/calls/slot-deployments';
import { knownActions, mismatch, resourceAsked } from '../../../rehearsal/permissions/reference';
import { bundled } from '../../bundles';

const env = { account: '111111111111', region: 'eu-west-2' };
const WORKLOADS: Readonly<Record<string, () => IWorkload>> = {
  'containers on Fargate': () => new FargateWorkload({ image: ServiceImage.fromRegistry(`orders@sha256:${'1'.repeat(64)}`) }),
  'instances of an Auto Scaling group': () =>
    new AutoScalingGroupWorkload({
      machineImage: MachineImage.genericLinux({ 'eu-west-2': 'ami-0a1b2c3d4e5f60718' }),
      instanceType: new InstanceType('t3.small'),
      commands: ['systemctl start orders'],
    }),
};

function stacksWith(workload: IWorkload): StackTemplate[] {
  const app = new App({ context: { 'aws:cdk:enable-path-metadata': true } });
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

describe.each(Object.entries(WORKLOADS))('CloudFormation deploys %s', (_, workload) => {
  test('with what the environment’s execution role may do', async () => {
    const { asked, refused: lines } = await refused(stacksWith(workload()));
    expect(lines).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  }, 60_000);

  test('and not with one statement less', async () => {
    const stacks = stacksWith(workload());
    const without = JSON.parse(JSON.stringify(stacks), (_key, value) =>
      value?.Sid === 'SecurityGroupsToMark' ? { ...value, Action: 'ec2:DescribeTags' } : value,
    );
    const { refused: lines } = await refused(without);
    expect(lines).toEqual(['Blue', 'Green'].map((slot) => expect.stringMatching(`ec2:CreateTags .*:security-group/.*${slot}.*: no policy allows it`)));
  }, 60_000);
});
