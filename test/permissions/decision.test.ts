import {
  type Context,
  conditionsHold,
  decide,
  managedPolicies,
  type Request,
  type ResourcePolicy,
  type Role,
  resourcePolicies,
  roles,
  statementsOf,
  Values,
} from '../../permissions';
import { allow, roleResource, stackOf } from './templates';

const from = { stackName: 'S', logicalId: 'P' };
const caller = (statements: object[], boundary?: object[]) => ({
  arn: 'arn:aws:iam::1:role/me',
  account: '1',
  statements: statementsOf({ Statement: statements }, from),
  ...(boundary && { boundary: statementsOf({ Statement: boundary }, from) }),
});
const policy = (account: string, statement: object) => ({ account, statements: statementsOf({ Statement: statement }, from) });
const modify: Request = { action: 'elasticloadbalancing:ModifyRule', resource: 'arn:aws:elasticloadbalancing:r:1:listener-rule/app/a/b/c' };

describe('a request is', () => {
  test.each<[string, object[], boolean]>([
    ['not allowed by nothing', [], false],
    ['allowed by its action and resource', [allow('elasticloadbalancing:ModifyRule', modify.resource)], true],
    ['allowed whatever the case of its action', [allow('ELASTICLOADBALANCING:modifyrule')], true],
    ['allowed by wildcards', [allow('elasticloadbalancing:Modify*', 'arn:aws:elasticloadbalancing:r:1:listener-rule/app/*')], true],
    ['not allowed for another resource', [allow('elasticloadbalancing:ModifyRule', 'arn:aws:elasticloadbalancing:r:1:listener-rule/app/a/b/d')], false],
    ['allowed by NotAction', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], true],
    ['not allowed by a NotResource that is it', [{ Effect: 'Allow', Action: '*', NotResource: modify.resource }], false],
    ['denied whatever allows it', [allow('*'), { Effect: 'Deny', Action: 'elasticloadbalancing:*', Resource: modify.resource }], false],
  ])('%s', (_, statements, allowed) => expect(decide(caller(statements), modify, undefined).allowed).toBe(allowed));

  test('within a boundary only', () => {
    expect(decide(caller([allow('*')], [allow('logs:*')]), modify, undefined).allowed).toBe(false);
    expect(decide(caller([allow('*')], [allow('elasticloadbalancing:*')]), modify, undefined).allowed).toBe(true);
  });

  test('allowed by the resource’s own policy in the same account, and only by both from another', () => {
    const himself = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::1:role/me' }, Action: modify.action, Resource: '*' };
    const account = { ...himself, Principal: { AWS: 'arn:aws:iam::1:root' } };
    const allows = (statements: object[], theirs: object, owner: string, must = false) =>
      decide(caller(statements), modify, policy(owner, theirs), must).allowed;
    expect([allows([], himself, '1'), allows([], account, '1'), allows([], himself, '2')]).toEqual([true, false, false]);
    expect([allows([allow('*')], himself, '2'), allows([allow('*')], account, '2')]).toEqual([true, true]);
    const somebodyElse = { ...himself, Principal: { AWS: 'arn:aws:iam::1:role/you' } };
    expect([allows([allow('*')], somebodyElse, '2'), allows([allow('*')], somebodyElse, '1'), allows([allow('*')], somebodyElse, '1', true)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('allowed, depending on what nothing is known about', () => {
    const passing = allow('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } });
    const request = (context?: Context): Request => ({ action: 'iam:PassRole', resource: 'arn:aws:iam::1:role/r', context });
    expect(decide(caller([passing]), request(), undefined)).toMatchObject({ allowed: true, depends: true });
    expect(decide(caller([passing]), request({ 'iam:PassedToService': 'lambda.amazonaws.com' }), undefined)).toMatchObject({ allowed: true, depends: false });
    expect(decide(caller([passing]), request({ 'iam:PassedToService': 'ec2.amazonaws.com' }), undefined).allowed).toBe(false);
    expect(decide(caller([passing]), { ...request({}), complete: true }, undefined).allowed).toBe(false);
  });
});

test.each<[string, object, Context, string]>([
  ['one of several values', { StringEquals: { k: ['a', 'b'] } }, { k: 'b' }, 'yes'],
  ['none of them', { StringEquals: { k: ['a', 'b'] } }, { k: 'c' }, 'no'],
  ['a negation', { StringNotEquals: { k: ['a', 'b'] } }, { k: 'c' }, 'yes'],
  ['keys whatever their case', { Bool: { 'aws:SecureTransport': ['false'] } }, { 'AWS:securetransport': 'false' }, 'yes'],
  ['all of several conditions', { StringEquals: { k: ['a'] }, StringLike: { l: ['x*'] } }, { k: 'a', l: 'y' }, 'no'],
  ['any of several given values', { 'ForAnyValue:StringEquals': { k: ['a'] } }, { k: ['z', 'a'] }, 'yes'],
  ['a key that is absent', { StringEquals: { k: ['a'] } }, {}, 'no'],
  ['a key that is absent and need not be there', { StringEqualsIfExists: { k: ['a'] } }, {}, 'yes'],
  ['a negated key that is absent', { ArnNotLike: { k: ['a'] } }, {}, 'yes'],
  ['absence itself', { Null: { k: ['true'] } }, {}, 'yes'],
  ['an operator nobody knows', { BinaryEquals: { k: ['a'] } }, { k: 'a' }, 'unknown'],
])('a condition: %s', (_, conditions, context, held) => {
  expect(conditionsHold(conditions as never, context, true)).toBe(held);
});

test('what a context does not say is not known, unless it is all there is', () => {
  expect([conditionsHold({ StringEquals: { k: ['a'] } }, {}), conditionsHold({ StringEquals: { k: ['a'] } }, {}, true)]).toEqual(['unknown', 'no']);
});

describe('of an assembly', () => {
  const stack = stackOf({
    Role: roleResource('worker', [allow('logs:PutLogEvents')], {
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', 'arn:aws:iam::aws:policy/PowerUserAccess', { Ref: 'Managed' }],
      PermissionsBoundary: { Ref: 'Boundary' },
    }),
    Policy: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: [allow('sqs:SendMessage')] } } },
    Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: allow('s3:GetObject') } } },
    Attached: { Type: 'AWS::IAM::ManagedPolicy', Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: { Statement: [allow('sns:Publish')] } } },
    Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'most', PolicyDocument: { Statement: [allow('*')] } } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't' } },
    TopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: { Statement: [{ ...allow('sns:Publish'), Principal: '*' }] } },
    },
    Fn: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: { FunctionName: { Ref: 'Fn' }, Principal: 'sns.amazonaws.com', Action: 'lambda:InvokeFunction', SourceArn: { Ref: 'Topic' } },
    },
  });
  const values = new Values([stack]);
  const [role] = roles([stack], values) as [Role];

  test('a role has everything that is attached to it, and says what is not known', () => {
    expect(role.statements.flatMap(({ actions }) => actions).sort()).toEqual(
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:PutLogEvents', 's3:GetObject', 'sns:Publish', 'sqs:SendMessage'].sort(),
    );
    expect(role.boundary?.flatMap(({ actions }) => actions)).toEqual(['*']);
    expect(role.notKnown).toEqual(['arn:aws:iam::aws:policy/PowerUserAccess']);
    expect(role.trust[0]?.principals).toEqual({ Service: ['lambda.amazonaws.com'] });
  });

  test('every statement says which resource it is in', () => {
    expect(role.statements.map(({ from }) => from.logicalId)).toEqual(['Role', 'Policy', 'Role', 'Managed', 'Attached']);
    expect(managedPolicies([stack], values).map(({ name }) => name)).toContain('most');
  });

  test('resources say for themselves who may use them', () => {
    const policies = resourcePolicies([stack], values);
    expect(policies.map(({ resource }) => resource)).toEqual(['arn:aws:sns:eu-west-2:111111111111:t', 'arn:aws:lambda:eu-west-2:111111111111:function:f']);
    const [, permission] = policies as [ResourcePolicy, ResourcePolicy];
    const sns = { arn: 'sns.amazonaws.com', account: '111111111111', statements: [] };
    const invoke = (source: string): Request => ({ action: 'lambda:InvokeFunction', resource: permission.resource, context: { 'aws:SourceArn': source } });
    expect(decide(sns, invoke('arn:aws:sns:eu-west-2:111111111111:t'), permission).allowed).toBe(true);
    expect(decide(sns, invoke('arn:aws:sns:eu-west-2:111111111111:other'), permission).allowed).toBe(false);
  });
});

