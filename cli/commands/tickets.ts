import type { Command } from 'commander';
import { ticketsReport } from '../report/tickets-report';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';

/** `ptl tickets`: what failures have raised, one ticket a failure however often it came back. */
export function ticketsCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'tickets',
    summary: 'list what failed, with the evidence',
    about: 'List what failed, with the evidence: one ticket a failure, however often it came back.',
    examples: ['ptl tickets', "ptl tickets --json | jq '.[0]'"],
    next: ['ptl status <version>   the whole story of a release that a ticket names'],
    words: ['release', 'roll back', 'ticket'],
  }).action(async (options: CommonOptions) => {
    const tickets = await (await connect(context, options)).tickets();
    respond(context, options, tickets, ticketsReport(tickets, context.surroundings.columns));
  });
}
