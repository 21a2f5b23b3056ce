import { dirname } from 'node:path';
import { usualIdentity } from '../../cli/hub/aws';
import { FakeElb } from './fake-elb';
import { fixtureAssembly } from './fixture-assembly';
import { type Run, runPtl } from './run-ptl';

const elb = new FakeElb();
const arn = (kind: string, name: string) => `arn:aws:elasticloadbalancing:eu-west-1:333333333333:${kind}/${name}`;
const LISTENER = arn('listener', 'app/front/1/2');
const RULE = arn('listener-rule', 'app/front/1/2/3');
const [BLUE, GREEN, TEAMS] = ['pay-blue/1', 'pay-green/2', 'teams/3'].map((name) => arn('targetgroup', name)) as [string, string, string];
const ACCEPTED = {
  'path-to-live:path': 'Payments',
  'path-to-live:environment': 'Production',
  'path-to-live:original': '503',
  'path-to-live:accepted-colour': 'blue',
  'path-to-live:accepted-version': '1.4.1',
  'path-to-live:accepted-target': BLUE,
};
/** Before any release was accepted. */
const BEGUN = Object.fromEntries(Object.entries(ACCEPTED).filter(([key]) => !key.includes('accepted')));
const before = process.env.AWS_ENDPOINT_URL;

beforeAll(async () => {
  await elb.server.start();
  process.env.AWS_ENDPOINT_URL = elb.server.url;
});
afterAll(async () => {
  if (before === undefined) delete process.env.AWS_ENDPOINT_URL;
  else process.env.AWS_ENDPOINT_URL = before;
  await elb.server.stop();
});
beforeEach(() => {
  elb.forget();
  elb.rules.set(arn('listener-rule', 'app/front/1/2/1'), { listener: LISTENER, tags: { team: 'other' }, holds: { [TEAMS]: 100 } });
  elb.rules.set(RULE, { listener: LISTENER, tags: ACCEPTED, holds: { [BLUE]: 50, [GREEN]: 50 } });
});

const ofNoPath = (more: readonly string[], directory?: string, env = {}): Promise<Run> =>
  runPtl(['roll-back', 'Production', '--break-glass', ...more], { directory, env });
const breakGlass = (...more: readonly string[]): Promise<Run> => ofNoPath(['--path', 'Payments', ...more]);
/** Payments has an environment of the same name, in the same account and region. */
const OTHERS = { ...ACCEPTED, 'path-to-live:path': 'Orders' };
const holds = () => elb.rules.get(RULE)?.holds;

