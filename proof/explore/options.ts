import { parseArgs } from 'node:util';
import { whole } from '../options';
import { QUICK, THOROUGH } from './runs';
import type { Bounds } from './search/bounds';

const HELP = `npm run explore [-- options]

Explores every state that the rules can come to, by the synthesized state machines, for two releases in two environments: in whatever order
machines, people, alarms and time-outs act, functions are called twice, die at any of their effects, or are overtaken by others between them. Ends with the
counts; with a story, and exit code 1, when something that must always hold does not.

  --quick             one trouble less: a minute
  --seeded            break the rules instead, one after the other: each must be found. With --quick only those that one trouble shows
  --releases <n>      explore this instead: 1 or 2 releases
  --troubles <n>      … with at most so many troubles: what a release that goes its way does not need
  --in-turn           … and no function overtaken by another
  --from-nothing      … from a path on which nothing was ever released
  --breaks <how>      … by releases that break what the live version needs, in a planned outage: undoable, or final
  --order <how>       … where one that finds another waits (queue), takes its place (newestWins), or the second is an emergency (emergency)
  --freezes           … where environments are frozen meanwhile: each time is one trouble
  --waves             … where the two environments are waves of one
  --help              this text

Several minutes and 2 GB; --releases 2 --troubles 2 takes hours.`;

export interface Options {
  readonly runs: readonly Bounds[];
  readonly seeded: boolean;
  /** Of the seeded bugs, those that so many troubles show. */
  readonly mostTroubles: number;
}

/** @returns undefined when there is nothing to do but what has been printed */
export function readOptions(args?: readonly string[]): Options | undefined {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  const options = {
    quick: flag,
    seeded: flag,
    releases: text,
    troubles: text,
    'in-turn': flag,
    'from-nothing': flag,
    breaks: text,
    freezes: flag,
    waves: flag,
    order: text,
    help: flag,
  };
  const { values } = parseArgs({ ...(args && { args: [...args] }), options });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  const own = [values.breaks, values.releases, values.troubles, values['in-turn'], values['from-nothing'], values.freezes, values.waves, values.order].some(
    (value) => value !== undefined,
  );
  const releases = whole('releases', values.releases ?? '2', 1, 2);
  const troubles = whole('troubles', values.troubles ?? '1', 0, 9);
  const frozen = { ...(values.freezes && { freezes: true as const }), ...(values.waves && { waves: true as const }) };
  const start = { fromNothing: values['from-nothing'] ?? false, ...breaks(values.breaks) };
  const bounds: Bounds = { releases, troubles, overtaken: !values['in-turn'], ...start, ...frozen, ...ordered(values.order) };
  return { runs: own ? [bounds] : values.quick ? QUICK : THOROUGH, seeded: values.seeded ?? false, mostTroubles: values.quick ? 1 : 9 };
}

function breaks(given: string | undefined): Pick<Bounds, 'breaks'> {
  if (given === undefined) return {};
  if (given === 'undoable' || given === 'final') return { breaks: given };
  throw new Error(`--breaks is ${JSON.stringify(given)}; give undoable or final`);
}

function ordered(given: string | undefined): Pick<Bounds, 'order'> {
  if (given === undefined) return {};
  if (given === 'queue' || given === 'newestWins' || given === 'emergency') return { order: given };
  throw new Error(`--order is ${JSON.stringify(given)}; give queue, newestWins or emergency`);
}
