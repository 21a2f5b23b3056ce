import { bundled } from '../bundles';
import { type Checked, checked } from './checked';

let example: Checked;

beforeAll(() => {
  bundled();
  Object.assign(process.env, { CDK_DEFAULT_ACCOUNT: '111111111111', CDK_DEFAULT_REGION: 'eu-west-2' });
  example = checked(require('../../examples/existing-alb/existing-alb').app);
}, 120_000);

const resources = (named: RegExp) =>
  example.assembly.stacksRecursively
    .filter(({ stackName }) => named.test(stackName))
    .flatMap(({ template }) => Object.values(template.Resources as Record<string, { Type: string; Properties: Record<string, unknown> }>));

describe('the example of a load balancer that serves users now', () => {
  test('has nothing that cdk-nag would object to, and no acknowledgement too many', () => {
    expect(example.open).toEqual([]);
    expect(example.unused).toEqual([]);
  });

  test('makes none of what the team has: no load balancer, listener, network or security group', () => {
    const types = resources(/./).map(({ Type }) => Type);
    const had = /::(LoadBalancer|Listener|VPC|Subnet|SecurityGroup)$/;
    expect(types.length).toBeGreaterThan(0);
    expect(types.filter((type) => had.test(type))).toEqual([]);
  });

  test('adopts what serves at the places in front of its rules, moved as one', () => {
    const [made, further, ...more] = resources(/^Pay-Production$/).filter(({ Type }) => Type === 'Custom::LiveRule');
    expect(more).toEqual([]);
    expect(made?.Properties).toMatchObject({
      ListenerArn: 'arn:aws:elasticloadbalancing:eu-west-2:111111111111:listener/app/front/50dc6c495c0c9188/f2f7dc8efc522ab2',
      Priority: '210',
      PathPatterns: ['/pay', '/pay/*'],
      CurrentlyServing: 'arn:aws:elasticloadbalancing:eu-west-2:111111111111:targetgroup/pay/73e2d6bc24d8a067',
    });
    expect(further?.Properties).toMatchObject({
      Rule: 'Partners',
      Priority: '211',
      CurrentlyServing: 'arn:aws:elasticloadbalancing:eu-west-2:111111111111:targetgroup/partners/a0673e2d6bc24d87',
    });
  });
});
