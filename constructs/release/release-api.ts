import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { HUB_POLICIES, type HubPolicy } from '../../lambda/contract';
import { acknowledgeWildcards } from '../private/acknowledge';
import { PathNames } from '../private/names';
import type { HubFunctions } from './hub-functions';

export interface ReleaseApiProps {
  /** Id of the path to live. */
  readonly path: string;
  readonly functions: HubFunctions;
}

/**
 * The hub's HTTP API: how pipelines submit releases, and people decide about them. Every call is signed (SigV4); who somebody is comes from
 * the signature. Nobody may call it who was not given one of the five policies, which are there to be attached to a team's own roles.
 */
export class ReleaseApi extends Construct {
  readonly url: string;
  /** Name of the SSM parameter that holds the URL. */
  readonly urlParameterName: string;
  /** Looking, which the others include. */
  readonly read: iam.ManagedPolicy;
  /** Submitting releases: for pipelines. */
  readonly submit: iam.ManagedPolicy;
  /** Accepting and refusing: for the members of parties. */
  readonly decide: iam.ManagedPolicy;
  /** Resuming, aborting and rolling back: for release managers. */
  readonly manage: iam.ManagedPolicy;
  /** Taking the whole path out again. */
  readonly retire: iam.ManagedPolicy;

  private readonly api: apigateway.HttpApi;
  private readonly urlParameter: ssm.StringParameter;

  constructor(scope: Construct, id: string, { path, functions }: ReleaseApiProps) {
    super(scope, id);
    const names = new PathNames(path);
    this.urlParameterName = names.apiUrlParameter;
    this.api = new apigateway.HttpApi(this, 'Api', {
      apiName: names.hubStack,
      description: `Releases on the path to live of ${path}`,
      defaultAuthorizer: new HttpIamAuthorizer(),
      createDefaultStage: false,
    });
    this.url = this.api.apiEndpoint;
    this.routes(functions);
    this.stage();
    this.urlParameter = new ssm.StringParameter(this, 'Url', {
      parameterName: names.apiUrlParameter,
      description: `Where the API of the path to live of ${path} is`,
      stringValue: this.url,
    });
    this.read = this.policy('Read', names.readPolicy, HUB_POLICIES.read);
    this.submit = this.policy('Submit', names.submitPolicy, HUB_POLICIES.submit);
    this.decide = this.policy('Decide', names.decidePolicy, HUB_POLICIES.decide);
    this.manage = this.policy('Manage', names.managePolicy, HUB_POLICIES.manage);
    this.retire = this.policy('Retire', names.retirePolicy, HUB_POLICIES.retire);
  }

  private routes(functions: HubFunctions): void {
    // One permission for the whole API: one a route would come near the size limit of the function's policy.
    const integration = new HttpLambdaIntegration('Integration', functions.api.function, { scopePermissionToRoute: false });
    for (const route of Object.values(HUB_POLICIES).flatMap(({ routes }) => routes)) {
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

  private policy(id: string, managedPolicyName: string, { means, routes }: (typeof HUB_POLICIES)[HubPolicy]): iam.ManagedPolicy {
    const resources = [...new Set<string>([...HUB_POLICIES.read.routes, ...routes])].map((route) => this.invocationArn(route));
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
