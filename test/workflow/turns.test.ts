import { Template } from 'aws-cdk-lib/assertions';
import { Durations } from '../../cli/review/machines/duration';
import { type DefinitionJson, Graph } from '../../cli/review/machines/graph';
import { findings, invalid } from './findings';
import { hubOf, machinesOf, threeEnvironments, withSharedState } from './machines';

const queued = threeEnvironments().map((plan) => ({ ...plan, concurrency: { kind: 'queue' as const, longestSeconds: 28_800 } }));
const machines = machinesOf(queued);
const graph = new Graph(machines['Payments-Production'] as DefinitionJson);
const WAIT = 'Wait for the turn in Production';

test.each(
  Object.entries({ ...machines, ...machinesOf(withSharedState(queued)) }),
)('%s, where releases wait for their turn, is a definition AWS takes, and nothing in it waits for ever', (_, one) => {
  expect([...invalid(one), ...findings(one)]).toEqual([]);
});

test('a release that has to wait leaves the way in, and comes back to it in its turn; one that does not pays nothing', () => {
  const usual = new Graph(machinesOf(threeEnvironments())['Payments-Production'] as DefinitionJson);
  expect(graph.straight).toEqual(usual.straight);
  expect(graph.names.filter((name) => !usual.names.includes(name))).toEqual(['May the release enter Production now?', 'Enter Production in its turn', WAIT]);
  expect(graph.from(WAIT).map(({ kind, to }) => [kind, to])).toEqual([
    ['next', 'Enter Production in its turn'],
    ['catch', 'Stop the release in Production'],
  ]);
  expect(graph.from('May the release enter Production now?').map(({ to }) => to)).toEqual([
    WAIT,
    'The release is live in Production',
    'Stop the release in Production',
    'Deploy to the shadow slot of Production',
  ]);
});

test('it waits on a token, as long as the path says and five times at most', () => {
  expect(graph.state(WAIT)).toMatchObject({ Resource: expect.stringMatching(/waitForTaskToken$/), TimeoutSeconds: 28_800 });
  const longest = (found: typeof machines) => new Durations(new Graph(found['Payments-Production'] as DefinitionJson), false).from('Enter Production').seconds;
  const [before, after] = [longest(machinesOf(threeEnvironments())), longest(machines)];
  expect(after).toBeGreaterThanOrEqual(before + 5 * 28_800);
  expect(after).toBeLessThan(before + 6 * 28_800);
});

test('whoever may leave an environment free may tell who waits; nobody may where nobody waits', () => {
  const rolesThatTell = (plans: typeof queued) => {
    const found = Template.fromStack(hubOf(plans)).findResources('AWS::IAM::Policy');
    const tells = Object.values(found).filter(({ Properties }) => JSON.stringify(Properties.PolicyDocument).includes('SendTaskSuccess'));
    return tells.flatMap(({ Properties }) => Properties.Roles.map(({ Ref }: { Ref: string }) => Ref.replace(/[0-9A-F]{8}$/, '')));
  };
  const more = rolesThatTell(queued).filter((role) => !rolesThatTell(threeEnvironments() as typeof queued).includes(role));
  expect(more.sort()).toEqual(['FunctionsFinishRole', 'FunctionsStopRole', 'FunctionsTraffic']);
});
