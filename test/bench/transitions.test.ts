import { transitionsSection } from '../../bench/transitions/section';
import { Graph, type StatesJson } from '../../cli/review/machines/graph';

const MACHINE: StatesJson = {
  StartAt: 'Deploy',
  States: {
    Deploy: { Type: 'Task', Next: 'Is it deployed?' },
    'Is it deployed?': {
      Type: 'Choice',
      Choices: [
        { Next: 'Migrate', Condition: '' },
        { Next: 'Stop', Condition: '' },
      ],
      Default: 'Test',
    },
    Migrate: { Type: 'Task', Next: 'Is it migrated?' },
    'Is it migrated?': { Type: 'Choice', Choices: [{ Next: 'Migrate', Condition: '' }], Default: 'Test' },
    Test: { Type: 'Parallel', Branches: [{ StartAt: 'Run', States: { Run: { Type: 'Task', End: true } } }], Next: 'Live' },
    Live: { Type: 'Succeed' },
    Stop: { Type: 'Succeed' },
  },
};

test('a release enters what every answer but the expected one leaves out, and branches', () => {
  expect(new Graph(MACHINE).straight).toEqual(['Deploy', 'Is it deployed?', 'Test', 'Run', 'Live']);
});

test('one that needs what a state is for comes to it once', () => {
  expect(new Graph(MACHINE).through(/^Migrate$/)).toEqual(['Deploy', 'Is it deployed?', 'Migrate', 'Is it migrated?', 'Test', 'Run', 'Live']);
});

test('each feature is told by what it adds to the plainest path', () => {
  const { tables } = transitionsSection({ plain: 19, features: [{ name: 'a further test', transitions: 20 }] });
  expect(tables[0]?.rows).toEqual([
    ['nothing else', '19', ''],
    ['a further test', '20', '1'],
  ]);
});
