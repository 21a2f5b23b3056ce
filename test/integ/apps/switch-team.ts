/** What a team has before it takes only the switch: a load balancer that serves, two more target groups, and a function that deploys to one of them. */
import { App } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Runtime, Function as ServiceFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { TeamStack } from './team-stack';

/** It says of every answer which version gave it. */
const SERVICE = `exports.handler = async () => ({ statusCode: 200, headers: { 'x-service-version': process.env.VERSION }, body: '', isBase64Encoded: false });`;

/** A deployment that fails is a version that is named so. */
const DEPLOY = `
const { LambdaClient, UpdateFunctionConfigurationCommand } = require('@aws-sdk/client-lambda');
exports.handler = async ({ release, colour }) => {
  if (release.startsWith('9.')) throw new Error('it does not start');
  await new LambdaClient({}).send(new UpdateFunctionConfigurationCommand({ FunctionName: process.env[colour], Environment: { Variables: { VERSION: release } } }));
};`;

class SwitchTeam extends TeamStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { listener } = this;
    const [serving, blue, green] = ['Serving', 'Blue', 'Green'].map((name) => this.service(name)) as [Service, Service, Service];
    const rule = (ruleId: string, priority: number, conditions: elbv2.ListenerCondition[], { group }: Service) =>
      new elbv2.ApplicationListenerRule(this, ruleId, { listener, priority, conditions, targetGroups: [group] });
    rule('ServingRule', 300, [elbv2.ListenerCondition.pathPatterns(['/shop', '/shop/*'])], serving);
    rule('BlueRule', 10, [elbv2.ListenerCondition.httpHeader('x-try', ['blue'])], blue);
    rule('GreenRule', 11, [elbv2.ListenerCondition.httpHeader('x-try', ['green'])], green);
    const deploy = new ServiceFunction(this, 'Deploy', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(DEPLOY),
      environment: { blue: blue.handler.functionName, green: green.handler.functionName },
    });
    const resources = [blue.handler.functionArn, green.handler.functionArn];
    deploy.addToRolePolicy(new PolicyStatement({ actions: ['lambda:UpdateFunctionConfiguration'], resources }));
    this.tell({
      serving: serving.group.targetGroupArn,
      blue: blue.group.targetGroupArn,
      green: green.group.targetGroupArn,
      deploy: deploy.functionArn,
    });
  }

  private service(id: string): Service {
    const handler = new ServiceFunction(this, id, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(SERVICE),
      environment: { VERSION: id },
    });
    return { handler, group: new elbv2.ApplicationTargetGroup(this, `${id}Group`, { targets: [new LambdaTarget(handler)] }) };
  }
}

interface Service {
  readonly handler: ServiceFunction;
  readonly group: elbv2.ApplicationTargetGroup;
}

new SwitchTeam(new App(), 'SwitchTeam');
