import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cdk } from '../emulator/cdk';
import { Assembly } from './assembly/assembly';
import { readStacks } from './assembly/read-stacks';
import { documentOf } from './document';

const root = join(__dirname, '..', '..');
export const DOCUMENT = join(root, 'docs', 'permissions.md');
const MARK = '<!-- from here on: npm run permissions -- --write-docs -->';

/** The page as it should be: what is written by hand, and the list. */
export function documentWith(assembly: Assembly): string {
  const [byHand = ''] = readFileSync(DOCUMENT, 'utf8').split(MARK);
  return `${byHand}${MARK}\n\n${documentOf(assembly)}\n`;
}

/** @param state folder to synthesize the example into */
export async function writeDocument(state: string): Promise<void> {
  const folder = join(state, 'documented');
  await cdk(root, { env: process.env }, 'synth', '**', '--quiet', '--output', folder, '--context', 'account=111111111111', '--context', 'region=eu-west-2');
  writeFileSync(DOCUMENT, documentWith(new Assembly(readStacks(folder))));
}
