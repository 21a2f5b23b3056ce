import { parseArgs } from 'node:util';
import { ROOMS } from './rooms';

const HELP = `npm run mutants [-- options]

Changes the rules in lambda/domain in one place at a time, as a mistake would (a condition turned round, a call left out, a text emptied), and runs the
tests that reach that place: at least one must fail. Room by room; ends with the score of each and of all, and with what survived. Exit code 1 where less
than 90 percent of what proof/mutants/survivors.json does not list were found, or where an entry there is not true any more.

  --only <room>   only this folder, for example lambda/domain/traffic; may be given several times
  --anew          forget what earlier runs found; without it, what has not changed since is not tried again
  --help          this text

Minutes a room on one core, docs/proof.md has the figures. A run that was broken off goes on with the room it was in.`;

export interface Options {
  readonly rooms: readonly string[];
  readonly anew: boolean;
}

/** @returns undefined when there is nothing to do but what has been printed */
export function readOptions(args?: readonly string[]): Options | undefined {
  const flag = { type: 'boolean' } as const;
  const options = { only: { type: 'string', multiple: true }, anew: flag, help: flag } as const;
  const { values } = parseArgs({ ...(args && { args: [...args] }), options });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const only = values.only?.map((each) => each.replace(/\/$/, ''));
  const unknown = only?.find((each) => !ROOMS.includes(each));
  if (unknown !== undefined) throw new Error(`--only is ${JSON.stringify(unknown)}; give one of ${ROOMS.join(', ')}`);
  return { rooms: only ?? ROOMS, anew: values.anew ?? false };
}