describe('without the hub, a live rule goes back to what its tags say was accepted', () => {
  test('in one write, shown before and read back after it; and what to do when the hub answers again', async () => {
    const { code, out, err } = await breakGlass();
    expect([code, holds(), elb.writes.length]).toEqual([0, { [BLUE]: 100 }, 1]);
    expect(err.split('\n')).toEqual([
      `The live rule of Production: ${RULE}`,
      '  path       Payments',
      '  holds      targetgroup/pay-blue/1 50, targetgroup/pay-green/2 50',
      '  goes back  to 1.4.1 (blue), targetgroup/pay-blue/1',
    ]);
    expect(out.split('\n')).toEqual([
      'rolled Production back, without the hub; its traffic is on 1.4.1 (blue), targetgroup/pay-blue/1',
      'The ledger does not know of this, and nobody was asked or told: write down why.',
      'When the hub answers again: ptl doctor Production',
      'Then, if that says so: ptl recover Production --reason "<why>"',
    ]);
    expect(elb.asked.slice(-4)).toEqual(['DescribeTargetHealth', 'ModifyRule', 'DescribeRules', 'DescribeTags']);
  });

  test('and nothing is asked of anybody but the load balancer', async () => {
    await breakGlass();
    expect(elb.asked.filter((action) => !/^Describe(LoadBalancers|Listeners|Rules|Tags|TargetHealth)$|^ModifyRule$/.test(action))).toEqual([]);
  });

  test('where no region is known, that of the environment is asked for, and help says whose it is', async () => {
    const { AWS_REGION, AWS_CONFIG_FILE } = process.env;
    delete process.env.AWS_REGION;
    process.env.AWS_CONFIG_FILE = '/nowhere/config';
    try {
      const run = await runPtl(['roll-back', 'Production', '--break-glass', '--path', 'Payments'], { identity: usualIdentity() });
      expect(run).toMatchObject({ code: 1, err: expect.stringMatching(/^ptl: no AWS region is set; give the region of Production with --region/) });
    } finally {
      Object.assign(process.env, { AWS_REGION });
      if (AWS_CONFIG_FILE === undefined) delete process.env.AWS_CONFIG_FILE;
      else process.env.AWS_CONFIG_FILE = AWS_CONFIG_FILE;
    }
    const region = async (command: string) => /--region <name> .*?(?= --json)/.exec((await runPtl([command, '--help'])).out.replace(/\s+/g, ' '))?.[0];
    expect(await region('roll-back')).toContain("with --break-glass the environment's");
    expect(await region('abort')).not.toContain('--break-glass');
  });

  test('where it is there already nothing is written', async () => {
    elb.rules.set(RULE, { listener: LISTENER, tags: ACCEPTED, holds: { [BLUE]: 1 } });
    const { code, out } = await breakGlass();
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('already; nothing was written') });
    expect(out).not.toMatch(/write down why|ptl recover/);
    expect(elb.writes).toEqual([]);
  });

  test.each([
    ['users are answered 503 again', { ...BEGUN }, '503'],
    ['what served before does', { ...BEGUN, 'path-to-live:original': TEAMS }, { [TEAMS]: 100 }],
  ] as const)('where none was accepted, %s', async (_, tags, expected) => {
    elb.rules.set(RULE, { listener: LISTENER, tags, holds: { [GREEN]: 100 } });
    expect((await breakGlass()).code).toBe(0);
    expect(holds()).toEqual(expected);
  });

  test('in a planned outage it is said that what it goes back to may not understand the state', async () => {
    elb.rules.set(RULE, { listener: LISTENER, tags: ACCEPTED, holds: '503', says: 'back at noon' });
    const { code, err } = await breakGlass();
    expect([code, holds()]).toEqual([0, { [BLUE]: 100 }]);
    expect(err).toContain('  holds      no target group, in an outage: users are answered 503 "back at noon"');
    expect(err).toContain('  mind       this is a planned outage: what it goes back to may not understand the shared state any more');
    elb.rules.set(RULE, { listener: LISTENER, tags: ACCEPTED, holds: '503' });
    expect((await breakGlass()).err).not.toMatch(/outage/);
  });

  test('as JSON', async () => {
    expect(JSON.parse((await breakGlass('--json')).out)).toMatchObject({
      outcome: 'rolledBack',
      environment: 'Production',
      rule: RULE,
      now: expect.stringContaining('1.4.1 (blue)'),
    });
  });
});

describe('rules that are moved as one', () => {
  const [INTERNAL, OTHER_LISTENER] = [arn('listener-rule', 'app/front/1/9/7'), arn('listener', 'app/front/1/9')];
  const internal = (given: object = {}) =>
    elb.rules.set(INTERNAL, { listener: OTHER_LISTENER, tags: { ...ACCEPTED, 'path-to-live:rule': 'Internal', ...given }, holds: { [GREEN]: 100 } });
  const both = () => [holds(), elb.rules.get(INTERNAL)?.holds];

  test('go back together, the first one first, wherever their listeners are', async () => {
    internal();
    const { code, out, err } = await breakGlass();
    expect([code, both()]).toEqual([0, [{ [BLUE]: 100 }, { [BLUE]: 100 }]]);
    expect(err.split('\n').filter((line) => line.startsWith('The live rule'))).toEqual([
      `The live rule of Production, Main: ${RULE}`,
      `The live rule of Production, Internal: ${INTERNAL}`,
    ]);
    expect(out).toContain('its traffic is on 1.4.1 (blue), targetgroup/pay-blue/1\n');
  });

  test('each to what served by it, where no release was accepted', async () => {
    elb.rules.set(RULE, { listener: LISTENER, tags: { ...BEGUN, 'path-to-live:original': TEAMS }, holds: { [GREEN]: 100 } });
    elb.rules.set(INTERNAL, {
      listener: OTHER_LISTENER,
      tags: { ...BEGUN, 'path-to-live:original': BLUE, 'path-to-live:rule': 'Internal' },
      holds: { [GREEN]: 100 },
    });
    const told = JSON.parse((await breakGlass('--json')).out);
    expect(both()).toEqual([{ [TEAMS]: 100 }, { [BLUE]: 100 }]);
    expect(told).toMatchObject({ outcome: 'rolledBack', rule: RULE, further: [{ name: 'Internal', outcome: 'rolledBack', rule: INTERNAL }] });
  });

  test('one that cannot keeps the other from nothing, and it says which', async () => {
    internal({ 'path-to-live:accepted-target': TEAMS });
    elb.unhealthy.add(BLUE);
    const { code, err } = await breakGlass();
    expect([code, both()]).toEqual([1, [{ [BLUE]: 50, [GREEN]: 50 }, { [TEAMS]: 100 }]]);
    expect(err).toMatch(
      /not every live rule went back: 1\.4\.1 \(blue\) has no healthy target .*\. Internal has its traffic on 1\.4\.1 \(blue\), targetgroup\/teams\/3/,
    );
  });

  test('two of the same name are not told apart', async () => {
    internal();
    elb.rules.set(arn('listener-rule', 'app/front/1/9/8'), { listener: OTHER_LISTENER, tags: { ...ACCEPTED, 'path-to-live:rule': 'Internal' }, holds: '503' });
    expect((await breakGlass()).err).toMatch(/several live rules are of Production of Payments/);
    expect(elb.writes).toEqual([]);
  });
});

