import { estimate } from '../../cli/review/cost/estimate';
import { type Prices, readPrices } from '../../cli/review/cost/prices';
import { duration, exact, number, usd } from '../../cli/review/document/words';
import type { ReviewedPath, ReviewedStack, StackKind } from '../../cli/review/read/reviewed-path';
import { listed } from '../../lambda/contract';
import { type TemplateResource, Values } from '../../permissions';

const machine = {
  StartAt: 'A',
  States: { A: { Type: 'Task', TimeoutSeconds: 1, Arguments: { FunctionName: 'arn:aws:lambda:eu-west-2:1:function:f:1' }, Next: 'B' }, B: { Type: 'Succeed' } },
};

function stack(stackName: string, kind: StackKind, resources: Record<string, TemplateResource>, environment?: string): ReviewedStack {
  return {
    stackName,
    kind,
    path: stackName,
    environment,
    account: '1',
    region: 'eu-west-2',
    template: { Resources: resources },
    bytes: 1,
    metadata: {},
    notes: [],
    deployedWith: [],
    after: [],
    pathOf: (logicalId) => `${stackName}/${logicalId}`,
  };
}

function pathOf(slot: Record<string, TemplateResource>, beside: Record<string, TemplateResource> = {}): ReviewedPath {
  const stacks = [
    stack('Hub', 'hub', {
      F: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f', MemorySize: 1024 } },
      Sweep: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: 'rate(1 minute)', Targets: [{ Arn: { 'Fn::GetAtt': ['F', 'Arn'] } }] } },
      Off: {
        Type: 'AWS::Events::Rule',
        Properties: { ScheduleExpression: 'rate(1 minute)', State: 'DISABLED', Targets: [{ Arn: { 'Fn::GetAtt': ['F', 'Arn'] } }] },
      },
      Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'P-Live', DefinitionString: JSON.stringify(machine) } },
    }),
    stack(
      'P-Live',
      'frontDoor',
      {
        Alb: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internet-facing', Subnets: ['a', 'b', 'c'] } },
        Inside: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internal', Subnets: ['a', 'b'] } },
        Key: { Type: 'AWS::SecretsManager::Secret' },
        ...beside,
      },
      'Live',
    ),
    stack('P-Live-Blue', 'slot', slot, 'Live'),
    stack('P-Live-Green', 'slot', slot, 'Live'),
  ];
  return { path: 'P', hub: {}, plans: [{ environment: 'Live', order: 0 }], stacks, values: new Values(stacks) } as unknown as ReviewedPath;
}

let prices: Prices;
beforeAll(async () => {
  prices = await readPrices(undefined);
});

const billOf = (path: ReviewedPath, title: RegExp, requestsPerSecond = 0) => {
  const bill = estimate(path, prices, requestsPerSecond).bills.find((one) => title.test(one.title));
  if (bill === undefined) throw new Error(`there is no bill like ${title}`);
  return { ...bill, quantity: (what: string) => bill.items.find((item) => item.what === what)?.quantity };
};

