import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { shadowRequest } from '../../cli/report/shadow-request';
import type { HiddenUrl } from '../../lambda/contract';

const folder = mkdtempSync(join(tmpdir(), 'ptl-shell-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that a shell finds under this name. */
function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** What curl is called with when somebody pastes the lines into a shell, indented as they are printed. @returns one argument a line */
function pasted(at: HiddenUrl): string[] {
  program('aws', `printf '%s' "key from $*"`);
  program('curl', `printf '%s\\n' "$@"`);
  const text = shadowRequest(at, 'eu-west-1')
    .map((line) => `    ${line}`)
    .join('\n')
    .replace(/^ *\$ /, '');
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  return execFileSync('sh', ['-c', text], { encoding: 'utf8', env }).trimEnd().split('\n');
}

const URL: HiddenUrl = { url: 'http://production.example', headers: {}, secretHeaders: {}, access: 'in words' };

test('a shell reads the key in place, where the environment is, and asks for the slot', () => {
  const headers = { 'x-path-to-live-slot': 'green' };
  const secretHeaders = { 'x-path-to-live-key': 'path-to-live/Payments/Production/hidden/green' };
  expect(pasted({ ...URL, headers, secretHeaders })).toEqual([
    '-i',
    '-H',
    'x-path-to-live-slot: green',
    '-H',
    'x-path-to-live-key: key from secretsmanager get-secret-value --secret-id path-to-live/Payments/Production/hidden/green --region eu-west-1 --query SecretString --output text',
    'http://production.example/',
  ]);
});

test('where a host names the slot, and networks are let in, there is nothing to send', () => {
  expect(pasted({ ...URL, url: 'https://green.pay.example.com' })).toEqual(['-i', 'https://green.pay.example.com/']);
});

test('nothing in it is taken for more than text', () => {
  const headers = { 'x-odd': `it's "$(touch ${join(folder, 'pwned')})" \`id\` \\ !` };
  expect(pasted({ ...URL, headers })).toEqual(['-i', '-H', `x-odd: ${headers['x-odd']}`, 'http://production.example/']);
});
