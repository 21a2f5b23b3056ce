import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../docs/examples';

const claims = (state: string) => {
  const code = `require('./rehearsal/sole-run').claim(${JSON.stringify(state)}, 'npm run integ'); console.log(process.pid)`;
  return spawnSync(process.execPath, ['--import', 'tsx', '--eval', code], { cwd: ROOT, encoding: 'utf8' });
};
const folder = () => mkdtempSync(join(tmpdir(), 'sole-run-'));

test('a second run in the same folder is refused, with whose it is and what to do, and takes nothing from the first', () => {
  const state = folder();
  writeFileSync(join(state, 'pid'), String(process.pid));
  const { status, stderr } = claims(state);
  expect(status).not.toBe(0);
  expect(stderr).toContain(`npm run integ runs in this folder already, as process ${process.pid}, and a second one would destroy what it is at: wait until`);
  expect(readFileSync(join(state, 'pid'), 'utf8')).toBe(String(process.pid));
});

test.each(['2147483646', ''])('what a run that died has left, %j, is taken over; a run that ends leaves nothing', (left) => {
  const state = folder();
  writeFileSync(join(state, 'pid'), left);
  expect(claims(state)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\n$/) });
  expect(existsSync(join(state, 'pid'))).toBe(false);
});

test('a folder that is not there yet is made', () => {
  expect(claims(join(folder(), 'integ')).status).toBe(0);
});