describe('the live rule is found', () => {
  test.each([
    ['by its ARN, in the region that says', ['--rule-arn', RULE], ['DescribeRules', 'DescribeTags']],
    ['among those of a listener', ['--listener-arn', LISTENER], ['DescribeRules', 'DescribeTags']],
    ['among all of a region', [], ['DescribeLoadBalancers', 'DescribeListeners', 'DescribeRules', 'DescribeTags']],
  ])('%s', async (_, given, asked) => {
    expect((await breakGlass(...given)).code).toBe(0);
    expect(elb.asked.slice(0, asked.length)).toEqual(asked);
    const region = /\/(\w+-\w+-\d)\/elasticloadbalancing\//.exec(elb.server.received[0]?.headers.authorization ?? '')?.[1];
    expect(region).toBe(given.length > 0 ? 'eu-west-1' : 'eu-west-2');
  });

  test('in the region that is said', async () => {
    await breakGlass('--region', 'eu-central-1');
    expect(elb.server.received[0]?.headers.authorization).toContain('/eu-central-1/');
  });

  test('also among more rules than tags are told of at a time', async () => {
    for (let n = 0; n < 25; n++) elb.rules.set(arn('listener-rule', `app/front/1/2/x${n}`), { listener: LISTENER, tags: {}, holds: '503' });
    elb.rules.delete(RULE);
    elb.rules.set(RULE, { listener: LISTENER, tags: ACCEPTED, holds: { [GREEN]: 100 } });
    expect((await breakGlass()).code).toBe(0);
    expect(holds()).toEqual({ [BLUE]: 100 });
  });

  test('of the path that is meant, where two have an environment of that name', async () => {
    const other = arn('listener-rule', 'app/front/1/2/4');
    elb.rules.set(other, { listener: LISTENER, tags: OTHERS, holds: { [GREEN]: 100 } });
    expect((await breakGlass()).code).toBe(0);
    expect([holds(), elb.rules.get(other)?.holds]).toEqual([{ [BLUE]: 100 }, { [GREEN]: 100 }]);
  });
});

describe('the path is known', () => {
  let directory: string;
  beforeAll(() => {
    directory = dirname(fixtureAssembly());
  });

  test.each<[string, readonly string[]]>([
    ['among all of a region', ['--region', 'eu-west-1']],
    ['among those of a listener', ['--listener-arn', LISTENER]],
    ['by its ARN', ['--rule-arn', RULE]],
  ])('by cdk.out: another path’s rule is not written, %s', async (_, given) => {
    elb.rules.set(RULE, { listener: LISTENER, tags: OTHERS, holds: { [GREEN]: 100 } });
    const { code, err } = await ofNoPath(given, directory);
    expect([code, err, elb.writes]).toEqual([1, expect.stringContaining('none is the live rule of Production of Payments, by the tags'), []]);
    elb.rules.set(RULE, { listener: LISTENER, tags: ACCEPTED, holds: { [GREEN]: 100 } });
    expect([(await ofNoPath(given, directory)).code, holds()]).toEqual([0, { [BLUE]: 100 }]);
  });

  test('by $PTL_PATH', async () => {
    expect([(await ofNoPath([], undefined, { PTL_PATH: 'Payments' })).code, holds()]).toEqual([0, { [BLUE]: 100 }]);
  });

  test('by whoever names the rule: whose it is is shown before it is written', async () => {
    elb.rules.set(RULE, { listener: LISTENER, tags: OTHERS, holds: { [GREEN]: 100 } });
    const { code, err } = await ofNoPath(['--rule-arn', RULE]);
    expect([code, err.split('\n')[1], holds()]).toEqual([0, '  path       Orders', { [BLUE]: 100 }]);
  });

  test.each<[string, readonly string[]]>([
    ['among all of a region', []],
    ['among those of a listener', ['--listener-arn', LISTENER]],
  ])('and where it is not, nothing is written, %s, though only one rule is of that environment', async (_, given) => {
    const { code, err } = await ofNoPath(given);
    expect([code, err, elb.writes]).toEqual([
      1,
      expect.stringMatching(/which path is meant is not known: .*there are Production of Payments\. Say which with --path, or name the rule with --rule-arn/),
      [],
    ]);
  });
});

