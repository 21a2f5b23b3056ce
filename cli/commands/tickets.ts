import type { Command } from 'commander';
import { MOST_TICKETS, type TicketView } from '../../lambda/contract';
import type { HubApi } from '../hub/hub-api';
import { ticketsReport } from '../report/tickets-report';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';

/** `ptl tickets`: what failures have raised, one ticket a failure however often it came back. */
export function ticketsCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'tickets',
    summary: 'list what failed, with the evidence',
    about: `List what failed, with the evidence: one ticket a failure, however often it came back, with what was found the last few times before; a roll back that a person asked for is a ticket of that release. The ${MOST_TICKETS} that happened last, newest first.`,
    examples: ['ptl tickets', 'ptl tickets --all', "ptl tickets --json | jq '.[0]'"],
    next: ['ptl status <version>   the whole story of a release that a ticket names'],
    words: ['release', 'roll back', 'ticket'],
  })
    .option('--all', 'every ticket there is')
    .action(async (options: CommonOptions & { readonly all?: boolean }) => {
      const hub = await connect(context, options);
      const tickets = options.all ? await everyTicket(hub) : await hub.tickets();
      const more = !options.all && tickets.length >= MOST_TICKETS ? ['', `These are the last ${MOST_TICKETS}; see every one with: ptl tickets --all`] : [];
      respond(context, options, tickets, [...ticketsReport(tickets, context.surroundings.columns), ...more]);
    });
}

/** Page by page, until one brings nothing new: a hub that is older than pages answers with all of them each time. */
async function everyTicket(hub: HubApi): Promise<TicketView[]> {
  const found = new Map<string, TicketView>();
  for (let page = await hub.tickets(); ; page = await hub.tickets(page.at(-1))) {
    const known = found.size;
    for (const ticket of page) found.set(ticket.fingerprint, ticket);
    if (page.length < MOST_TICKETS || found.size === known) return [...found.values()];
  }
}
