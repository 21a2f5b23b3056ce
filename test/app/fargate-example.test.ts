import { bundled } from '../bundles';
import { type Checked, checked } from './checked';

let example: Checked;

beforeAll(() => {
  bundled();
  Object.assign(process.env, { CDK_DEFAULT_ACCOUNT: '111111111111', CDK_DEFAULT_REGION: 'eu-west-2' });
  example = checked(require('../../examples/fargate-service/fargate-service').app);
}, 120_000);

describe('the example of a service on Fargate', () => {
  test('has nothing that cdk-nag would object to, and no acknowledgement too many', () => {
    expect(example.open).toEqual([]);
    expect(example.unused).toEqual([]);
  });

  test('builds its image when it is published, for every slot the same', () => {
    const slots = example.assembly.stacksRecursively.filter(({ stackName }) => /-(Blue|Green)$/.test(stackName));
    const images = slots.map(({ template }) => {
      const tasks = Object.values(template.Resources as Record<string, { Type: string; Properties: { ContainerDefinitions: { Image: unknown }[] } }>);
      return JSON.stringify(tasks.find(({ Type }) => Type === 'AWS::ECS::TaskDefinition')?.Properties.ContainerDefinitions[0]?.Image);
    });
    expect([slots.length, new Set(images).size, /-container-assets-.*:[0-9a-f]{64}/.test(images[0] ?? '')]).toEqual([4, 1, true]);
  });

  test('fits into the roles that deploy it: inline policies have 10,240 characters at most', () => {
    for (const { template } of example.assembly.stacksRecursively) {
      const policies = Object.values(template.Resources as Record<string, { Type: string; Properties: { PolicyDocument: unknown } }>);
      const sizes = policies.filter(({ Type }) => Type === 'AWS::IAM::Policy').map(({ Properties }) => JSON.stringify(Properties.PolicyDocument).length);
      expect(Math.max(0, ...sizes)).toBeLessThan(10_240);
    }
  });
});
