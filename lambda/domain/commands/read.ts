import {
  type EnvironmentPlan,
  type EnvironmentView,
  MOST_RELEASES,
  MOST_TICKETS,
  type ReleaseSummary,
  type ReleaseView,
  type StatusView,
  type TicketView,
} from '../../contract';
import { Refused } from '../errors';
import type { EnvironmentState, Release } from '../model';
import type { Ports } from '../ports';
import { knownChanges } from '../release/declared-changes';
import { saidNo } from '../release/once-more';
import { environmentView, openGateView, ticketView } from '../views/views';
import { releaseSummary, releaseView } from '../views/views-release';
import { namedRelease } from './known';

/** What `ticketPlace` makes. */
const PLACE = /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z#[0-9a-f]{1,64}$/;

/** One release, with its gates and everything that happened to it, oldest first. @throws Refused `UnknownRelease` */
export async function viewRelease(ports: Ports, version: string): Promise<ReleaseView> {
  return look(ports, await namedRelease(ports, version));
}

/** The latest releases, newest first, at most {@link MOST_RELEASES}. */
export async function viewReleases(ports: Ports): Promise<ReleaseSummary[]> {
  const [releases, gates] = await Promise.all([ports.ledger.latestReleases(MOST_RELEASES), ports.ledger.waitingGates()]);
  const states = await statesOf(ports, releases);
  return releases.map((release) => releaseSummary(release, gates, states));
}

/** The whole path: every environment, every release that has not finished, and every gate that waits for somebody, with whether the caller is one of them. */
export async function viewStatus(ports: Ports, caller: string): Promise<StatusView> {
  const plans = await ports.plans.environments();
  const [environments, releases] = await Promise.all([Promise.all(plans.map((plan) => viewEnvironment(ports, plan))), ports.ledger.releasesInFlight()]);
  const views = await Promise.all(releases.map((release) => look(ports, release)));
  const waiting = await ports.ledger.waitingGates();
  return {
    path: plans[0]?.path ?? '',
    environments,
    releases: views,
    openGates: waiting.map((gate) => openGateView(gate, caller)),
    changes: knownChanges(plans),
  };
}

/** The tickets that happened last, newest first, at most {@link MOST_TICKETS}. @param before only those before this place among them */
export async function viewTickets(ports: Ports, before: string | undefined): Promise<TicketView[]> {
  if (before !== undefined && !PLACE.test(before)) {
    const message = `before must be when a ticket happened last, # and its fingerprint, got: ${JSON.stringify(before)}; take both from the last one of the answer before, or leave it out`;
    throw new Refused('BadInput', message, 400);
  }
  return (await ports.ledger.tickets(MOST_TICKETS, before)).map(ticketView);
}

/** One environment. A front door that cannot be read leaves its addresses out: the rest is what one looks for when something is broken. */
export async function viewEnvironment(ports: Ports, plan: EnvironmentPlan): Promise<EnvironmentView> {
  const frontDoor = ports.frontDoors.read(plan).catch((error: unknown) => {
    ports.log.error('front door could not be read', { environment: plan.environment, error: String(error) });
    return undefined;
  });
  return environmentView(plan, await ports.ledger.environment(plan.environment), await frontDoor, ports.clock.now());
}

async function look(ports: Ports, release: Release): Promise<ReleaseView> {
  const { ledger } = ports;
  const { version, evicted = [] } = release;
  const known = Promise.all([ledger.gates(version), statesOf(ports, [release]), ledger.audit(version)]);
  const [[gates, states, audit], away] = await Promise.all([known, Promise.all(evicted.map((each) => staysAway(ports, each)))]);
  return releaseView(release, { gates, states, audit, staysAway: evicted.filter((_, index) => away[index]) });
}

/** Whether people, or live traffic, have said no to a release since it was submitted last. */
async function staysAway({ ledger }: Ports, version: string): Promise<boolean> {
  const [release, audit] = await Promise.all([ledger.release(version), ledger.audit(version)]);
  return release !== undefined && saidNo(release, audit) !== undefined;
}

function statesOf(ports: Ports, releases: readonly Release[]): Promise<EnvironmentState[]> {
  const names = new Set(releases.flatMap((release) => release.plan.map((plan) => plan.environment)));
  return Promise.all([...names].map((name) => ports.ledger.environment(name)));
}
