import { RemovalPolicy } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { ACCOUNT, parameter, REGION } from './environments';

const READ = ['GET /releases', 'GET /releases/{version}', 'GET /status', 'GET /tickets', 'GET /retirement', 'GET /doctor', 'GET /doctor/{environment}'];
/** Policy -> the routes it allows beside reading. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  read: [],
  submit: ['POST /releases'],
  decide: ['POST /releases/{version}/decisions'],
  manage: [
    'POST /releases/{version}/resume',
    'POST /releases/{version}/abort',
    'POST /environments/{environment}/roll-back',
    'POST /environments/{environment}/recover',
    'POST /environments/{environment}/contract',
    'POST /environments/{environment}/freeze',
    'POST /environments/{environment}/unfreeze',
  ],
  retire: ['POST /retirement'],
};

/** The hub's HTTP API and the policies that allow its routes. @returns its URL, and the policy of pipelines */
export function makeApi(scope: Construct, service: string, handler: lambda.Function) {
  const api = new apigateway.HttpApi(scope, 'Api', {
    apiName: `${service}-Hub`,
    description: `Releases on the path to live of ${service}`,
    defaultAuthorizer: new HttpIamAuthorizer(),
    createDefaultStage: false,
  });
  const integration = new HttpLambdaIntegration('Integration', handler, { scopePermissionToRoute: false });
  for (const route of [...READ, ...Object.values(MORE).flat()]) {
    const [method, path] = route.split(' ') as [apigateway.HttpMethod, string];
    api.addRoutes({ path, methods: [method], integration });
  }
  const log = new logs.LogGroup(scope, 'ApiLog', { retention: logs.RetentionDays.SIX_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
  new apigateway.HttpStage(scope, 'ApiStage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    accessLogSettings: { destination: new apigateway.LogGroupLogDestination(log) },
    throttle: { rateLimit: 50, burstLimit: 100 },
  });
  const parameterName = `/path-to-live/${service}/api-url`;
  const description = `Where the API of the path to live of ${service} is`;
  new ssm.StringParameter(scope, 'ApiUrlParameter', { parameterName, description, stringValue: api.apiEndpoint });
  const policies = new Map<string, iam.ManagedPolicy>();
  for (const [name, routes] of Object.entries(MORE)) {
    const resources = [...READ, ...routes].map(
      (route) => `arn:aws:execute-api:${REGION}:${ACCOUNT}:${api.apiId}/$default/${route.replace(' ', '').replace(/\{\w+\}/g, '*')}`,
    );
    const policy = new iam.ManagedPolicy(scope, `Policy${name}`, {
      managedPolicyName: `${service}-${name}`,
      description: `May ${name} releases, through the API of the hub`,
      statements: [
        new iam.PolicyStatement({ actions: ['execute-api:Invoke'], resources }),
        new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: [parameter(parameterName)] }),
      ],
    });
    policies.set(name, policy);
  }
  return { url: api.apiEndpoint, submit: policies.get('submit') as iam.ManagedPolicy };
}
