import { Duration, Token } from 'aws-cdk-lib';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { EnvironmentTest } from '../../constructs/environments/environment-test';
import { ShadowAccess } from '../../constructs/environments/shadow-access';
import { SharedValue } from '../../constructs/shared-state/shared-value';
import { LambdaWorkload, type LambdaWorkloadProps } from '../../constructs/workloads';
import { refusal } from './refusal';

describe('ShadowAccess', () => {
  const key = 'path-to-live/Payments/Production/hidden/blue';

  test('by default asks for the key, whose value CloudFormation reads, and says so', () => {
    const access = ShadowAccess.secretHeader();
    const [condition] = access._conditions(key);
    expect(condition).toMatchObject({ field: 'http-header', httpHeaderConfig: { httpHeaderName: 'x-path-to-live-key' } });
    expect(access._describe(key)).toEqual({ secretHeaders: { 'x-path-to-live-key': key }, access: 'whoever sends the key' });
    expect(access._needsKey).toBe(true);
  });

  test('by networks asks for no key', () => {
    const access = ShadowAccess.fromCidrs(['203.0.113.0/24', '2001:db8::/32']);
    expect(access._conditions(key)).toEqual([{ field: 'source-ip', sourceIpConfig: { values: ['203.0.113.0/24', '2001:db8::/32'] } }]);
    expect(access._describe(key)).toEqual({ secretHeaders: {}, access: 'callers from 203.0.113.0/24, 2001:db8::/32' });
    expect(access._needsKey).toBe(false);
  });

  test('open asks for nothing, and keeps the reason', () => {
    const access = ShadowAccess.open({ reason: 'a public demonstration' });
    expect([access._conditions(key), access._optOut()]).toEqual([[], 'a public demonstration']);
    expect(access._describe(key).access).toContain('a public demonstration');
  });

  test.each([
    ['10.0.0.0/8'],
    ['fd00::/8'],
    ['2608::/13'],
    ['255.255.255.255/32'],
    ['::1/128'],
    ['2001:db8::/32'],
    [Token.asString({ Ref: 'Office' })],
  ])('takes %j', (cidr) => {
    expect(() => ShadowAccess.fromCidrs([cidr])).not.toThrow();
  });

  test.each([
    ['ShadowCidr', []],
    ['ShadowCidr', ['203.0.113.0']],
    ['ShadowCidr', ['203.0.113.256/24']],
    ['ShadowCidr', ['203.0.113.0/33']],
    ['ShadowCidr', ['203.0.113/24']],
    ['ShadowCidr', ['2001:db8::/129']],
    ['ShadowCidr', ['0.0.0.0/0']],
    ['ShadowCidr', ['::/0']],
    ['ShadowCidr', ['0.0.0.0/1', '128.0.0.0/1']],
    ['ShadowCidr', ['192.0.2.0/24', '12.0.0.0/7']],
    ['ShadowCidr', ['::/1', '8000::/1']],
    ['ShadowCidr', ['2a00::/12']],
    ['ShadowCidr', ['fc00::/7']],
    ['ShadowCidr', ['192.0.2.0/24', '192.0.2.0/24']],
    ['ShadowCidr', ['192.0.2.1/32', '192.0.2.2/32', '192.0.2.3/32', '192.0.2.4/32', '192.0.2.5/32']],
  ])('refuses with %s the networks %j', (code, cidrs) => {
    expect(refusal(() => ShadowAccess.fromCidrs(cidrs)).code).toBe(code);
  });

  test('says what to do about networks that are everybody', () => {
    expect(refusal(() => ShadowAccess.fromCidrs(['0.0.0.0/1', '128.0.0.0/1'])).message).toBe(
      'ShadowAccess.fromCidrs: the network "0.0.0.0/1" is (nearly) everybody: a prefix here must be /8 or longer; name the networks of those who test, or, if ' +
        'everybody is meant, say so with ShadowAccess.open({ reason }) (path-to-live:ShadowCidr)',
    );
  });

  test('takes four networks, which fill a rule', () => {
    expect(() => ShadowAccess.fromCidrs(['192.0.2.1/32', '192.0.2.2/32', '192.0.2.3/32', '192.0.2.4/32'])).not.toThrow();
  });

  test('is not open without a reason', () => {
    expect(refusal(() => ShadowAccess.open({ reason: '' })).code).toBe('ReasonMissing');
  });
});

