import * as fc from 'fast-check';
import { MADE_UP, matches, matchesArn, type StackTemplate, Values } from '../../permissions';
import { stackOf } from './templates';

const LISTENER = 'arn:aws:elasticloadbalancing:eu-west-2:111111111111:listener/app/Payments-Hub-Alb-XXXXXXXXXXXX/XXXXXXXXXXXX/Payments-Hub-Http-XXXXXXXXXXXX';
const stack = stackOf({
  Fn: { Type: 'AWS::Lambda::Function' },
  Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
  Role: { Type: 'AWS::IAM::Role', Properties: { Path: '/slots/' } },
  Alb: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer' },
  Http: { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { LoadBalancerArn: { Ref: 'Alb' } } },
  Live: { Type: 'Custom::LiveRule', Properties: { ListenerArn: { Ref: 'Http' } } },
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'logs' } },
  Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a/listener', Value: { Ref: 'Http' } } },
  Self: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: { 'Fn::GetAtt': ['Self', 'Arn'] } } },
});
const exporting: StackTemplate = {
  ...stackOf({ Fn: { Type: 'AWS::Lambda::Function' } }),
  stackName: 'Tests',
  template: {
    Resources: { Fn: { Type: 'AWS::Lambda::Function' } },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Fn', 'Arn'] }, Export: { Name: 'Tests:Arn' } } },
  },
};
const values = new Values([stack, exporting]);

test.each<[string, unknown, unknown]>([
  ['a name made up', { Ref: 'Fn' }, `Payments-Hub-Fn-${MADE_UP}`],
  ['an ARN', { 'Fn::GetAtt': ['Fn', 'Arn'] }, `arn:aws:lambda:eu-west-2:111111111111:function:Payments-Hub-Fn-${MADE_UP}`],
  ['a version of a function', { Ref: 'Version' }, `arn:aws:lambda:eu-west-2:111111111111:function:Payments-Hub-Fn-${MADE_UP}:1`],
  ['a role under a path', { 'Fn::GetAtt': 'Role.Arn' }, `arn:aws:iam::111111111111:role/slots/Payments-Hub-Role-${MADE_UP}`],
  ['a bucket, whose ARN has no account', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::logs'],
  ['Join', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':x']] }, 'arn:aws:x'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own
  ['Sub', { 'Fn::Sub': ['${AWS::Region}/${Fn.Arn}/${own}/${!not}', { own: { Ref: 'AWS::AccountId' } }] }, /^eu-west-2\/arn:.*\/111111111111\/\$\{not\}$/],
  ['Select and Split', { 'Fn::Select': [1, { 'Fn::Split': [':listener/', { Ref: 'Http' }] }] }, LISTENER.split(':listener/')[1]],
  ['a parameter of Systems Manager that the assembly makes', '{{resolve:ssm:/a/listener}}', LISTENER],
  ['one that it does not make', '{{resolve:ssm:/b}}', '{{resolve:ssm:/b}}'],
  ['AWS::NoValue', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
  ['an export of another stack', { 'Fn::ImportValue': 'Tests:Arn' }, `arn:aws:lambda:eu-west-2:111111111111:function:Tests-Fn-${MADE_UP}`],
  ['an export that nobody makes', { 'Fn::ImportValue': 'Tests:Other' }, '<Fn::ImportValue Tests:Other>'],
  ['what nothing is known of', { 'Fn::GetAtt': ['Fn', 'Odd'] }, '<Payments-Hub.Fn.Odd>'],
  ['a resource that names itself', { Ref: 'Self' }, '<Payments-Hub.Self.Arn>'],
])('%s', (_, value, expected) => {
  if (expected instanceof RegExp) expect(values.of(stack, value)).toMatch(expected);
  else expect(values.of(stack, value)).toEqual(expected);
});

test('the live rule is a rule of its listener, so that wildcards over its rules cover it', () => {
  const live = values.text(stack, { 'Fn::GetAtt': ['Live', 'RuleArn'] });
  expect(matchesArn(`${LISTENER.replace(':listener/', ':listener-rule/')}/*`, live)).toBe(true);
});

test('what is known of a deployed stack comes before what is made up', () => {
  const deployed = new Values([stack], (stackName, logicalId, attribute) => (logicalId === 'Fn' ? `${stackName}/${attribute ?? 'ref'}` : undefined));
  expect(deployed.of(stack, [{ Ref: 'Fn' }, { 'Fn::GetAtt': ['Fn', 'Arn'] }, { 'Fn::GetAtt': ['Bucket', 'Arn'] }])).toEqual([
    'Payments-Hub/ref',
    'Payments-Hub/Arn',
    'arn:aws:s3:::logs',
  ]);
});

