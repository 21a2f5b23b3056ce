import type { FindingView } from '../../contract';
import { ORIGINAL, UNRELEASED } from '../../contract';
import { decideAgain } from '../commands/decide-again';
import type { AuditEvent } from '../model';
import type { Ports } from '../ports';
import { raise } from '../ticket';
import { examine } from './examine';
import { failureOf, placeOf } from './finding';

/** Who looked, in the audit trail: nobody asked. */
const WHO = 'the schedule of the hub';

/** What a step, the safety net or a sweep is about to put right is no drift: what is, is there at both looks, so far apart. */
const PAUSE_MS = 30_000;
/** Whatever ends by itself, or by the safety net, has ended by then. */
const SETTLED_SECONDS = 300;

/** Looks at the whole path, twice, and raises a ticket for each finding that stays: one a finding, however often it is seen. Puts nothing right. */
export async function lookAfter(ports: Ports): Promise<void> {
  const { clock, log } = ports;
  const first = await examine(ports);
  if (first.findings.length > 0) await clock.sleep(PAUSE_MS);
  const { findings } = first.findings.length > 0 ? await examine(ports) : first;
  const stays = ({ fingerprint, since }: FindingView) =>
    first.findings.some((each) => each.fingerprint === fingerprint) && (since === undefined || since <= clock.later(-SETTLED_SECONDS));
  const staying = findings.filter(stays);
  for (const finding of staying) await raiseFor(ports, finding);
  log.info('looked after the path', { environments: first.environments.length, findings: findings.length, tickets: staying.length });
}

async function raiseFor({ ledger, clock, log }: Ports, finding: FindingView): Promise<void> {
  const { kind, environment, subject, expected, actual, by, remedy, fingerprint } = finding;
  const live = environment === undefined ? undefined : (await ledger.environment(environment)).live?.version;
  const release = live === undefined || live === ORIGINAL ? UNRELEASED : live;
  await decideAgain(clock, async () => {
    const now = clock.now();
    const known = await ledger.ticket(fingerprint);
    const { ticket, event } = raise(known, { failure: failureOf(finding), environment: placeOf(finding), release, outcome: 'drift', now, who: WHO });
    const found: AuditEvent = {
      at: now,
      what: 'DriftFound',
      release,
      ...(environment && { environment }),
      who: WHO,
      detail: { kind, subject, expected, actual, by, remedy, ticket: fingerprint },
    };
    await ledger.commit({ put: [ticket], audit: [found, event] });
  });
  log.error('drift found', { environment, kind, subject, expected, actual, ticket: fingerprint });
}
