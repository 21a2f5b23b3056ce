import type { Command } from 'commander';
import { type EnvironmentView, type FreezeAnswer, wrongInstant } from '../../lambda/contract';
import { frozenInWords, replacedInWords } from '../report/frozen';
import { UserError } from '../user-error';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';
import { eachWave, requireEvery, wordsOfWaves } from './each-wave';
import { requireReason } from './reason';

interface FreezeOptions extends CommonOptions {
  readonly reason?: string;
  readonly until?: string;
}

/** `ptl freeze`: from now on nothing goes live in an environment. */
export function freezeCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'freeze',
    summary: 'let nothing go live in an environment for a while',
    about:
      'Freeze an environment: from now on nothing goes live there, and no contract begins. A release may still come into the shadow, where it takes no slot that is needed to roll back to, and there is a go/no-go at which it waits; every other is stopped when it comes there. One that has live traffic and not all of it goes back at its next step. A roll back is never held up. It ends by itself at --until, or by ptl unfreeze. Said again, the later one counts, and the answer says whose it takes the place of. The name of waves freezes each of them; what is live in one wave and not yet in all goes back in those before, too. Needs the managed policy <path>-manage.',
    examples: [
      'ptl freeze Production --reason "Black Friday, CHG0042" --until 2026-11-30T08:00Z',
      'ptl freeze Production --reason "INC0042 is being looked into" --json',
    ],
    next: ['ptl status                             what is frozen, by whom, until when', 'ptl unfreeze Production --reason "…"  ends it'],
    words: ['release', 'live', 'shadow', 'go/no-go', 'freeze', 'roll back', 'release manager'],
  })
    .argument('<environment>', 'the environment to freeze, or the name of waves: every one of them')
    .option('--reason <text>', 'needed: why; kept in the audit trail, and told to whoever is held up')
    .option('--until <instant>', 'when it ends by itself, with its zone: 2026-12-01T06:00Z (default: when somebody ends it)')
    .action(async (environment: string, { until, ...options }: FreezeOptions) => {
      const reason = requireReason(options.reason);
      checkUntil(until);
      const hub = await connect(context, options);
      const answer = await eachWave(hub, environment, (each) => hub.freeze(each, { reason, ...(until !== undefined && { until }) }));
      if (!('waves' in answer)) return respond(context, options, answer, words(answer));
      respond(context, options, answer, wordsOfWaves(answer, words));
      requireEvery(answer, 'frozen');
    });
}

/** `ptl unfreeze`: ends the freeze of an environment. */
export function unfreezeCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'unfreeze',
    summary: 'end the freeze of an environment',
    about:
      'End the freeze of an environment: what waits at its go/no-go can be accepted again, and what was stopped because of it can be submitted again. Needs the managed policy <path>-manage.',
    examples: ['ptl unfreeze Production --reason "sale is over"', 'ptl unfreeze Production --reason "INC0042 closed" --json'],
    next: ['ptl status    what waits for people', 'ptl tickets   what the freeze has stopped: submit that again'],
    words: ['release', 'live', 'go/no-go', 'freeze', 'release manager'],
  })
    .argument('<environment>', 'the environment whose freeze ends, or the name of waves: of every one of them')
    .option('--reason <text>', 'needed: why; kept in the audit trail')
    .action(async (environment: string, options: CommonOptions & { readonly reason?: string }) => {
      const reason = requireReason(options.reason);
      const hub = await connect(context, options);
      const answer = await eachWave(hub, environment, (each) => hub.unfreeze(each, { reason }));
      if (!('waves' in answer)) return respond(context, options, answer, ended(answer));
      respond(context, options, answer, wordsOfWaves(answer, ended));
      requireEvery(answer, 'free again');
    });
}

/** Before anybody is asked. @throws UserError for what is no instant */
function checkUntil(until: string | undefined): void {
  const wrong = until === undefined ? undefined : wrongInstant(until);
  if (wrong === undefined) return;
  throw new UserError('Usage', `--until ${wrong}, got: ${JSON.stringify(until)}; for example 2026-12-01T06:00Z`);
}

function words({ environment: { environment, frozen }, replaces, meanwhile }: FreezeAnswer): string[] {
  if (frozen === undefined) return [`${environment} was frozen, and is not any more`];
  const before = replaces === undefined ? [] : [replacedInWords(replaces)];
  const end = `End it${frozen.until === undefined ? '' : ' before that'} with: ptl unfreeze ${environment} --reason "<why>"`;
  return [`${environment}: ${frozenInWords(frozen)}`, ...before, ...(meanwhile === undefined ? [] : [meanwhile]), end];
}

function ended({ environment }: EnvironmentView): string[] {
  return [
    `${environment} is not frozen any more; see what waits for people with: ptl status`,
    'What the freeze has stopped has a ticket, with its version: ptl tickets; it goes once more with: ptl release <version>',
  ];
}
