import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { HubApi } from '../../../cli/hub/hub-api';
import type { StatusView } from '../../../lambda/contract';
import { REGION } from '../../../rehearsal/emulator/environment';
import { Traffic } from '../../../rehearsal/traffic/traffic';
import { stopRunning, until } from '../executions';
import { hubOf } from '../hub';
import type { Integ, Ran } from '../integ';
import { Messy, SAFETY_NET } from '../messy';
import { withRights } from '../role-env';

const APP = 'contract';
const TITLE = 'a contract';
const STACKS = ['ContractPeople', 'Contract/*'];
const POLICIES = { ContractManager: 'manage', ContractAuthority: 'decide' } as const;
type Name = keyof typeof POLICIES;

/**
 * Two releases share a table while the second is in early life support; then the second takes away what only the first needs, in several calls and under load.
 * From then on there is no way back to the first, by roll back or by release, and the second goes on serving.
 */
export async function contract(integ: Integ): Promise<void> {
  const platform = await integ.deploy(APP, STACKS);
  if ('failure' in platform) return integ.judge(`${TITLE}: the platform is deployed`, false, platform.failure);
  const [people, url] = [await credentials(integ), platform.outputs['Contract-Live']?.Url ?? ''];
  const messy = new Messy(integ, { title: TITLE, path: 'Contract', environment: 'Live', url: `${url}/pay`, manager: people.get('ContractManager') });
  const story = new Story(integ, people, await hubOf(integ, 'Contract'), messy);
  if (!(await story.released('1.0.0', 'expand')) || !(await story.released('1.1.0', 'contract'))) return;
  const traffic = Traffic.start(
    [{ environment: 'Live', url, paths: ['/pay'], requestsPerSecond: 20 }],
    join(integ.state, 'contract-traffic.jsonl'),
    integ.emulator.env,
  );
  try {
    await story.waitsForSupport();
    await story.runs();
    await story.noWayBack();
  } finally {
    await traffic.stop();
  }
  const responses = traffic.responses();
  const wrong = responses.filter(({ status, version }) => status !== 200 || version !== '1.1.0');
  integ.judge(
    `${TITLE}: ${responses.length} requests meanwhile, all of them answered by 1.1.0`,
    responses.length > 50 && wrong.length === 0,
    JSON.stringify(wrong[0]),
  );
  await story.goesAfterTheFreeze();
  await story.inTurn();
}

/** People with a role each, whose rights are the hub's policies. */
async function credentials(integ: Integ): Promise<ReadonlyMap<Name, NodeJS.ProcessEnv>> {
  const people = new Map<Name, NodeJS.ProcessEnv>();
  for (const [role, policy] of Object.entries(POLICIES) as [Name, string][]) people.set(role, await withRights(integ, role, `Contract-${policy}`));
  return people;
}

class Story {
  constructor(
    private readonly integ: Integ,
    private readonly people: ReadonlyMap<Name, NodeJS.ProcessEnv>,
    private readonly hub: HubApi,
    private readonly messy: Messy,
  ) {}

  /** Deployed, agreed to, and live. */
  async released(version: string, brings: string): Promise<boolean> {
    const submitted = await this.release(version, '--until', 'shadow', '--context', `brings=${brings}`);
    const accepted = await this.as('ContractAuthority', 'accept', 'Live', '--reason', 'tests are green');
    const { environments } = await until(
      () => this.status(),
      (seen) => seen.environments[0]?.live?.version === version && seen.environments[0].lockedBy === undefined,
    );
    const isLive = environments[0]?.live?.version === version;
    this.judge(`${version}, which brings ${brings}, goes live`, isLive, `${submitted.said}\n${accepted.said}\n${JSON.stringify(environments)}`);
    return isLive;
  }

  async waitsForSupport(): Promise<void> {
    this.judge('it has not run with its release', (await this.amounts()) === 3, `${await this.amounts()}`);
    const early = await this.as('ContractManager', 'contract', 'Live', '--reason', 'in a hurry');
    this.judge(
      'is refused while early life support lasts, and says until when',
      early.status === 1 && /early life support in Live until 20/.test(early.said),
      early.said,
    );
    const stranger = await this.as('ContractAuthority', 'contract', 'Live', '--reason', 'why not');
    this.judge('and by IAM to who may only decide', stranger.status === 1 && /Contract-manage/.test(stranger.said), stranger.said);
    await until(
      () => this.status(),
      ({ environments }) => environments[0]?.contract !== undefined && environments[0].contract.notBefore === undefined,
    );
  }