describe('as AWS documents how a request is decided, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html:', () => {
  const ROLE = 'arn:aws:iam::1:role/me';
  const by = (Principal: object | string, Effect = 'Allow') => ({ Effect, Principal, Action: '*', Resource: '*' });
  const him = by({ AWS: ROLE });
  const account = by({ AWS: '1' });
  type Row = [what: string, own: object[], boundary: object[] | undefined, theirs: object[] | undefined, owner: string, must: boolean, allowed: boolean];
  test.each<Row>([
    ['nothing allows', [], undefined, undefined, '1', false, false],
    ['identity policy allows', [allow('*')], undefined, undefined, '1', false, true],
    ['identity policy denies what it allows', [allow('*'), { ...allow('*'), Effect: 'Deny' }], undefined, undefined, '1', false, false],
    ['boundary does not allow', [allow('*')], [allow('logs:*')], undefined, '1', false, false],
    ['boundary denies', [allow('*')], [allow('*'), { ...allow('*'), Effect: 'Deny' }], undefined, '1', false, false],
    ['boundary alone allows nothing', [], [allow('*')], undefined, '1', false, false],
    ['resource names the role', [], undefined, [him], '1', false, true],
    ['resource names the role, whose boundary does not allow', [], [allow('logs:*')], [him], '1', false, false],
    ['resource names everybody', [], undefined, [by('*')], '1', false, true],
    ['resource names only the account', [], undefined, [account], '1', false, false],
    ['resource names the account, identity policy allows', [allow('*')], undefined, [account], '1', true, true],
    ['resource denies', [allow('*')], undefined, [by({ AWS: ROLE }, 'Deny')], '1', false, false],
    ['resource denies somebody else', [allow('*')], undefined, [by({ AWS: `${ROLE}2` }, 'Deny')], '1', false, true],
    ['resource says nothing, and need not', [allow('*')], undefined, [], '1', false, true],
    ['resource says nothing, and must (a trust, a key)', [allow('*')], undefined, [], '1', true, false],
    ['another account: identity policy alone', [allow('*')], undefined, [], '2', false, false],
    ['another account: resource alone', [], undefined, [him], '2', false, false],
    ['another account: both, by name', [allow('*')], undefined, [him], '2', false, true],
    ['another account: both, by account', [allow('*')], undefined, [account], '2', false, true],
    ['another account: both, but a boundary', [allow('*')], [allow('logs:*')], [him], '2', false, false],
  ])('%s', (_, own, boundary, theirs, owner, must, allowed) => {
    const policyOfResource = theirs && { account: owner, statements: statementsOf({ Statement: theirs }, from) };
    expect(decide(caller(own, boundary), modify, policyOfResource, must).allowed).toBe(allowed);
  });

  test('a service is allowed by the resource, under its conditions, and by nothing else', () => {
    const sns = { arn: 'sns.amazonaws.com', account: '1', statements: [] };
    const only = policy('1', { ...by({ Service: 'sns.amazonaws.com' }), Condition: { StringEquals: { 'aws:SourceAccount': '1' } } });
    const from1 = (source: string): Request => ({ ...modify, context: { 'aws:SourceAccount': source }, complete: true });
    expect([decide(sns, from1('1'), only).allowed, decide(sns, from1('2'), only).allowed, decide(sns, { ...modify, complete: true }, only).allowed]).toEqual([
      true,
      false,
      false,
    ]);
    expect(decide({ ...sns, arn: 'events.amazonaws.com' }, from1('1'), only).allowed).toBe(false);
  });

  test.each<[string, object, Context, string]>([
    ['every value of a list must be one of those', { 'ForAllValues:StringLike': { k: ['a*'] } }, { k: ['ab', 'b'] }, 'no'],
    ['every value of an absent list is', { 'ForAllValues:StringLike': { k: ['a*'] } }, {}, 'yes'],
    ['some value of an absent list is not', { 'ForAnyValue:StringNotEquals': { k: ['a'] } }, {}, 'no'],
    ['an ARN is compared part by part', { ArnLike: { k: ['arn:aws:s3:*:b'] } }, { k: 'arn:aws:s3:::b' }, 'no'],
    ['a number as a number', { NumericLessThanEquals: { k: ['9'] } }, { k: '10' }, 'no'],
  ])('%s', (_, conditions, context, held) => expect(conditionsHold(conditions as never, context, true)).toBe(held));
});
