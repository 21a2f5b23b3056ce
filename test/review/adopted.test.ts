import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../../cli/review/facts/facts';
import { readReviewedPath } from '../../cli/review/read/reviewed-path';
import { pathSection } from '../../cli/review/sections/path';
import type { EnvironmentPlan } from '../../lambda/contract';
import { runPtl } from '../cli/run-ptl';
import { adopted, REASON, SERVING, temporary } from './assemblies';
import type { Data } from './reviewed';

jest.setTimeout(180_000);

const LISTENER = 'arn:aws:elasticloadbalancing:eu-central-1:333333333333:listener/app/front/50dc6c495c0c9188/f2f7dc8efc522ab2';

let assembly: string;
let data: Data;
let markdown: string;
let html: string;

/** The text under a heading of the Markdown, up to the next one of its level or above. */
function under(heading: string): string {
  const [, rest = ''] = markdown.split(`\n${heading}\n`);
  return rest.split(/\n##/)[0] ?? '';
}

beforeAll(async () => {
  const output = join(temporary('adopted-review'), 'review');
  assembly = adopted();
  const { code, err } = await runPtl(['review', '--assembly', assembly, '--output', output]);
  expect([code, err]).toEqual([0, '']);
  data = JSON.parse(readFileSync(join(output, 'review.json'), 'utf8'));
  markdown = readFileSync(join(output, 'review.md'), 'utf8');
  html = readFileSync(join(output, 'index.html'), 'utf8');
});

describe('of a listener that serves users now', () => {
  test('the listener, its URL, the place there, and what serves are named, and that they are not ours', () => {
    expect(data.endpoints.entrances).toEqual([
      {
        stack: 'Pay-Production',
        environment: 'Production',
        url: 'https://www.example.com',
        adopted: { listenerArn: LISTENER, loadBalancer: 'app/front/50dc6c495c0c9188', vpcId: 'vpc-0a1b2c3d4e5f60718', priorities: [200, 201, 202, 203, 210] },
        takes: 'paths /pay, /pay/*',
        priority: 210,
        currentlyServing: SERVING,
      },
      expect.objectContaining({ further: 'Partners', takes: 'paths /partners', priority: 211, adopted: expect.objectContaining({ priorities: [211] }) }),
    ]);
    const section = under('### Where users come in');
    for (const said of [LISTENER, SERVING, 'https://www.example.com', 'NOT OURS', 'priority 210', 'paths /pay, /pay/'])
      expect([said, section.includes(said)]).toEqual([said, true]);
    expect(section).toMatch(/makes 5 rules on it, with the priorities 200, 201, 202, 203 and 210, and changes no other/);
    expect(under('## Summary')).toMatch(
      /Production: https:\/\/www\.example\.com, a listener of app\/front\/50dc6c495c0c9188 that is not ours, and goes on to targetgroup\/pay\/73e2d6bc24d8a067/,
    );
    expect(under('### Load balancers that are made')).not.toMatch(/None\.$/m);
  });
});

describe('of a path with a planned outage', () => {
  test('how long it may be, what users are told and why are there', () => {
    expect(under('### Planned outages')).toMatch(new RegExp(`\\| Production \\| 20 min \\(1,200 s\\) \\| Back at 07:00\\. \\| ${REASON} \\|`));
  });

  test.each([
    ['add-currency', /expand \| after the deployment, before the tests \| stays/],
    ['split-name', /breaking \| in the planned outage, while users are out, before the tests \| NO UNDO/],
    ['drop-family', /breaking \| in the planned outage, while users are out, before the tests \| its undo takes it back/],
    ['drop-name', /contract \| when somebody asks for it, after early life support \| none/],
  ])('when %s runs, and what its way back is', (name, expected) => {
    expect(
      under('### Migrations')
        .split('\n')
        .find((line) => line.startsWith(`| ${name} |`)),
    ).toMatch(expected);
  });

  test('the proof has its fourth end, and says of each way that leads elsewhere what is refused', () => {
    const proof = under('### Production');
    expect(proof).toMatch(/users stay out, with a ticket/);
    expect(proof).toMatch(/“Undo the migration of Production” does not take back all of it/);
    expect(proof).toMatch(
      /a first shift that is refused \(“Is Production at 25 percent\?”\) goes to “Stop the release in Production” and an outage that is refused \(“Are the users of Production out\?”\) goes to/,
    );
    expect(proof.match(/that is refused/g)).toHaveLength(2);
  });
});

describe('who may do what', () => {
  const rowOf = (what: RegExp) => data.people.find((row) => what.test(row.what));

  test.each([
    [/^submit a release/, ['Pay-submit'], []],
    [/at the firebreak in front of Production, for Service management/, ['Pay-decide'], ['ServiceManager', 'Deputy']],
    [/at the go\/no-go of Production, for Change authority/, ['Pay-decide'], ['ChangeAuthority']],
    [/abort a release/, ['Pay-manage'], []],
    [/roll back, where/, ['Pay-manage'], []],
    [/resume a release in front of Production/, ['Pay-manage'], []],
    [/freeze an environment/, ['Pay-manage'], []],
    [/take the whole path out/, ['Pay-retire'], []],
    [/read what is live/, ['Pay-submit', 'Pay-decide', 'Pay-manage', 'Pay-retire', 'Pay-read'], []],
    [/hidden URLs of Production/, ['Pay-Production-try'], []],
  ] as const)('%s', (what, allowedBy, only) => {
    expect(rowOf(what)).toEqual({
      what: expect.any(String),
      allowedBy: expect.arrayContaining([...allowedBy]),
      only: only.map((name) => `arn:aws:iam::333333333333:role/${name}`),
    });
    expect(rowOf(what)?.allowedBy).toHaveLength(allowedBy.length);
  });

  test('people come first, and nobody’s row repeats what the function behind the API may do', () => {
    expect(markdown.indexOf('### People and pipelines')).toBeLessThan(markdown.indexOf('### By IAM, each function and role'));
    const row = under('### By policy and function')
      .split('\n')
      .find((line) => line.startsWith('| Pay-decide |'));
    expect(row).toMatch(/accept and refuse/);
    expect(row).not.toMatch(/function Api/);
  });
});

describe('what to look at first', () => {
  const texts = () => data.attention.map(({ text }) => text);

  test('a database that is not encrypted', () => {
    expect(texts()).toContainEqual(
      expect.stringMatching(/^Pay-Production-Shared\/.*Database \(AWS::RDS::DBInstance\) keeps data, and its template does not have it encrypted at rest\.$/),
    );
    expect(data.data.find(({ type }) => type === 'AWS::RDS::DBInstance')).toMatchObject({ key: 'NOT ENCRYPTED', encrypted: false });
  });

  test('what the CDK warns of is one line there, and stands with the opt-outs', () => {
    expect(texts().join('\n')).not.toMatch(/routeTableId/);
    expect(texts()).toContainEqual(expect.stringMatching(/^The CDK itself warned of \d+ things?, listed with the opt-outs\.$/));
    expect(under('### Warnings')).toMatch(/\| warning of the CDK \| No routeTableId was provided/);
  });

  test('a database costs, its group of subnets does not; prices are of another region', () => {
    expect(texts()).toContain('1 of type AWS::RDS::DBInstance costs something that is not in the estimate.');
    expect(texts().join('\n')).not.toMatch(/DBSubnetGroup/);
    expect(texts()).toContain('The estimate is by prices of eu-west-2, and there are stacks in eu-central-1: give the prices of there with --prices.');
  });
});

test('it counts in words that fit, has no heading without a word under it, and says what each stack is for', () => {
  for (const page of [markdown, html])
    expect([...page.matchAll(/\b1 (environments|safeties|stacks|rules of a slot|load balancers|hidden URLs|resources)\b/g)].map(String)).toEqual([]);
  expect(/^(#+ ).*\n\n\1/m.exec(markdown)?.[0]).toBeUndefined();
  expect(under('## Stacks')).toMatch(/\| Pay-Production-Shared \| shared state of Production \| tables, queues, buckets that outlive releases/);
  expect(under('## Stacks')).toMatch(/\| Pay-Alarms \| alarm subscriptions \| the hub’s function may be called by the alarms/);
});

test('waves are named, with what becomes of those that went live before one that fails', async () => {
  const reviewed = await readReviewedPath(assembly, undefined);
  const [plan] = reviewed.plans as [EnvironmentPlan];
  const plans = ['London', 'Dublin'].map((environment, place) => ({ ...plan, environment, wave: { of: 'Production', place, waves: 2 } }));
  const section = JSON.stringify(pathSection({ reviewed: { ...reviewed, plans } } as unknown as Facts));
  expect(section).toContain('["Dublin","wave 2 of 2 of Production"]');
  expect(section).toMatch(/London and Dublin are Production to its users, one wave after the other: .* rolled back in those before it, too, newest first/);
});

test.each<[string, Partial<EnvironmentPlan>, RegExp]>([
  ['nothing is said', {}, /finds another in an environment stops \(Concurrency\.refuse\)/],
  ['there is a queue', { concurrency: { kind: 'queue', longestSeconds: 28_800 } }, /waits for its turn, first come, first served, 8 h \(28,800 s\) at most/],
  ['the newest wins', { concurrency: { kind: 'newestWins', longestSeconds: 3600 } }, /takes the place of those submitted before it .* 1 h \(3,600 s\) at most/],
  ['users stay with a version', { stickySeconds: 3600 }, /who was answered stays with that version for 1 h \(3,600 s\)/],
])('of releases that meet, and of users, it says what becomes where %s', async (_, more, says) => {
  const reviewed = await readReviewedPath(assembly, undefined);
  const plans = reviewed.plans.map((plan) => ({ ...plan, ...more }));
  const section = JSON.stringify(pathSection({ reviewed: { ...reviewed, plans } } as unknown as Facts));
  expect(section).toMatch(says);
  expect(section).toContain('submits anew behind it, and may go live in place of it');
  expect(section.includes('stays with that version')).toBe(more.stickySeconds !== undefined);
});