describe('EnvironmentTest', () => {
  test.each([
    [EnvironmentTest.http('/health'), { kind: 'http', name: 'GET /health', path: '/health', expectStatus: 200, timeoutSeconds: 10 }],
    [
      EnvironmentTest.http('/search?q=a', { expectStatus: 404, timeout: Duration.seconds(1) }),
      { kind: 'http', name: 'GET /search', path: '/search?q=a', expectStatus: 404, timeoutSeconds: 1 },
    ],
    [EnvironmentTest.http(`/${'x'.repeat(50)}`), expect.objectContaining({ name: `GET /${'x'.repeat(35)}` })],
  ])('asks by HTTP', (environmentTest, plan) => {
    expect(environmentTest._bind()).toEqual(plan);
  });

  test.each([
    ['HttpPath', () => EnvironmentTest.http('')],
    ['HttpPath', () => EnvironmentTest.http(`/${'x'.repeat(1024)}`)],
    ['HttpStatus', () => EnvironmentTest.http('/', { expectStatus: 1000 })],
    ['HttpTimeout', () => EnvironmentTest.http('/', { timeout: Duration.minutes(2) })],
    ['TestName', () => EnvironmentTest.http('/', { name: 'x'.repeat(41) })],
    ['TestName', () => EnvironmentTest.http('/', { name: '' })],
  ])('refuses with %s', (code, act) => {
    expect(refusal(act).code).toBe(code);
  });
});

describe('LambdaWorkload', () => {
  const make = (props: Partial<LambdaWorkloadProps>) => () => new LambdaWorkload({ code: Code.fromInline('x'), handler: 'index.handler', ...props });

  test.each([
    ['LambdaMemory', { memorySize: 127 }],
    ['LambdaMemory', { memorySize: 10_241 }],
    ['LambdaTimeout', { timeout: Duration.seconds(0) }],
    ['LambdaTimeout', { timeout: Duration.seconds(901) }],
    ['HttpPath', { healthCheckPath: 'health' }],
    ['LambdaEnvironment', { environment: { PATH_TO_LIVE_VERSION: '1' } }],
    ['FunctionHandler', { handler: 'index' }],
    ['FunctionHandler', { handler: 'index.' }],
    ['FunctionHandler', { handler: './index' }],
    ['FunctionHandler', { handler: 'app', runtime: Runtime.PYTHON_3_13 }],
  ])('refuses with %s: %j', (code, props) => {
    expect(refusal(make(props)).code).toBe(code);
  });

  test.each<Partial<LambdaWorkloadProps>>([
    { handler: 'dist/pay.v2.handler' },
    { handler: 'com.example.Pay', runtime: Runtime.JAVA_21 },
    { handler: 'Pay', runtime: Runtime.DOTNET_8 },
    { handler: 'bootstrap', runtime: Runtime.PROVIDED_AL2023 },
  ])('takes what its runtime does: $handler', (props) => {
    expect(make(props)).not.toThrow();
  });

  test.each([{ memorySize: 128 }, { memorySize: 10_240 }, { timeout: Duration.seconds(1) }, { timeout: Duration.minutes(15) }])('takes %j', (props) => {
    expect(make(props)).not.toThrow();
  });
});

describe('SharedValue', () => {
  test.each(['', 'table-name', '1st', 'x'.repeat(41)])('refuses the name %j', (name) => {
    expect(refusal(() => SharedValue.named(name)).code).toBe('SharedValueName');
  });
});
