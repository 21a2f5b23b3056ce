import type { Assembly, Resource } from '../assembly/assembly';
import { type Attempt, derived, requestOf, roleCaller, serviceCaller } from './attempt';

/** What carries requests in and writes down that it did: APIs and load balancers call functions, load balancers and networks write logs. */
export function entranceAttempts(assembly: Assembly): Attempt[] {
  return [
    ...assembly.resources('AWS::ApiGatewayV2::Route').flatMap((route) => routed(route, assembly)),
    ...assembly.resources('AWS::ElasticLoadBalancingV2::TargetGroup').flatMap(target),
    ...assembly.resources('AWS::ElasticLoadBalancingV2::LoadBalancer').flatMap((loadBalancer) => accessLog(loadBalancer)),
    ...assembly.resources('AWS::EC2::FlowLog').flatMap(flowLog),
  ];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function routed({ stack, properties }: Resource, assembly: Assembly): Attempt[] {
  const { ApiId, RouteKey, Target } = properties as Readonly<Record<string, string>>;
  const integration = assembly.resources('AWS::ApiGatewayV2::Integration').find((each) => each.stack === stack && `integrations/${each.id}` === Target);
  const [method, path] = String(RouteKey).split(' ');
  const source = { 'aws:SourceArn': `arn:aws:execute-api:${stack.region}:${stack.account}:${ApiId}/$default/${method}${path}` };
  const invoked = requestOf(serviceCaller('apigateway.amazonaws.com'), 'lambda:InvokeFunction', String(integration?.properties.IntegrationUri), source);
  return [derived(`the API answers ${RouteKey}`, invoked)];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html */
function target({ id, properties }: Resource): Attempt[] {
  if (properties.TargetType !== 'lambda') return [];
  const targets = (properties.Targets ?? []) as { readonly Id: string }[];
  return targets.map(({ Id }) =>
    derived(
      `${id.split('/')[1]} forwards requests`,
      requestOf(serviceCaller('elasticloadbalancing.amazonaws.com'), 'lambda:InvokeFunction', Id, { 'aws:SourceArn': id }),
    ),
  );
}

/**
 * Where access logs are written from: in older regions an account of Elastic Load Balancing's own, in newer ones a service.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
const LOG_ACCOUNTS: Readonly<Record<string, string>> = {
  'eu-west-1': '156460612806',
  'eu-west-2': '652711504416',
  'eu-central-1': '054676820928',
  'us-east-1': '127311923021',
};

function accessLog({ stack, properties }: Resource): Attempt[] {
  const given = Object.fromEntries(((properties.LoadBalancerAttributes ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
  if (given['access_logs.s3.enabled'] !== 'true') return [];
  const prefix = given['access_logs.s3.prefix'];
  const object = `arn:aws:s3:::${given['access_logs.s3.bucket']}/${prefix ? `${prefix}/` : ''}AWSLogs/${stack.account}/ELBAccessLogTestFile`;
  const account = LOG_ACCOUNTS[stack.region];
  const writer = serviceCaller(account === undefined ? 'logdelivery.elasticloadbalancing.amazonaws.com' : `arn:aws:iam::${account}:root`);
  return [derived(`the load balancer of ${stack.stackName} writes its log`, requestOf(writer, 's3:PutObject', object, {}, stack.account))];
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
function flowLog({ stack, properties }: Resource): Attempt[] {
  const { DeliverLogsPermissionArn: role, LogGroupName } = properties as Readonly<Record<string, string>>;
  if (role === undefined) return [];
  const group = `arn:aws:logs:${stack.region}:${stack.account}:log-group:${LogGroupName}`;
  const because = `the network of ${stack.stackName} writes its log`;
  return [
    derived(because, requestOf(serviceCaller('vpc-flow-logs.amazonaws.com'), 'sts:AssumeRole', role, {}, stack.account)),
    derived(because, requestOf(roleCaller(role), 'logs:DescribeLogStreams', `${group}:*`)),
    ...['CreateLogStream', 'PutLogEvents'].map((action) =>
      derived(because, requestOf(roleCaller(role), `logs:${action}`, `${group}:log-stream:eni-0123456789abcdef0-all`)),
    ),
  ];
}