describe('patterns', () => {
  test('a text without wildcards is only itself, whatever characters it has', () => {
    fc.assert(
      fc.property(
        fc.string().map((text) => text.replace(/[*?]/g, '')),
        fc.string(),
        (pattern, text) => matches(pattern, text) === (pattern === text),
      ),
    );
  });

  test('a star is any number of characters, a question mark exactly one', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (start, middle, end) =>
        matches(`${start.replace(/[*?]/g, '')}*${end.replace(/[*?]/g, '')}`, `${start.replace(/[*?]/g, '')}${middle}${end.replace(/[*?]/g, '')}`),
      ),
    );
    expect([matches('a?c', 'abc'), matches('a?c', 'ac'), matches('a?c', 'abbc')]).toEqual([true, false, false]);
  });

  test.each([
    ['arn:aws:s3:::logs/*', 'arn:aws:s3:::logs/a:b', true],
    ['arn:aws:iam::*:role/x', 'arn:aws:iam::1:role/x', true],
    ['arn:aws:*:role/x', 'arn:aws:iam::1:role/x', false],
    ['arn:aws:s3', 'arn:aws:s3:::logs', true],
    ['arn:aws:s3:::log', 'arn:aws:s3:::logs', false],
    ['*', 'arn:aws:s3:::logs', true],
  ])('%s, %s: %p', (pattern, arn, expected) => expect(matchesArn(pattern, arn)).toBe(expected));
});

describe('what only some deployments have', () => {
  const trusting = stackOf(
    {
      Role: { Type: 'AWS::IAM::Role', Properties: { Trusted: { 'Fn::If': ['Trusts', { Ref: 'Accounts' }, { Ref: 'AWS::NoValue' }] } } },
      Key: { Type: 'AWS::KMS::Key', Condition: 'Trusts' },
      Queue: { Type: 'AWS::SQS::Queue' },
      Topic: { Type: 'AWS::SNS::Topic' },
    },
    { stackName: 'Toolkit' },
  );
  const template = {
    ...trusting.template,
    Parameters: { Accounts: { Type: 'CommaDelimitedList', Default: '' } },
    Conditions: { Trusts: { 'Fn::Not': [{ 'Fn::Equals': ['', { 'Fn::Join': ['', { Ref: 'Accounts' }] }] }] } },
    Outputs: { Where: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] }, Export: { Name: 'queue' } } },
  };
  const toolkit = { ...trusting, template };
  const importing = stackOf({ Fn: { Type: 'AWS::Lambda::Function', Properties: { Queue: { 'Fn::ImportValue': 'queue' } } } });

  test('conditions choose by the values of parameters', () => {
    const without = new Values([toolkit]);
    expect([without.properties(toolkit, 'Role'), without.made(toolkit, 'Key')]).toEqual([{}, false]);
    const trusted = new Values([toolkit], (_, name) => (name === 'Accounts' ? '1,2' : undefined));
    expect([trusted.properties(toolkit, 'Role'), trusted.made(toolkit, 'Key')]).toEqual([{ Trusted: ['1', '2'] }, true]);
  });

  test('an import is what another stack exports, in the same account and region', () => {
    expect(new Values([toolkit, importing]).properties(importing, 'Fn').Queue).toBe(`arn:aws:sqs:eu-west-2:111111111111:Toolkit-Queue-${MADE_UP}`);
    const elsewhere = { ...importing, region: 'eu-west-1' };
    expect(new Values([toolkit, elsewhere]).properties(elsewhere, 'Fn').Queue).toBe('<Fn::ImportValue queue>');
  });

  test('physical ids that a deployment settled are in ARNs and attributes too', () => {
    const ids: Record<string, string> = { Role: 'Role-1', Queue: 'http://localhost/1/queue-1', Topic: 'arn:aws:sns:eu-west-2:1:topic-1' };
    const settled = new Values([toolkit], (_, name, attribute) => (attribute === undefined ? ids[name] : undefined));
    const of = (name: string, attribute: string) => settled.of(toolkit, { 'Fn::GetAtt': [name, attribute] });
    expect([of('Role', 'Arn'), of('Queue', 'Arn'), of('Topic', 'TopicArn')]).toEqual([
      'arn:aws:iam::111111111111:role/Role-1',
      'arn:aws:sqs:eu-west-2:111111111111:queue-1',
      'arn:aws:sns:eu-west-2:1:topic-1',
    ]);
  });
});
