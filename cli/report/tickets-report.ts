import type { TicketView } from '../../lambda/contract';
import { fields } from './table';
import { instant } from './time';

/** Each ticket with its evidence. */
export function ticketsReport(tickets: readonly TicketView[], columns: number): string[] {
  if (tickets.length === 0) return ['no tickets'];
  return tickets.flatMap((ticket, index) => [...(index === 0 ? [] : ['']), ...ticketLines(ticket, columns)]);
}

function ticketLines(ticket: TicketView, columns: number): string[] {
  const { fingerprint, environment, releases, count, firstAt, lastAt, outcome, step, subject, expected, actual, logs } = ticket;
  const times = count === 1 ? `once, ${instant(firstAt)}` : `${count} times, ${instant(firstAt)} to ${instant(lastAt)}`;
  const before = (ticket.earlier ?? []).map((found) => ['before', `${found.release}, ${instant(found.at)}: ${found.actual}`] as const).reverse();
  const evidence = [...Object.entries({ where: step, what: subject, expected, actual }), ...before];
  const rest = Object.entries({ logs, releases: releases.join(', '), seen: times });
  return [`${fingerprint}  ${environment}, ${outcome === 'rolledBack' ? 'rolled back' : outcome}`, ...fields([...evidence, ...rest], columns)];
}
