import { inAll, type Score, scoreOf, untrue } from './judge';
import type { Options } from './options';
import { complaints, survivorsOf, tableOf } from './report';
import { SURVIVORS } from './survivors';
import { type Tried, tryRoom } from './try-room';

/** Tries the rooms, and tells what was found. @returns whether it is enough, and the list of survivors true */
export async function mutated({ rooms, anew }: Options): Promise<boolean> {
  const tried: Tried[] = [];
  const scores: Score[] = [];
  for (const room of rooms) {
    const each = await tryRoom(room, anew);
    const score = scoreOf(each, SURVIVORS);
    tried.push(each);
    scores.push(score);
    console.log(`${tableOf([score])}\n${survivorsOf(score)}\n`);
  }
  const all = inAll(scores);
  console.log(tableOf([...scores, all]));
  const wrong = complaints(all, untrue(tried, SURVIVORS));
  for (const each of wrong) console.error(each);
  return wrong.length === 0;
}
