import { addDays } from 'date-fns/addDays';
import { parseISO } from 'date-fns/parseISO';
import {
  type EnvironmentPlan,
  type EnvironmentView,
  type FreezeAnswer,
  type FreezeBody,
  listed,
  type ReasonBody,
  UNRELEASED,
  wrongInstant,
} from '../../contract';
import { Refused } from '../errors';
import { freezeInWords, runningFreeze } from '../freezes/freeze';
import { meanwhile } from '../freezes/meanwhile';
import type { AuditEvent, EnvironmentState, Freeze } from '../model';
import type { Ports } from '../ports';
import { isOriginal } from '../traffic/original';
import { hasMoved, isSameWaves, toRollBack } from '../waves/moved';
import { decideAgain } from './decide-again';
import { knownEnvironment } from './known';
import { viewEnvironment } from './read';

/** A longer one is more likely a year that was misspelt. */
const LONGEST_DAYS = 366;

/**
 * From now on nothing goes live in an environment. It is in the environment's own item: of a freeze and a shift at the same instant one sees the other. Said
 * again, the later one takes the place of the one before; the very same one changes nothing.
 */
export async function freeze(ports: Ports, caller: string, environment: string, body: FreezeBody): Promise<FreezeAnswer> {
  const plan = knownEnvironment(await ports.plans.environments(), environment);
  const { state, replaces } = await decideAgain(ports.clock, async (): Promise<{ readonly state: EnvironmentState; readonly replaces?: Freeze }> => {
    const stored = await ports.ledger.environment(environment);
    const now = ports.clock.now();
    const until = body.until === undefined ? undefined : checkedUntil(body.until, now);
    const before = runningFreeze(stored, now);
    const asked: Freeze = { by: caller, reason: body.reason.trim(), at: now, ...(until !== undefined && { until }) };
    if (before && before.by === asked.by && before.reason === asked.reason && before.until === asked.until) return { state: stored };
    const frozen = { ...stored, freeze: asked };
    const detail = { until: until ?? null, ...(before && { before: { by: before.by, at: before.at, until: before.until ?? null } }) };
    await ports.ledger.commit({ put: [frozen], audit: [event(stored, 'EnvironmentFrozen', caller, asked.reason, now, detail)] });
    ports.log.info('frozen', { environment, who: caller, until });
    return { state: frozen, ...(before && { replaces: before }) };
  });
  const found = [meanwhile(state), ...(await atFirebreak(ports, plan)), ...(await earlierWaves(ports, environment))]
    .filter((each) => each !== undefined)
    .join('; ');
  return { environment: await viewEnvironment(ports, plan), ...(replaces && { replaces }), ...(found !== '' && { meanwhile: found }) };
}

/** Who waits for people in front of it loses nothing that they have said. */
async function atFirebreak({ ledger }: Ports, { environment, goNoGo }: EnvironmentPlan): Promise<string[]> {
  const waiting = (await ledger.waitingGates()).filter((gate) => gate.environment === environment && gate.gate === 'firebreak');
  const sentOn = goNoGo
    ? 'sent on before that is over only where it can wait at the go/no-go, in a slot that is not needed to roll back to'
    : 'sent on when that is over';
  return waiting.map(({ release }) => `release ${release} waits at the firebreak in front of ${environment}: people accept it as ever, and it is ${sentOn}`);
}

/** A failure in one wave takes back those before it, and so does what a freeze stops. */
async function earlierWaves({ ledger }: Ports, environment: string): Promise<string[]> {
  return (await ledger.releasesInFlight()).flatMap((release) => {
    const waves = toRollBack(release).filter((wave) => isSameWaves(release, wave, environment));
    if (waves.length === 0 || hasMoved(release, environment)) return [];
    return `where this stops ${release.version}, or takes it back, it goes back in ${listed(waves)}, too, through which it has come`;
  });
}

/** Ends the freeze of an environment. @throws Refused `NotFrozen` when there is none */
export async function unfreeze(ports: Ports, caller: string, environment: string, body: ReasonBody): Promise<EnvironmentView> {
  const plan = knownEnvironment(await ports.plans.environments(), environment);
  await decideAgain(ports.clock, async () => {
    const stored = await ports.ledger.environment(environment);
    const now = ports.clock.now();
    const ended = runningFreeze(stored, now);
    if (!ended) throw notFrozen(stored);
    const { freeze: _over, ...free } = stored;
    const { by, at, reason, until = null } = ended;
    await ports.ledger.commit({ put: [free], audit: [event(stored, 'EnvironmentUnfrozen', caller, body.reason.trim(), now, { by, at, reason, until })] });
    ports.log.info('unfrozen', { environment, who: caller });
  });
  return viewEnvironment(ports, plan);
}

function notFrozen({ environment, freeze: last }: EnvironmentState): Refused {
  const before = last === undefined ? '' : `; it was ${freezeInWords(last)}, which is over`;
  return new Refused('NotFrozen', `${environment} is not frozen, so there is no freeze to end${before}`);
}

/** As an instant in UTC. @param until with its zone */
function checkedUntil(until: string, now: string): string {
  const shown = JSON.stringify(until);
  const wrong = wrongInstant(until);
  if (wrong !== undefined) throw new Refused('BadInput', `until ${wrong}, got: ${shown}; for example 2026-12-01T06:00Z`, 400);
  const at = parseISO(until).toISOString();
  if (at <= now) throw new Refused('BadInput', `until must be in the future, got: ${shown}, and it is ${now}`, 400);
  if (at <= addDays(now, LONGEST_DAYS).toISOString()) return at;
  throw new Refused('BadInput', `until must be within ${LONGEST_DAYS} days, got: ${shown}; leave it out for a freeze that lasts until somebody ends it`, 400);
}

/** In the audit trail of what is live. */
function event(
  { environment, live }: EnvironmentState,
  what: AuditEvent['what'],
  who: string,
  why: string,
  at: string,
  detail: AuditEvent['detail'],
): AuditEvent {
  return { at, what, release: live && !isOriginal(live) ? live.version : UNRELEASED, environment, who, why, detail };
}
