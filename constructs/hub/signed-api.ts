import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../private/acknowledge';
import type { HandlerFunction } from '../private/handler-function';
import { PathNames } from '../private/names';

export interface SignedApiProps {
  /** Id of the path to live. */
  readonly path: string;
  readonly description: string;
  /** Answers every route. */
  readonly calls: HandlerFunction;
  /** For example `GET /releases/{version}`. */
  readonly routes: readonly string[];
}

/** What a managed policy of an API is called, what for, and the routes it allows. */
export interface ApiPolicy {
  readonly managedPolicyName: string;
  readonly means: string;
  readonly routes: readonly string[];
}

/**
 * An HTTP API whose calls are all signed (SigV4); who somebody is comes from the signature. Nobody may call it who was not given one of its
 * policies, which are there to be attached to a team's own roles.
 */
export abstract class SignedApi extends Construct {
  readonly url: string;
  /** Name of the SSM parameter that holds the URL. */
  readonly urlParameterName: string;

  private readonly api: apigateway.HttpApi;
  private readonly urlParameter: ssm.StringParameter;

  constructor(scope: Construct, id: string, { path, description, calls, routes }: SignedApiProps) {
    super(scope, id);
    const names = new PathNames(path);
    this.urlParameterName = names.apiUrlParameter;
    this.api = new apigateway.HttpApi(this, 'Api', {
      apiName: names.hubStack,
      description,
      defaultAuthorizer: new HttpIamAuthorizer(),
      createDefaultStage: false,
    });
    this.url = this.api.apiEndpoint;
    this.route(calls, routes);
    this.stage();
    this.urlParameter = new ssm.StringParameter(this, 'Url', {
      parameterName: names.apiUrlParameter,
      description: `Where the API of the path to live of ${path} is`,
      stringValue: this.url,
    });
  }

  private route(calls: HandlerFunction, routes: readonly string[]): void {
    // One permission for the whole API: one a route would come near the size limit of the function's policy.
    const integration = new HttpLambdaIntegration('Integration', calls.function, { scopePermissionToRoute: false });
    for (const route of routes) {
      const [method, path] = route.split(' ') as [apigateway.HttpMethod, string];
      this.api.addRoutes({ path, methods: [method], integration });
    }
  }

  private stage(): void {
    const log = new logs.LogGroup(this, 'AccessLog', { retention: logs.RetentionDays.SIX_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
    new apigateway.HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destination: new apigateway.LogGroupLogDestination(log) },
      // People and pipelines; more than this is a loop.
      throttle: { rateLimit: 50, burstLimit: 100 },
    });
  }

  protected policy(id: string, { managedPolicyName, means, routes }: ApiPolicy): iam.ManagedPolicy {
    const resources = [...new Set(routes)].map((route) => this.invocationArn(route));
    const policy = new iam.ManagedPolicy(this, id, {
      managedPolicyName,
      description: `${means.charAt(0).toUpperCase()}${means.slice(1)}, through the API of the hub`,
      statements: [
        new iam.PolicyStatement({ actions: ['execute-api:Invoke'], resources }),
        new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: [this.urlParameter.parameterArn] }),
      ],
    });
    acknowledgeWildcards(policy, 'one route of the API, for whichever version or environment', ...resources.filter((arn) => arn.includes('*')));
    return policy;
  }

  /** Not `HttpRoute.grantInvoke`: it allows everything that begins like the route, and so who may decide could abort. */
  private invocationArn(route: string): string {
    const resourceName = `$default/${route.replace(' ', '').replace(/\{\w+\}/g, '*')}`;
    return Stack.of(this).formatArn({ service: 'execute-api', resource: this.api.apiId, resourceName });
  }
}
