import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultStackSynthesizer, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  EnvironmentTest,
  FargateWorkload,
  HealthAlarm,
  HealthGate,
  type IWorkload,
  LambdaWorkload,
  ServiceImage,
  SharedValue,
  SlotMetric,
  TrafficStrategy,
} from '../../lib';
import { testApp } from '../test-app';
import { frontDoor } from './front-door-stack';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const hub = { account: '111111111111', region: 'eu-west-1' };
const template = Template.fromStack(frontDoor({}, { hub }));
const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** An ARN as a person would write it, with logical ids in angle brackets. */
function spelled(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, 'Fn::Select': select, 'Fn::Split': split, Ref: ref } = value as Record<string, [string, unknown[]]>;
  if (join) return join[1].map(spelled).join(join[0]);
  if (select) return `${spelled(select[1])}[${select[0]}]`;
  if (split) return `split(${spelled(split[1])})`;
  return `<${attribute ? attribute.join('.') : ref}>`;
}

function role(name: string, of = template) {
  const roles = of.findResources('AWS::IAM::Role', { Properties: { RoleName: `Payments-Production-${name}` } });
  const [id = ''] = Object.keys(roles);
  const policies = Object.values(of.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === id),
  );
  const statements: Statement[] = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  const trust: unknown = roles[id]?.Properties.AssumeRolePolicyDocument.Statement;
  return { id, trust, statements, allowed: actionsOf(statements.filter(({ Effect }) => Effect === 'Allow')) };
}
const actionsOf = (statements: Statement[]) => [...new Set(statements.flatMap(({ Action }) => Action))].sort();
const statement = (name: string, sid: string, of = template) => role(name, of).statements.find(({ Sid }) => Sid === sid) as Statement;
const resourcesOf = (name: string, sid: string, of = template) => list(statement(name, sid, of).Resource).map(spelled);

const PREFIXES: Record<string, string> = {
  cloudformation: 'cloudformation',
  cloudwatch: 'cloudwatch',
  'auto-scaling': 'autoscaling',
  ecs: 'ecs',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  lambda: 'lambda',
  s3: 's3',
  'secrets-manager': 'secretsmanager',
  ssm: 'ssm',
};
/** Calls that need a right of another name. */
const RIGHTS: Record<string, string> = { 's3:HeadObject': 's3:GetObject', 'lambda:Invoke': 'lambda:InvokeFunction' };

/** The rights that what these adapters call needs, read from their sources. */
function rightsOf(...adapters: string[]): string[] {
  const rights = adapters.flatMap((adapter) => {
    const source = readFileSync(join(__dirname, '../../lambda/adapters', `${adapter}.ts`), 'utf8');
    return [...source.matchAll(/import \{([^}]+)\} from '@aws-sdk\/client-([a-z0-9-]+)'/g)].flatMap(([, names = '', client = '']) =>
      [...names.matchAll(/(\w+)Command,?\s/g)].map(([, name]) => `${PREFIXES[client]}:${name}`),
    );
  });
  return [...new Set(rights.map((right) => RIGHTS[right] ?? right))].sort();
}

