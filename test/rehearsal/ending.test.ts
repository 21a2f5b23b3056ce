import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { howToEnd } from '../../rehearsal/keep';

const root = join(__dirname, '..', '..');

/** A process that has started another one, says its id, and ends as the rehearsal does. What it waits for must not go on. */
const STORY = `
import { Ending } from ${JSON.stringify(join(root, 'rehearsal/ending'))};
import { endEveryRun, run } from ${JSON.stringify(join(root, 'rehearsal/emulator/run'))};
new Ending(endEveryRun, (line) => console.log(line)).onSignals();
run(process.execPath, ['-e', 'console.error(process.pid); setInterval(() => undefined, 1000)'], { onLine: (line) => console.log(line) }).then(async () => {
  console.log('went on');
  await run(process.execPath, ['-e', '']);
});
`;

describe('a process that is ended while it runs another', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'ending-')), 'story.ts');
  writeFileSync(file, STORY);

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s ends that one first, says so, and has exit code %i', async (signal, exitCode) => {
    const story = spawn(process.execPath, ['--import', 'tsx', file], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    story.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said === '') story.kill(signal);
      said += text;
    });
    const code = await new Promise((resolve) => story.once('close', resolve));
    const [pid, ...words] = said.trim().split(/\n+/);
    expect([code, words]).toEqual([exitCode, ['Stopped; nothing is left running.']]);
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });
});

test('--keep names the process that a signal is for', () => {
  expect(howToEnd(4711).join('\n')).toMatch(/Ctrl-C ends it.*kill 4711$/);
});
