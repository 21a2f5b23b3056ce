import type { SubmitBody } from '../../../lambda/contract';
import type { Seen } from '../judge/seen';
import { ordersOf } from '../names';
import type { Row } from '../table/cell';
import type { Fault } from '../table/fault';
import { decideWhenAsked, decisionOf } from './people';
import { rest } from './rest';
import { rulesFor } from './rules';
import { trouble } from './trouble';
import type { Platform } from './world';

/** Longer than the period of the alarm that counts a slot's errors. */
const ERRORS_FORGOTTEN_SECONDS = 61;

export interface Tried {
  readonly submission: SubmitBody;
  readonly state: string;
  readonly row: Omit<Row, 'place'>;
  /** Undefined: a release that nothing happens to. */
  readonly fault: Fault | undefined;
}

/** Takes one release along the path while something goes wrong, until all is at rest. @returns what is seen then */
export async function runCell(platform: Platform, { submission, state, row, fault }: Tried): Promise<Seen> {
  const { emulator, ledger, liveRule, pipeline, place } = platform;
  const { version } = submission;
  const liveBefore = (await ledger.environment())?.live?.version;
  const began = Date.now();
  const decision = decisionOf(place, row.kind, submission);
  await emulator.faults.set(fault ? rulesFor(state, row, fault) : []);
  await pipeline.submit(submission);
  let over = false;
  const isOver = () => over;
  const troubled = fault ? trouble(platform, { version, row, fault, decision, isOver }) : Promise.resolve(true);
  const decided = decideWhenAsked(platform, { version, decision, row, fault, troubled, isOver });
  const restless = await rest(platform, version);
  over = true;
  const happened = await troubled;
  await decided;
  await emulator.faults.set([]);
  const ended = Date.now();
  const [release, environment, weights, tickets] = await Promise.all([
    ledger.release(version),
    ledger.environment(),
    liveRule.weights(),
    ledger.tickets(version),
  ]);
  const responses = platform.traffic.responses().filter(({ sent }) => sent >= began && sent <= ended);
  await forget(platform, row, fault);
  return { version, liveBefore, happened, restless, release, environment, weights, tickets, responses, seconds: (ended - began) / 1000 };
}

/** What was raised here is no business of the next release. */
async function forget({ emulator, place }: Platform, { kind }: Pick<Row, 'kind'>, fault: Fault | undefined): Promise<void> {
  if (kind === 'bad') await emulator.faults.moveOn(ERRORS_FORGOTTEN_SECONDS);
  else if (fault === 'alarm') await emulator.faults.moveOn(ordersOf(place).periodSeconds + 1);
}
