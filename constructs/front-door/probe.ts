import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { PROBE_ENV } from '../../lambda/contract';
import { acknowledgeWildcards } from '../private/acknowledge';
import { HandlerFunction } from '../private/handler-function';
import type { ProbePlace } from './probe-place';

export interface ProbeProps {
  readonly functionName: string;
  /** Where the listener answers; the slot is chosen by headers. */
  readonly url: string;
  /**
   * Where in a network it stands.
   *
   * @default - outside of any; what it asks must be reached from the internet
   */
  readonly place?: ProbePlace;
  /** Key of the environment's own tests: the only one it may read. */
  readonly testKey: secretsmanager.ISecret;
}

/** A function in the environment's own account that sends one request to a slot: tests and HTTP health gates are run through it. */
export class Probe extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: ProbeProps) {
    super(scope, id);
    const handler = new HandlerFunction(this, 'Handler', {
      handler: 'probe',
      description: 'Sends a test request to a slot',
      functionName: props.functionName,
      // A request may take a minute; the rest is for reading the key.
      timeout: Duration.seconds(75),
      environment: { [PROBE_ENV.url]: props.url, [PROBE_ENV.testSecret]: props.testKey.secretName },
    });
    this.function = handler.function;
    if (props.place !== undefined) this.stand(handler, props.place);
    handler.role.addToPolicy(new iam.PolicyStatement({ sid: 'TestKey', actions: ['secretsmanager:GetSecretValue'], resources: [props.testKey.secretArn] }));
  }

  private stand({ function: probe, role }: HandlerFunction, { subnetIds, securityGroupIds }: ProbePlace): void {
    (probe.node.defaultChild as lambda.CfnFunction).vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
    const actions = ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'DeleteNetworkInterface'].map((name) => `ec2:${name}`);
    role.addToPolicy(new iam.PolicyStatement({ sid: 'NetworkInterfaces', actions, resources: ['*'] }));
    acknowledgeWildcards(role, 'Lambda makes the network interface a function in a VPC has, and checks for this right on every resource', '*');
  }
}
