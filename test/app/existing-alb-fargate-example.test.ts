import { bundled } from '../bundles';
import { type Checked, checked } from './checked';

let example: Checked;

beforeAll(() => {
  bundled();
  example = checked(require('../../examples/existing-alb-fargate/existing-alb-fargate').app);
}, 120_000);

const resources = (named: RegExp, type: RegExp) =>
  example.assembly.stacksRecursively
    .filter(({ stackName }) => named.test(stackName))
    .flatMap(({ template }) => Object.values(template.Resources as Record<string, { Type: string; Properties: Record<string, unknown> }>))
    .filter(({ Type }) => type.test(Type));

describe('the example of a load balancer and a service on Fargate that serve users now', () => {
  test('has nothing that cdk-nag would object to, and no acknowledgement too many', () => {
    expect(example.open).toEqual([]);
    expect(example.unused).toEqual([]);
  });

  test('makes none of what the team has: no load balancer, listener or network', () => {
    expect(resources(/./, /::Service$/)).toHaveLength(2);
    expect(resources(/./, /::(LoadBalancer|Listener|VPC|Subnet)$/)).toEqual([]);
  });

  test('adopts what serves, by host, at the place in front of its rule', () => {
    expect(resources(/^Basket-Production$/, /^Custom::LiveRule$/).map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({
        Priority: '210',
        Hosts: ['shop.example.com'],
        CurrentlyServing: 'arn:aws:elasticloadbalancing:eu-west-2:111111111111:targetgroup/shop/73e2d6bc24d8a067',
      }),
    ]);
  });

  test('its tasks let in the load balancer that was there, and nobody else', () => {
    const [group, ...more] = resources(/-Blue$/, /SecurityGroup(Ingress)?$/).map(({ Properties }) => Properties);
    expect(more).toEqual([]);
    expect(group?.SecurityGroupIngress).toEqual([
      expect.objectContaining({ FromPort: 8080, SourceSecurityGroupId: '{{resolve:ssm:/path-to-live/Basket/Production/load-balancer-security-group-id}}' }),
    ]);
  });
});

describe('what a reader edits in an example wins', () => {
  test.each([
    'existing-alb',
    'existing-alb-fargate',
    'fargate-service',
    'own-stack',
    'only-the-switch',
    'only-the-firebreak',
    'own-path-machine',
  ])('%s takes account and region from its own text, whatever credentials are at hand', (name) => {
    Object.assign(process.env, { CDK_DEFAULT_ACCOUNT: '999999999999', CDK_DEFAULT_REGION: 'us-east-1' });
    jest.isolateModules(() => {
      const { app } = require(`../../examples/${name}/${name}`) as { app: import('aws-cdk-lib').App };
      const stacks = app.node.findAll().flatMap((one) => ('stackName' in one ? [one as import('aws-cdk-lib').Stack] : []));
      expect(new Set(stacks.filter(({ nested }) => !nested).map(({ account, region }) => `${account}/${region}`))).toEqual(new Set(['111111111111/eu-west-2']));
    });
  }, 60_000);

  test.each([
    ['existing-alb', { rulePriority: 'soon' }, /-c rulePriority=soon: it must be a whole number, for example 200/],
    ['existing-alb', { serving: 'pay' }, /currentlyServing is "pay".*arn:aws:elasticloadbalancing:eu-west-2:111111111111:targetgroup\/<name>\/<id>/],
    ['existing-alb-fargate', { account: 'ours' }, /account is "ours"; write the 12 digits of the account in quotation marks, for example "111111111111"/],
  ])('%s given %j says what is wrong and what to write', (name, given, expected) => {
    process.env.CDK_CONTEXT_JSON = JSON.stringify(given);
    jest.isolateModules(() => expect(() => require(`../../examples/${name}/${name}`)).toThrow(expected));
    delete process.env.CDK_CONTEXT_JSON;
  });
});