describe('an estimate', () => {
  test('by the month: each thing that stands, by its price, and the addresses of a load balancer that faces the internet', () => {
    const idle = billOf(pathOf({ Alarm: { Type: 'AWS::CloudWatch::Alarm' } }), /^Idle/);
    expect([idle.quantity('load balancers'), idle.quantity('public addresses of load balancers'), idle.quantity('secrets'), idle.quantity('alarms')]).toEqual([
      1460, 2190, 1, 1,
    ]);
    expect(idle.quantity('what runs by the clock: invocations')).toBe(43_800);
    expect(idle.quantity('what runs by the clock: time of functions')).toBe(43_800 * 0.2);
    expect(idle.usd).toBeCloseTo(
      idle.items.reduce((sum, item) => sum + item.quantity * item.usdEach, 0),
      6,
    );
  });

  test('the second slot for a day and for 14: Fargate tasks by processors and memory, in proportion to the hours', () => {
    const service = {
      Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Cpu: '512', Memory: '1024', Family: 'web' } },
      Service: { Type: 'AWS::ECS::Service', Properties: { DesiredCount: 2, LaunchType: 'FARGATE', TaskDefinition: { Ref: 'Task' }, Cluster: 'c' } },
    };
    const [day, fortnight] = [billOf(pathOf(service), /for a day$/), billOf(pathOf(service), /for 14 days$/)];
    expect(day.usd).toBeCloseTo(24 * 2 * (0.5 * 0.04656 + 1 * 0.00511), 6);
    expect(fortnight.usd).toBeCloseTo(14 * day.usd, 6);
  });

  test('health checks of a function are invocations', () => {
    const slot = {
      G: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'g', MemorySize: 512 } },
      Target: {
        Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
        Properties: { TargetType: 'lambda', HealthCheckEnabled: true, HealthCheckIntervalSeconds: 60, Targets: [{ Id: { 'Fn::GetAtt': ['G', 'Arn'] } }] },
      },
    };
    expect(billOf(pathOf(slot), /for a day$/).quantity('health checks: invocations')).toBe(1440);
  });

  test('a release: the transitions and calls of its definition', () => {
    const release = billOf(pathOf({}), /^A release/);
    expect([release.quantity('state transitions'), release.quantity('tasks: invocations'), release.quantity('tasks: time of functions')]).toEqual([2, 1, 1]);
  });

  test('requests: twice as many cost twice as much, none cost nothing', () => {
    const slot = { G: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'g', MemorySize: 512 } } };
    const [one, two] = [billOf(pathOf(slot), /requests a second/, 10), billOf(pathOf(slot), /requests a second/, 20)];
    expect(one.quantity('the workload: invocations')).toBe(10 * 3600 * 730);
    // 20 kB each, of 0.4 GB an hour that a unit holds for functions
    expect(one.quantity('load balancer capacity')).toBeCloseTo(((10 * 3600 * 20) / 1e6 / 0.4) * 730, 6);
    expect(two.quantity('the workload: time of functions')).toBe(2 * (one.quantity('the workload: time of functions') ?? 0));
    expect(() => billOf(pathOf(slot), /requests a second/)).toThrow('there is no bill');
  });

  test('requests go to the slot’s target group: a function beside it, a migration, is none of them', () => {
    const fn = (FunctionName: string, MemorySize: number) => ({ Type: 'AWS::Lambda::Function', Properties: { FunctionName, MemorySize } });
    const group = (Properties: Record<string, unknown>) => ({ Target: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties } });
    const billed = (slot: Record<string, TemplateResource>) => billOf(pathOf(slot), /requests a second/, 10);
    const tasks = billed({ Migration: fn('m', 4096), ...group({ TargetType: 'ip' }) });
    expect(tasks.quantity('the workload: invocations')).toBeUndefined();
    const toG = group({ TargetType: 'lambda', Targets: [{ Id: { 'Fn::GetAtt': ['G', 'Arn'] } }] });
    const [alone, beside] = [billed({ G: fn('g', 512), ...toG }), billed({ G: fn('g', 512), Migration: fn('m', 4096), ...toG })];
    expect(alone.quantity('the workload: time of functions')).toBeGreaterThan(0);
    expect(beside.items).toEqual(alone.items);
  });

  test('says what it has no price for', () => {
    const { notPriced } = estimate(pathOf({}, { Db: { Type: 'AWS::RDS::DBInstance' }, Other: { Type: 'AWS::RDS::DBInstance' } }), prices, 0);
    expect(notPriced).toEqual([{ type: 'AWS::RDS::DBInstance', count: 2 }]);
  });

  test('every price and every assumption has where it is from', () => {
    for (const price of Object.values(prices.prices)) expect(price.source.length).toBeGreaterThan(15);
    for (const { basis } of Object.values(prices.assumptions)) expect(basis.length).toBeGreaterThan(10);
    expect(prices.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});

test.each<[string, string]>([
  [duration(45), '45 s'],
  [duration(600), '10 min (600 s)'],
  [duration(24_350), '6 h 45 min (24,350 s)'],
  [duration(1_209_600), '14 d (1,209,600 s)'],
  [duration(Number.POSITIVE_INFINITY), 'no end'],
  [number(1_234_567.5), '1,234,567.5'],
  [usd(0), '0.00'],
  [usd(1234.5), '1,234.50'],
  [usd(84), '84.00'],
  [usd(0.02646), '0.03'],
  [exact(0.02646), '0.02646'],
  [exact(0.4), '0.4'],
  [usd(0.0000002), '0.0000002'],
  [usd(0.0000166667), '0.000017'],
  [listed(['a', 'b', 'c']), 'a, b and c'],
])('%s', (said, expected) => expect(said).toBe(expected));