  async runs(): Promise<void> {
    const asked = await this.as('ContractManager', 'contract', 'Live', '--reason', '1.0.0 is history');
    this.judge('is asked for by a release manager', asked.status === 0 && /asked for the contract drop-amount of 1\.1\.0 in Live/.test(asked.said), asked.said);
    await this.waits('waits for the party of the go/no-go, which is told what would run');
    await this.diesAsking();
    const accepted = await this.as('ContractAuthority', 'accept', 'Live', '--reason', 'nobody reads it');
    const done = await until(
      () => this.status(),
      ({ environments }) => environments[0]?.contract === undefined && environments[0]?.lockedBy === undefined,
    );
    this.judge('runs when it has accepted, page by page', (await this.amounts()) === 0, `${accepted.said}\n${JSON.stringify(done)}`);
    const told = await this.as('ContractManager', 'status', '1.1.0');
    this.judge('and says what it did', /3 payments have no amount any more/.test(told.said) && /contract drop-amount finished/.test(told.said), told.said);
  }

  private async waits(what: string): Promise<void> {
    const waits = await until(
      () => this.status(),
      ({ openGates }) => openGates.length > 0,
    );
    const [gate] = waits.openGates;
    const isAsked = gate?.gate === 'contract' && gate.runs?.join() === 'drop-amount' && (await this.amounts()) === 3;
    this.judge(what, isAsked, JSON.stringify(waits));
  }

  /** Its machine is stopped by hand, and the safety net does not hear of it: nothing happens when people have agreed. */
  private async diesAsking(): Promise<void> {
    const began = Date.now();
    await this.messy.whileOff(SAFETY_NET, async () => {
      const stopped = await stopRunning(this.integ, 'Contract-Live');
      this.judge('its machine is stopped by hand', stopped === 1, String(stopped));
      const accepted = await this.as('ContractAuthority', 'accept', 'Live', '--reason', 'nobody reads it');
      const status = await this.messy.status();
      this.judge(
        'ptl status says that it was asked for, whoever agrees',
        accepted.status === 0 && /^To be contracted\n.*drop-amount, brought by 1\.1\.0: asked for by /m.test(status),
        `${accepted.said}\n${status}`,
      );
      await this.messy.finds('deadContract', 'ABORTED');
      await this.messy.recovers('execution stopped by hand', 'stopped the contract of 1.1.0');
    });
    const [ticket] = await this.messy.tickets();
    this.judge('and has a ticket', /ABORTED/.test(ticket?.actual ?? ''), JSON.stringify(ticket));
    const again = await this.as('ContractManager', 'contract', 'Live', '--reason', 'once more');
    this.judge('is asked for anew', again.status === 0, again.said);
    await this.waits('and waits for people once more');
    console.log(`        a dead contract was put right within ${Math.round((Date.now() - began) / 1000)} s`);
  }

  async noWayBack(): Promise<void> {
    const reason = /the contract drop-amount, which 1\.1\.0 brought, started in Live at .*, and 1\.0\.0 may not understand the shared state since/;
    const flat = (said: string) => said.replace(/\s+/g, ' ');
    const back = await this.as('ContractManager', 'roll-back', 'Live', '--reason', 'wrong totals');
    this.judge('from then on 1.0.0 is no roll-back target, and it is said why', back.status === 1 && reason.test(flat(back.said)), back.said);
    const status = await this.as('ContractManager', 'status');
    this.judge('ptl status says so before anybody needs it', reason.test(flat(status.said)), status.said);
    const twice = await this.as('ContractManager', 'contract', 'Live', '--reason', 'once more');
    this.judge('it does not run twice', twice.status === 1 && /has finished: drop-amount at .*it runs once/.test(flat(twice.said)), twice.said);
    const old = await this.release('1.0.0', '--again', '--until', 'live', '--context', 'brings=expand');
    const stopped = old.status === 2 && /1\.0\.0 does not bring it, and was registered before/.test(flat(old.said)) && !/deployed to the shadow/.test(old.said);
    this.judge('1.0.0 is not let in again, before anything is deployed', stopped, old.said);
    await this.frozenMeanwhile(flat(back.said));
  }