describe('the hub’s roles', () => {
  const by = (...names: string[]) => [
    {
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Condition: {
        ArnEquals: {
          'aws:PrincipalArn': names.map((name) => `arn:aws:iam::111111111111:role/Payments-hub-${name}`),
        },
      },
    },
  ];

  test.each([
    ['deploy', by('deployer')],
    ['operator', by('traffic')],
    ['observer', by('observer', 'traffic', 'deployer')],
  ])('%s trusts exactly the functions of the hub that act as it', (name, trust) => {
    expect(role(name).trust).toEqual(trust);
  });

  test('deploy may do what the hub’s deployer calls, and hand the stack to CloudFormation as the execution role', () => {
    expect(role('deploy').allowed).toEqual([...rightsOf('change-set', 'stack', 'slot-run'), 'iam:PassRole', 's3:GetObject', 'ssm:GetParameters'].sort());
    expect(statement('deploy', 'OnlyAsTheExecutionRole')).toMatchObject({
      Resource: { 'Fn::GetAtt': [role('execution').id, 'Arn'] },
      Condition: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    });
  });

  test('deploy reaches the stacks of the slots and no other', () => {
    expect(resourcesOf('deploy', 'SlotStacks')).toEqual([
      'arn:aws:cloudformation:eu-west-2:222222222222:stack/Payments-Production-Blue/*',
      'arn:aws:cloudformation:eu-west-2:222222222222:stack/Payments-Production-Green/*',
    ]);
  });

  test('deploy reads the two parameters that are parameters of templates: the CDK’s, under the app’s own qualifier, and the subnets', () => {
    const version = (of?: Template) => resourcesOf('deploy', 'Parameters', of);
    expect(version()).toEqual([
      'arn:aws:ssm:eu-west-2:222222222222:parameter/cdk-bootstrap/hnb659fds/version',
      'arn:aws:ssm:eu-west-2:222222222222:parameter/path-to-live/Payments/Production/subnet-ids',
    ]);
    const own = testApp({ defaultStackSynthesizer: new DefaultStackSynthesizer({ qualifier: 'payments' }) });
    expect(version(Template.fromStack(frontDoor({}, {}, own)))).toContainEqual(expect.stringMatching(/parameter\/cdk-bootstrap\/payments\/version$/));
  });

  test('operator may do what moving traffic calls, and write nothing but the live rule', () => {
    expect(role('operator').allowed).toEqual(rightsOf('alb-live-rule', 'listener-rules', 'rule-tags', 'ssm-front-doors'));
    expect(resourcesOf('operator', 'TheLiveRule')).toEqual([expect.stringMatching(/^<TrafficSwitchRule\w+\.RuleArn>$/)]);
    const writing = role('operator').statements.filter(({ Action }) => list(Action).some((action) => !/:(Describe|Get)/.test(action)));
    expect(writing.map(({ Sid }) => Sid)).toEqual(['TheLiveRule']);
  });

  test('observer may do what looking and testing call, and write nothing', () => {
    expect(role('observer').allowed).toEqual(
      rightsOf('alb-targets', 'cloudwatch-alarms', 'cloudwatch-health', 'function-invocation', 'listener-rules', 's3-bundles', 'ssm-front-doors'),
    );
  });

  test('observer calls the probe and the team’s own tests, and no other function', () => {
    const theirs = LambdaFunction.fromFunctionArn(new Stack(), 'Performance', 'arn:aws:lambda:eu-west-2:222222222222:function:performance');
    const of = Template.fromStack(frontDoor({ tests: [EnvironmentTest.http('/health'), EnvironmentTest.lambda(theirs)] }));
    expect(resourcesOf('observer', 'Tests', of)).toEqual([expect.stringMatching(/^<ProbeHandlerFunction\w+\.Arn>$/), theirs.functionArn]);
  });

  test('observer may query metrics where a health gate does, and asks the functions of health gates, each once', () => {
    const theirs = LambdaFunction.fromFunctionArn(new Stack(), 'Judge', 'arn:aws:lambda:eu-west-2:222222222222:function:judge');
    const healthGates = [HealthGate.metric('Requests', SlotMetric.requests(), { atLeast: 1 }), HealthGate.lambda(theirs)];
    const of = Template.fromStack(frontDoor({ tests: [EnvironmentTest.lambda(theirs)], healthGates }));
    const more = role('observer', of).allowed.filter((action) => !role('observer').allowed.includes(action));
    expect(more).toEqual(rightsOf('cloudwatch-metrics'));
    const again = LambdaFunction.fromFunctionArn(new Stack(), 'Again', 'arn:aws:lambda:eu-west-2:222222222222:function:again');
    const step = { percent: 100, bakeTime: Duration.minutes(5), healthGates, tests: [EnvironmentTest.lambda(again)] };
    const ofAStep = Template.fromStack(frontDoor({ traffic: TrafficStrategy.steps([step]) }));
    expect(role('observer', ofAStep).allowed).toEqual(role('observer', of).allowed);
    expect(resourcesOf('observer', 'Tests', ofAStep).slice(1)).toEqual([again.functionArn, theirs.functionArn]);
    expect(resourcesOf('observer', 'Tests', of)).toEqual([expect.stringMatching(/^<ProbeHandlerFunction\w+\.Arn>$/), theirs.functionArn]);
  });

  test('observer may query metrics where an alarm looks at an expression, for a fix-forward; not for a metric, nor for what a composite alarm looks at', () => {
    const rate = new MathExpression({ expression: 'requests / 2', usingMetrics: { requests: SlotMetric.requests() }, period: Duration.minutes(1) });
    const [ofRate, ofRequests] = [HealthAlarm.metric('Rate', rate, { atMost: 1 }), HealthAlarm.metric('Requests', SlotMetric.requests(), { atMost: 1 })];
    const allowed = (...alarms: HealthAlarm[]) => role('observer', Template.fromStack(frontDoor({ healthGates: [HealthGate.alarms(alarms)] }))).allowed;
    expect(allowed(ofRate)).toContain('cloudwatch:GetMetricData');
    for (const alarm of [ofRequests, HealthAlarm.allOf('Both', [ofRate, ofRequests])]) expect(allowed(alarm)).toEqual(role('observer').allowed);
  });

  test('execution may make alarms of alarms where a slot has some', () => {
    const both = HealthAlarm.allOf('Both', [HealthAlarm.serverErrors(), HealthAlarm.latency({ threshold: Duration.seconds(1) })]);
    const of = Template.fromStack(frontDoor({ healthGates: [HealthGate.alarms([both])] }));
    expect(statement('execution', 'CompositeAlarms')).toBeUndefined();
    expect(statement('execution', 'CompositeAlarms', of)).toMatchObject({
      Action: ['cloudwatch:PutCompositeAlarm', 'cloudwatch:DescribeAlarms'],
      Resource: '*',
    });
  });

  test.each([
    ['test', (theirs: LambdaFunction) => ({ tests: [EnvironmentTest.lambda(theirs)] })],
    ['health gate', (theirs: LambdaFunction) => ({ healthGates: [HealthGate.lambda(theirs)] })],
  ])('a %s function of the team’s may read the key of the test rules, and no other', (_which, using) => {
    const app = testApp();
    const stack = new Stack(app, 'Tests', { env: { account: '222222222222', region: 'eu-west-2' } });
    const theirs = new LambdaFunction(stack, 'Performance', { code: Code.fromInline('1'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
    frontDoor(using(theirs), {}, app);
    const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(policy?.Properties.PolicyDocument.Statement.map(({ Action, Resource }: Statement) => [Action, spelled(Resource)])).toEqual([
      ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-2:222222222222:secret:path-to-live/Payments/Production/test-??????'],
    ]);
  });

  describe('capacity', () => {
    const image = ServiceImage.fromRegistry(`payments@sha256:${'0a'.repeat(32)}`);
    const of = Template.fromStack(frontDoor({}, { hub, workload: new FargateWorkload({ image }) }));

    test('is there where slots have one, trusts exactly the functions that raise and lower, and lets them look too', () => {
      expect(role('capacity').id).toBe('');
      expect(role('capacity', of).trust).toEqual(by('capacity'));
      expect(role('observer', of).trust).toEqual(by('observer', 'traffic', 'deployer', 'capacity'));
    });

    test('may do what raising and lowering call, for the slots’ services, and change nothing but their number', () => {
      expect(role('capacity', of).allowed).toEqual(rightsOf('ecs-capacity'));
      expect(resourcesOf('capacity', 'NumberOfTasks', of)).toEqual(
        ['Blue', 'Green'].map((slot) => `arn:aws:ecs:eu-west-2:222222222222:service/Payments-Production-${slot}*/Payments-Production-${slot}*`),
      );
      expect(statement('capacity', 'NumberOfTasks', of).Condition).toMatchObject({ Null: { 'ecs:task-definition': 'true' } });
    });
  });

  test('published files are read where the app’s own synthesizer publishes them', () => {
    expect(resourcesOf('observer', 'Files')).toEqual(['arn:aws:s3:::cdk-hnb659fds-assets-222222222222-eu-west-2/*']);
    const app = testApp({
      defaultStackSynthesizer: new DefaultStackSynthesizer({ qualifier: 'payments', fileAssetsBucketName: 'our-$'.concat('{Qualifier}-files') }),
    });
    const of = Template.fromStack(frontDoor({}, {}, app));
    for (const [name, sid] of [
      ['observer', 'Files'],
      ['deploy', 'Templates'],
      ['execution', 'Files'],
    ] as const) {
      expect(resourcesOf(name, sid, of)).toEqual(['arn:aws:s3:::our-payments-files/*']);
    }
  });
});

describe('what CloudFormation deploys a slot as', () => {
  test('nobody but CloudFormation', () => {
    expect(role('execution').trust).toEqual([{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' } }]);
  });

  test('makes and changes roles under the slots’ path and within the boundary only', () => {
    const bounded = statement('execution', 'RolesWithinTheBoundary');
    expect(bounded.Condition).toEqual({ StringEquals: { 'iam:PermissionsBoundary': { Ref: expect.stringMatching(/^RolesSlotBoundary/) } } });
    for (const sid of ['RolesWithinTheBoundary', 'Roles', 'FunctionRoles']) {
      expect(resourcesOf('execution', sid)).toEqual(['arn:aws:iam::222222222222:role/path-to-live/Payments/Production/*']);
    }
    const policies = role('execution').allowed.filter(
      (action) => /^iam:.*(Policy|Boundary)$/.test(action) && !/:(Get|List|UpdateAssumeRolePolicy)/.test(action),
    );
    expect(list(bounded.Action)).toEqual(expect.arrayContaining(policies));
    expect(role('execution').allowed).not.toContain('iam:DeleteRolePermissionsBoundary');
  });

  test('makes rules on this listener, and never touches the live one', () => {
    expect(resourcesOf('execution', 'RulesToMake')).toEqual([expect.stringMatching(/^<EntranceLoadBalancerHttp\w+>$/)]);
    const denied = statement('execution', 'NeverTheLiveRule');
    expect(denied).toMatchObject({ Effect: 'Deny', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^TrafficSwitchRule/), 'RuleArn'] } });
    const made = statement('execution', 'RulesMade');
    expect(list(denied.Action).sort()).toEqual([...list(made.Action), ...list(statement('execution', 'RulesToMark').Action)].sort());
  });

  test('changes no rule of the listener but those that bear the marks of its slots', () => {
    expect(statement('execution', 'RulesMade').Condition).toEqual({
      StringEquals: { 'aws:ResourceTag/path-to-live:path': 'Payments', 'aws:ResourceTag/path-to-live:environment': 'Production' },
    });
  });

  test('makes alarms whose names start with a slot’s stack', () => {
    expect(resourcesOf('execution', 'Alarms').map((arn) => arn.split(':alarm:')[1])).toEqual(['Payments-Production-Blue-*', 'Payments-Production-Green-*']);
  });

  test('resolves the keys and parameters that slots are given', () => {
    expect(resourcesOf('execution', 'Parameters').map((arn) => arn.split(/:parameter\/(?:path-to-live\/Payments\/Production\/)?/)[1])).toEqual([
      'listener-arn',
      'vpc-id',
      'load-balancer-full-name',
      'alarm-topic-arn',
      'load-balancer-security-group-id',
      'public-addresses',
      'cdk-bootstrap/hnb659fds/version',
      'subnet-ids',
    ]);
    expect(resourcesOf('execution', 'Keys')).toHaveLength(3);
  });

  test('never touches the front door’s own functions, whose names may begin as a slot’s do', () => {
    const functions = Object.keys(template.findResources('AWS::Lambda::Function'));
    const denied = statement('execution', 'NeverTheFrontDoor');
    expect(denied.Effect).toBe('Deny');
    expect(resourcesOf('execution', 'NeverTheFrontDoor').sort()).toEqual(functions.flatMap((id) => [`<${id}.Arn>`, `<${id}.Arn>:*`]).sort());
    const toFunctions = actionsOf(role('execution').statements.filter(({ Effect }) => Effect === 'Allow')).filter((action) => action.startsWith('lambda:'));
    expect(list(denied.Action).sort()).toEqual(toFunctions);
  });

  test('is denied no function where the workload has none', () => {
    const run = [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })];
    const workload: IWorkload = { bind: () => ({ targetGroupArn: '', targetGroupFullName: '' }), permissions: () => ({ deploy: [], run }) };
    expect(statement('execution', 'NeverTheFrontDoor', Template.fromStack(frontDoor({}, { workload })))).toBeUndefined();
  });

  test('does what the workload declares; the boundary is what its roles may do at most', () => {
    const policy = [new PolicyStatement({ sid: 'Read', actions: ['dynamodb:GetItem'], resources: [SharedValue.named('TableArn')] })];
    const workload = new LambdaWorkload({ code: Code.fromInline('1'), handler: 'index.handler', policy });
    const of = Template.fromStack(frontDoor({}, { workload, sharedState: { bind: () => ({ values: {} }) } }));
    expect(role('execution', of).allowed).toContain('lambda:CreateFunction');
    const [boundary] = Object.values(of.findResources('AWS::IAM::ManagedPolicy', { Properties: { ManagedPolicyName: 'Payments-Production-slot-boundary' } }));
    expect(boundary?.Properties.PolicyDocument.Statement.map(({ Sid }: Statement) => Sid)).toEqual(['FunctionLogs', 'Traces', 'Read']);
    expect(JSON.stringify(boundary)).toContain('{{resolve:ssm:/path-to-live/Payments/Production/shared/TableArn}}');
  });

  test('fits into one role: inline policies have 10,240 characters at most', () => {
    expect(JSON.stringify(role('execution').statements).length).toBeLessThan(10_240);
  });
});

describe('every policy', () => {
  const statements = [
    ...Object.values(template.findResources('AWS::IAM::Policy')),
    ...Object.values(template.findResources('AWS::IAM::ManagedPolicy')),
  ].flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);

  test('names its actions one by one', () => {
    expect(actionsOf(statements).filter((action) => action.includes('*'))).toEqual([]);
  });

  test('has a wildcard for all resources only where the service knows none', () => {
    const wide = statements.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);
    expect(wide.filter((action) => !/^(elasticloadbalancing:Describe|cloudwatch:(Describe|Get)|logs:Describe|xray:Put)/.test(action))).toEqual([]);
  });
});