describe('refused, with nothing written,', () => {
  const refusal = async (...more: readonly string[]) => {
    const { code, err } = await breakGlass(...more);
    expect([code, elb.writes]).toEqual([1, []]);
    return err.split('\n').at(-1);
  };

  test('where what was accepted serves nobody', async () => {
    elb.unhealthy.add(BLUE);
    expect(await refusal()).toMatch(/1\.4\.1 \(blue\) has no healthy target in .*pay-blue\/1: traffic stays as it is/);
  });

  test('where no rule is the environment’s, and which there are', async () => {
    elb.rules.set(RULE, { listener: LISTENER, tags: { ...ACCEPTED, 'path-to-live:environment': 'Preproduction' }, holds: { [GREEN]: 100 } });
    expect(await refusal()).toMatch(
      /none is the live rule of Production of Payments, .*there are Preproduction of Payments\. Use credentials of the environment's account/,
    );
    expect(await refusal('--rule-arn', RULE)).toMatch(/none is the live rule of Production of Payments/);
  });

  test('where the path has several of that environment', async () => {
    const other = arn('listener-rule', 'app/front/1/2/4');
    elb.rules.set(other, { listener: LISTENER, tags: ACCEPTED, holds: { [GREEN]: 100 } });
    expect(await refusal()).toBe(`ptl: several live rules are of Production of Payments: ${RULE}, ${other}; say which with --rule-arn`);
  });

  test('where the tags say neither what was accepted nor what was before', async () => {
    const { 'path-to-live:original': _original, ...tags } = BEGUN;
    elb.rules.set(RULE, { listener: LISTENER, tags, holds: { [GREEN]: 100 } });
    expect(await refusal()).toMatch(/neither the tag path-to-live:accepted-target nor path-to-live:original/);
  });

  test('where a rule is not there, and where what is named is no rule', async () => {
    expect(await refusal('--rule-arn', `${RULE}9`)).toMatch(/does not know what was asked for .*see whether account, region and ARN are right/);
    expect(await refusal('--rule-arn', BLUE)).toMatch(/--rule-arn is ".*"; it must be the ARN of a listener or of one of its rules/);
  });

  test('where the caller may not, and what breaking the glass needs', async () => {
    await breakGlass();
    const needed = [...new Set(elb.asked)];
    expect(needed).toHaveLength(6);
    elb.forget();
    elb.denied.add('DescribeLoadBalancers');
    const said = await refusal();
    expect(said).toMatch(/breaking the glass needs elasticloadbalancing:.* in the environment's account, and nothing of the hub's/);
    expect([...(said?.split('breaking the glass needs ')[1]?.matchAll(/elasticloadbalancing:(\w+)/g) ?? [])].map(([, action]) => action).sort()).toEqual(
      needed.sort(),
    );
  });
});

test('a write that did nothing is not said to be done', async () => {
  elb.losesWrites = true;
  const { code, out, err } = await breakGlass();
  expect([code, out, err]).toEqual([
    1,
    '',
    expect.stringContaining('holds targetgroup/pay-blue/1 50, targetgroup/pay-green/2 50; somebody else writes it, too'),
  ]);
});

test('where a rule is named the glass must be broken', async () => {
  const { code, err } = await runPtl(['roll-back', 'Production', '--reason', 'slow', '--rule-arn', RULE]);
  expect([code, err]).toEqual([1, expect.stringContaining('--rule-arn is only for --break-glass')]);
});
