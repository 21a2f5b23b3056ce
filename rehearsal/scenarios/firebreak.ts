import type { ReleaseView } from '../../lambda/contract';
import { act, ptl, type Refusal } from '../people/ptl';
import { Problem } from '../problem';
import { VERSIONS } from '../services';
import type { Told, World } from '../world';
import { readyAssembly } from './build';
import { lookIntoShadow } from './hidden-url';
import { nothingIsWrong } from './nothing-wrong';
import { EXIT, runPipeline, runPipelineWithGo, told } from './release';

/** 1.1.0 brings a migration, and so alters the schema although its pipeline says nothing: a firebreak stops it in front of production until each party has accepted and a release manager resumes it. */
export async function throughFirebreak(world: World): Promise<Told> {
  const { narrator, promises, production, people } = world;
  const version = VERSIONS.second;
  narrator.chapter(`${version} migrates a table that both versions use: a firebreak, two parties, a look into the shadow`);
  const began = Date.now();
  const build = await readyAssembly(world, version);
  narrator.say(`The pipeline builds ${version} once: cdk synth '**'.`);
  const stopped = await runPipeline(world, { build });
  promises.check(`the pipeline's job does not wait for people`, stopped.exitCode === EXIT.waitingForPeople, `exit code ${stopped.exitCode}`);
  const { changes, migrations = [] } = stopped.document.release;
  promises.check(
    'a release that brings a migration alters the schema, whatever its pipeline declares',
    changes.includes('altersSchema'),
    changes.join(', ') || 'nothing',
  );
  narrator.say(
    `It brings ${migrations.map(({ name, kind }) => `the migration ${name} (${kind})`).join(', ')}, and so alters the schema: nobody had to say so.`,
  );
  narrator.say(`${version} waits at the firebreak in front of ${production.environment}; the pipeline's job has ended with exit code ${stopped.exitCode}.`);

  await openFirebreak(world, version);
  await world.hub.until(`${version} waits at the go/no-go`, ({ openGates }) => openGates.some(({ release, gate }) => release === version && gate === 'goNoGo'));
  await lookIntoShadow(world, version, VERSIONS.first);
  await nothingIsWrong(world, `while ${version} waits in the shadow`);

  // The pipeline's job is run again and goes on following: the same content is the same release.
  const followed = await runPipelineWithGo(world, { build, options: ['--wait-for-people'] });
  promises.check(
    'a migration runs once in each environment, after the deployment and before the tests',
    ...oncePerEnvironment(world, followed.document.release),
  );
  const live = followed.exitCode === EXIT.live;
  promises.check(`${version} goes live by weight once everybody has agreed`, live, followed.document.now);
  if (!live) throw new Problem(`${version} was to go live, and what comes next builds on that: ${followed.document.now}. The lines of ptl above say why.`);
  narrator.say(`${version} is live; ${people.parties.size + 2} people had their part in it, and the audit trail names them.`);
  return told(version, began, followed.document);
}

/** Nobody but a member may accept, nobody may resume before each party has, and a release manager must. */
async function openFirebreak({ root, path, people, narrator, promises, production, hub }: World, version: string): Promise<void> {
  const { environment } = production;
  const refused = await ptl<Refusal>(root, people.pipeline, path, ['accept', environment, '--reason', 'the pipeline is green']);
  promises.check('who submits a release cannot accept it', refused.exitCode !== 0, refused.document.error?.code ?? 'accepted');
  narrator.say(`The pipeline itself cannot accept it (${refused.document.error?.code}).`);
  for (const [index, [party, member]] of [...people.parties].entries()) {
    const last = index === people.parties.size - 1;
    narrator.say(`${member.name} accepts for ${party}: ptl accept ${environment}`);
    await act(root, member, path, ['accept', environment, '--reason', last ? 'the migration is rehearsed' : 'told the service desk']);
    if (last) break;
    const early = await ptl<Refusal>(root, people.releaseManager, path, ['resume', environment]);
    promises.check('a firebreak opens only when each party has accepted', early.exitCode !== 0, early.document.error?.code ?? 'resumed');
    narrator.say(`${people.releaseManager.name} cannot resume it yet (${early.document.error?.code}).`);
  }
  const waiting = (await hub.status()).releases.find((release) => release.version === version);
  narrator.say(`${people.releaseManager.name} resumes it: ptl resume ${environment} (the hub said: ${waiting?.now})`);
  await act(root, people.releaseManager, path, ['resume', environment, '--reason', 'the window is open']);
}

/** @returns whether the audit trail has it so, and what it has */
function oncePerEnvironment({ plans }: World, { audit }: ReleaseView): [boolean, string] {
  const order = ['SlotDeployed', 'MigrationStarted', 'MigrationFinished', 'TestFinished'];
  const kept = plans.every((plan) => {
    const seen = audit.filter(({ environment, what }) => environment === plan.environment && order.includes(what)).map(({ what }) => what);
    return seen.filter((what) => what.startsWith('Migration')).length === 2 && order.every((what, index) => seen[index] === what);
  });
  const finished = audit.filter(({ what }) => what === 'MigrationFinished');
  return [kept, finished.map(({ environment, detail }) => `${environment}: ${String(detail.said)}`).join('; ')];
}
