import type { TicketView } from '../../lambda/contract';
import { ptl } from '../people/ptl';
import { VERSIONS } from '../services';
import type { Told, World } from '../world';
import { fromSource } from './build';
import { EXIT, runPipelineWithGo, told } from './release';

/** 1.2.0 passes every test and fails with users: its alarm sends it back. */
export async function badRelease(world: World): Promise<Told> {
  const { narrator, promises, production, hub, people, root, path } = world;
  const version = VERSIONS.bad;
  narrator.chapter(`${version} answers errors as soon as users reach it in ${production.environment}`);
  const began = Date.now();
  const run = await runPipelineWithGo(world, { build: fromSource(world, version, production.environment), options: ['--wait-for-people'] });
  promises.check(`${version} goes back by itself`, run.exitCode === EXIT.rolledBack, `exit code ${run.exitCode}, ${run.document.now}`);

  const ranAgain = run.document.release.audit.filter(({ what }) => what === 'MigrationStarted').length;
  promises.check(
    'a migration that has finished is not run again by the next release that has it',
    ranAgain === 0 && run.document.release.migrations?.length === 1,
    `${ranAgain} runs by ${version}`,
  );
  const after = (await hub.status()).environments.find(({ environment }) => environment === production.environment);
  promises.check(
    `${VERSIONS.second} serves every user of ${production.environment} again`,
    after?.live?.version === VERSIONS.second && after.lockedBy === undefined,
    `live: ${after?.live?.version}, weights: ${JSON.stringify(after?.weights)}`,
  );
  const { document: tickets } = await ptl<TicketView[] | { tickets: TicketView[] }>(root, people.releaseManager, path, ['tickets']);
  const mine = ('tickets' in tickets ? tickets.tickets : tickets).filter(({ releases }) => releases.includes(version));
  promises.check('one failure raises one ticket', mine.length === 1 && mine[0]?.count === 1, `${mine.length} for ${version}`);
  for (const { step, subject, expected, actual } of mine) narrator.say(`The ticket: ${step}: ${subject}; expected ${expected}; actual ${actual}.`);
  return told(version, began, run.document);
}
