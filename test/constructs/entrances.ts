/** The environment and the entrance that tests of entrances are about, and what it has in a template. */
import { Template } from 'aws-cdk-lib/assertions';
import { Entrance, Environment, type EnvironmentProps, type ExistingListenerOptions, HealthAlarm, HealthGate } from '../../lib';
import { frontDoor } from './front-door-stack';

export const env = { account: '222222222222', region: 'eu-west-2' };
export const domainName = 'pay.example.com';
export const listenerArn = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';
export const currentlyServing = 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/pay/73e2d6bc24d8a067';
export const vpcId = 'vpc-0a1b2c3d4e5f60718';
export const subnetIds = ['subnet-0a1b2c3d4e5f60718', 'subnet-1a1b2c3d4e5f60718'];
export const groups = ['sg-0a1b2c3d4e5f60718', 'sg-1a1b2c3d4e5f60718'];
export const alarmsOnly = [HealthGate.alarms([HealthAlarm.serverErrors()])];
export const existing = (given: Partial<ExistingListenerOptions> = {}) =>
  Entrance.existingListener({ listenerArn, url: 'https://pay.example.com', vpcId, rulePriority: 200, hosts: ['pay.example.com'], currentlyServing, ...given });

export const environment = (props: Partial<EnvironmentProps> = {}) => new Environment('Production', { env, ...props });
export const stackOf = (entrance: Entrance, given: Partial<EnvironmentProps> = {}) => frontDoor({ entrance, ...given });
export const templateOf = (...given: Parameters<typeof stackOf>) => Template.fromStack(stackOf(...given));
/** The types of its resources, each once. */
export const typesIn = (template: Template) => [
  ...new Set(Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type)),
];

/** What the front door offers, by the last part of the parameter's name. */
export function offered(template: Template): Record<string, string> {
  const parameters = Object.values(template.findResources('AWS::SSM::Parameter')).map(({ Properties }) => [
    Properties.Name.split('/').at(-1),
    Properties.Value,
  ]);
  return Object.fromEntries(parameters.filter(([name]) => /subnet|public|security/.test(name)));
}
