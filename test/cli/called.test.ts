import { asCalled, calledAs, pasteable } from '../../cli/called';

const env = {};
const directory = '/home/developer/payments';

test.each([
  ['installed for everything', { script: '/usr/local/bin/ptl' }, 'ptl'],
  ['npx in a project that has it', { script: `${directory}/node_modules/.bin/ptl`, env: { npm_command: 'exec' } }, 'npx ptl'],
  ['by its link in a project', { script: `${directory}/node_modules/.bin/ptl` }, 'npx ptl'],
  ['by a shim that names the script', { script: `${directory}/node_modules/path-to-live/bin/ptl.js` }, 'npx ptl'],
  ['npx in a clone', { script: `${directory}/bin/ptl.js`, env: { npm_command: 'exec' } }, 'npx ptl'],
  ['the script in a clone', { script: `${directory}/bin/ptl.js` }, 'node bin/ptl.js'],
  ['its source in a clone, as npm run review does', { script: `${directory}/bin/ptl.ts` }, 'node bin/ptl.js'],
  ['the script of a clone somewhere else', { script: '/home/developer/my clones/bin/ptl.js' }, 'node "../my clones/bin/ptl.js"'],
])('%s', (_, start, called) => {
  expect(calledAs({ directory, env, ...start })).toBe(called);
});

test('only what is there to be pasted is changed', () => {
  const text = ['ptl status', '  $ ptl status', '$ ptl', 'See it with: ptl status 1.4.2', 'use ptl roll-back', '  $ curl ptl x'];
  expect(pasteable(text.join('\n'), { called: 'npx ptl' }).split('\n')).toEqual([
    'ptl status',
    '  $ npx ptl status',
    '$ ptl',
    'See it with: npx ptl status 1.4.2',
    'use ptl roll-back',
    '  $ curl ptl x',
  ]);
});

test('in a sentence, every command there is', () => {
  const sentence = 'use ptl roll-back Production, or ptl release 1.0.0 (npx ptl status, ptl status-quo, ptl does not know); see ptl status --help';
  expect(asCalled(sentence, ['release', 'roll-back', 'status'], { called: 'node bin/ptl.js' })).toBe(
    'use node bin/ptl.js roll-back Production, or node bin/ptl.js release 1.0.0 (npx ptl status, ptl status-quo, ptl does not know); see node bin/ptl.js status --help',
  );
});
