import type { Command } from 'commander';
import { asAnswered, gateReport } from '../report/gate-report';
import { gateName } from '../report/waiting';
import { chooseGate } from './choose-gate';
import { type CommandContext, type CommonOptions, connect, ptlCommand, respond } from './command';

interface ResumeOptions extends CommonOptions {
  readonly reason?: string;
  readonly release?: string;
}

/** `ptl resume`: a release manager sends a release on that every party of a firebreak has accepted. */
export function resumeCommand(context: CommandContext): Command {
  return ptlCommand({
    name: 'resume',
    summary: 'send a release on that every party has accepted',
    about: 'Send a release on that waits at the firebreak in front of an environment, when every party has accepted it. For release managers.',
    examples: ['ptl resume Production', 'ptl resume Production --release 1.4.2 --reason "window opens at 20:00"'],
    next: ['ptl status <version>   where it is: it is deployed to the shadow next'],
    words: ['release', 'shadow', 'firebreak', 'party', 'release manager'],
  })
    .argument('<environment>', 'the environment the firebreak is in front of')
    .option('--reason <text>', 'why now; kept in the audit trail')
    .option('--release <version>', 'the version, where several wait')
    .action(async (environment: string, { reason, release, ...options }: ResumeOptions) => {
      const hub = await connect(context, options);
      const gate = chooseGate(await hub.status(), { environment, release, matches: ({ gate: kind }) => kind === 'firebreak', done: 'resumed' });
      const answer = await hub.resume(gate.release, { environment, reason });
      for (const line of gateReport(asAnswered(gate, answer), context.surroundings.columns, answer)) context.surroundings.say(line);
      respond(context, options, answer, [`resumed release ${gate.release} at ${gateName(gate)}`, `now: ${answer.now}`]);
    });
}
