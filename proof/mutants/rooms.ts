import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');
const DOMAIN = 'lambda/domain';

/** The folders of the rules, and what is in none of them as the last. */
export const ROOMS: readonly string[] = [
  ...readdirSync(join(ROOT, DOMAIN), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${DOMAIN}/${name}`)
    .sort(),
  DOMAIN,
];

/** Its sources, from the project's folder on. */
export function filesOf(room: string): readonly string[] {
  return readdirSync(join(ROOT, room))
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => `${room}/${file}`);
}