describe('policies that somebody changed', () => {
  const policiesOf = (text?: string) => {
    const app = testApp(text === undefined ? {} : { context: { 'policies-anew': text } });
    const all = Template.fromStack(frontDoor({}, { hub }, app)).findResources('AWS::IAM::Policy');
    return Object.fromEntries(Object.entries(all).filter(([id]) => id.startsWith('Roles')));
  };
  const before = policiesOf();
  const nameless = (policies: typeof before) =>
    Object.entries(policies).map(([id, { Properties }]) => {
      const [first, ...rest] = Properties.PolicyDocument.Statement as Statement[];
      return [id, { ...Properties, PolicyDocument: { Statement: [{ ...first, Sid: '' }, ...rest] } }];
    });

  test('are written anew by a deployment with another text, each of them, and grant the same', () => {
    const [once, again] = [policiesOf('1'), policiesOf('after INC0042')];
    expect(Object.keys(before).length).toBeGreaterThan(3);
    for (const id of Object.keys(before)) expect(new Set([before, once, again].map((each) => JSON.stringify(each[id]))).size).toBe(3);
    expect(nameless(once)).toEqual(nameless(before));
    expect(nameless(again)).toEqual(nameless(before));
  });

  test('have names that IAM takes, no two in one policy', () => {
    const names = Object.values(policiesOf('after INC0042')).map(({ Properties }) =>
      (Properties.PolicyDocument.Statement as Statement[]).flatMap(({ Sid = [] }) => Sid),
    );
    expect(names.flat().filter((name) => !/^[A-Za-z0-9]+$/.test(name))).toEqual([]);
    expect(names.filter((each) => new Set(each).size < each.length)).toEqual([]);
  });
});

describe('the owner of the live rule', () => {
  const statements: Statement[] = Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith('TrafficSwitchOwner'))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
  const conditionOf = (sid: string) => statements.find(({ Sid }) => Sid === sid)?.Condition;

  test('may do what it calls, and tag the rule it makes', () => {
    const actions = actionsOf(statements).filter((action) => action.startsWith('elasticloadbalancing:'));
    const called = rightsOf('live-rule-owner', 'adopted-target', 'listener-rules', 'rule-tags');
    expect(actions).toEqual([...called, 'elasticloadbalancing:AddTags'].sort());
  });

  test('marks a rule as it makes it, and changes none but the one with its own mark', () => {
    expect(conditionOf('Mark')).toEqual({ StringEquals: { 'elasticloadbalancing:CreateAction': 'CreateRule' } });
    const mark = { 'Fn::Join': ['', [{ Ref: 'AWS::StackId' }, expect.stringMatching(/^ TrafficSwitchRule/)]] };
    expect(conditionOf('Keep')).toEqual({ StringEquals: { 'aws:ResourceTag/path-to-live:owner': mark } });
  });
});