  /** What the refusal has offered: nothing goes live until what mends it is there. */
  private async frozenMeanwhile(refusal: string): Promise<void> {
    this.judge('the refusal offers a freeze', /ptl(\.js)? freeze Live --reason "<why>"/.test(refusal), refusal);
    const frozen = await this.as('ContractManager', 'freeze', 'Live', '--reason', 'wrong totals');
    this.judge('Live is frozen', frozen.status === 0 && /nothing goes live until somebody ends it/.test(frozen.said), frozen.said);
    const next = await this.release('1.2.0', '--until', 'shadow');
    this.judge('a version that was made since comes into the shadow', next.status === 4 || next.status === 0, next.said);
    const held = await this.as('ContractAuthority', 'accept', 'Live', '--reason', 'mends it');
    this.judge(
      'its go waits for the end of the freeze',
      held.status === 1 && /1\.2\.0 waits on at the go\/no-go/.test(held.said.replace(/\s+/g, ' ')),
      held.said,
    );
  }

  /** Users get 1.2.0 from then on. */
  async goesAfterTheFreeze(): Promise<void> {
    const ended = await this.as('ContractManager', 'unfreeze', 'Live', '--reason', '1.2.0 mends it');
    const accepted = await this.as('ContractAuthority', 'accept', 'Live', '--reason', 'mends it');
    this.judge('and is taken after it', accepted.status === 0, `${ended.said}\n${accepted.said}`);
  }

  /** What comes while one waits for a go waits for its turn, and an emergency takes the place of what has moved nothing. */
  async inTurn(): Promise<void> {
    const first = await this.release('1.2.1', '--until', 'shadow');
    const submitted = await this.release('1.3.0', '--until', 'submitted');
    const meanwhile = await until(
      () => this.status(),
      ({ environments }) => environments[0]?.waiting !== undefined,
    );
    const [turn] = meanwhile.environments[0]?.waiting ?? [];
    const waits = turn?.release === '1.3.0' && turn.behind === '1.2.1';
    this.judge('a release that comes meanwhile waits for its turn', waits, `${first.said}\n${submitted.said}\n${JSON.stringify(meanwhile)}`);
    const refused = await this.as('ContractAuthority', 'refuse', 'Live', '--reason', 'not today');
    const next = await this.asked('1.3.0');
    const isNext = next.environments[0]?.lockedBy === '1.3.0' && next.environments[0].waiting === undefined;
    this.judge('and has it when the one before has ended', isNext, `${refused.said}\n${JSON.stringify(next)}`);
    const emergency = await this.release('1.3.1', '--until', 'shadow', '--emergency', 'checkout is down');
    const evicting = await this.asked('1.3.1');
    const evicts = evicting.openGates.length === 1 && evicting.environments[0]?.lockedBy === '1.3.1';
    this.judge('an emergency takes the place of what waits for a go', evicts, `${emergency.said}\n${JSON.stringify(evicting)}`);
    const accepted = await this.as('ContractAuthority', 'accept', 'Live', '--reason', 'it is the mend');
    const back = await this.asked('1.3.0');
    const isBehind = back.environments[0]?.live?.version === '1.3.1' && back.environments[0].lockedBy === '1.3.0';
    this.judge('which is submitted anew when the emergency is live, and asks anew', isBehind, `${accepted.said}\n${JSON.stringify(back)}`);
  }

  /** As it is when somebody is asked about this version. */
  private asked(version: string): Promise<StatusView> {
    return until(
      () => this.status(),
      ({ openGates }) => openGates.some(({ release }) => release === version),
    );
  }

  private release(version: string, ...more: string[]): Promise<Ran> {
    return this.integ.ptl('release', version, '--app', this.integ.app(APP), '--path', 'Contract', ...more);
  }

  private as(who: Name, ...words: string[]): Promise<Ran> {
    return this.integ.ptlAs(this.people.get(who), ...words, '--path', 'Contract', '--region', REGION);
  }

  private status(): Promise<StatusView> {
    return this.hub.status();
  }

  /** Payments that have the old shape. */
  private async amounts(): Promise<number> {
    const { Items = [] } = await new DynamoDBClient(this.integ.emulator.client).send(new ScanCommand({ TableName: 'contract-payments' }));
    return Items.filter(({ amount }) => amount !== undefined).length;
  }

  private judge(what: string, good: boolean, evidence: string): void {
    this.integ.judge(`${TITLE}: ${what}`, good, evidence);
  }
}
