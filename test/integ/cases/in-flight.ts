import { join } from 'node:path';
import type { HubApi } from '../../../cli/hub/hub-api';
import { until } from '../executions';
import { GivenUp } from '../given-up';
import { hubOf } from '../hub';
import type { Integ, Ran } from '../integ';
import { Messy, SAFETY_NET } from '../messy';
import { Releases } from '../releases';
import { RoleByHand } from '../role-by-hand';
import { withRights } from '../role-env';
import { SlotsByHand } from '../slots-by-hand';

const APP = 'in-flight';
const PATH = 'InFlight';
const TITLE = 'in flight';
const stackOf = (colour: string) => `${PATH}-Production-${colour[0]?.toUpperCase()}${colour.slice(1)}`;
/** A sentence in one line. */
const flat = (said: string) => said.replace(/\s+/g, ' ');

/**
 * Messes among releases, and in the stacks of their slots, as docs/runbook.md has them: made by hand or by other releases, found under the name the page has, and put right
 * with the page's commands, by who may. In the end, and in between, everything is as the ledger says and users get the accepted version.
 */
export async function inFlight(integ: Integ): Promise<void> {
  const platform = await integ.deploy(APP, ['InFlightPeople', `${PATH}/*`]);
  if ('failure' in platform) return integ.judge(`${TITLE}: the platform is deployed`, false, platform.failure);
  const manager = await withRights(integ, 'InFlightManager', `${PATH}-manage`);
  const authority = await withRights(integ, 'InFlightAuthority', `${PATH}-decide`);
  const messy = new Messy(integ, { title: TITLE, path: PATH, url: platform.outputs[`${PATH}-Production`]?.Url ?? '', manager });
  const hub = await hubOf(integ, PATH);
  const releases = new Releases(integ, { messy, app: APP, hub, party: await hubOf(integ, PATH, authority) });
  await new InFlight(integ, { messy, releases, hub, manager, authority }).run();
}

interface Surroundings {
  readonly messy: Messy;
  readonly releases: Releases;
  readonly hub: HubApi;
  readonly manager: NodeJS.ProcessEnv;
  readonly authority: NodeJS.ProcessEnv;
}

class InFlight {
  private readonly messy: Messy;
  private readonly releases: Releases;
  private readonly slots: SlotsByHand;
  private readonly givenUp: GivenUp;
  private readonly role: RoleByHand;

  constructor(
    private readonly integ: Integ,
    private readonly around: Surroundings,
  ) {
    this.messy = around.messy;
    this.releases = around.releases;
    this.slots = new SlotsByHand(integ);
    this.givenUp = new GivenUp(integ, PATH);
    this.role = new RoleByHand(integ, `${PATH}-Production-operator`);
  }

  async run(): Promise<void> {
    const began = Date.now();
    await this.timed('a role that lets nobody in', () => this.closedRole());
    await this.timed('a stack that is busy', () => this.busyStack());
    await this.timed('a pause that is accepted', () => this.acceptedPause());
    await this.timed('a queue, and a pause that is refused', () => this.refusedPause());
    await this.timed('an emergency', () => this.emergency());
    await this.timed('a turn of nobody, an abort, a roll back half way', () => this.deadTurn());
    await this.timed('what the safety net gave up', () => this.gaveUp());
    await this.timed('a live slot that somebody deployed', () => this.deployedByHand());
    await this.timed('a live version without a healthy target', () => this.unhealthy());
    await this.timed('a slot whose stack is gone, and a release that is superseded', () => this.superseded());
    this.judge('the alarm of the safety net is silent again', (await this.givenUp.alarmIs('OK')).state === 'OK');
    console.log(`        made and put right within ${Math.round((Date.now() - began) / 1000)} s`);
  }

  private async timed(what: string, mess: () => Promise<void>): Promise<void> {
    const began = Date.now();
    await mess().catch((error: Error) => this.judge(`${what} is put right`, false, error.stack));
    console.log(`        ${what}: ${Math.round((Date.now() - began) / 1000)} s`);
  }

  /** Before anything was asked of the hub: what it has for an hour from a role, it keeps when the role's trust is changed. */
  private async closedRole(): Promise<void> {
    await this.role.trustNobody();
    await this.messy.finds('access', `the role ${this.role.arn}`);
    const drift = await this.cdk('drift');
    this.judge('cdk drift shows which role, and that it is its trust', /AWS::IAM::Role[\s\S]*AssumeRolePolicyDocument/.test(drift.said), drift.said);
    const reverted = await this.cdk('deploy', '--revert-drift');
    this.judge('cdk deploy --revert-drift puts it back', reverted.status === 0, reverted.said);
    await this.seenAgain('once its trust is back');

    await this.role.takeItsPolicy();
    await this.messy.finds('access', `the role ${this.role.arn}`);
    const none = await this.cdk('drift');
    this.judge('a policy that is gone is no drift', !/Operator/.test(none.said), none.said);
    const anew = await this.cdk('deploy', '-c', 'policies-anew=1');
    this.judge('cdk deploy -c policies-anew=1 writes it', anew.status === 0, anew.said);
    await this.seenAgain('once its policy is back');
  }

  /** No release is live yet, and nobody gets any. */
  private async seenAgain(where: string): Promise<void> {
    const { findings } = await until(
      () => this.around.hub.doctor('Production'),
      (view) => view.findings.length === 0,
    );
    this.judge(`ptl doctor sees everything ${where}`, findings.length === 0, JSON.stringify(findings));
  }

  /** Somebody deploys a slot by hand, while the first release goes live from the other one. */
  private async busyStack(): Promise<void> {
    const done = await this.slots.createSlowly(stackOf('green'));
    await this.messy.finds('stackBusy', 'CREATE_IN_PROGRESS');
    await this.releases.goLive('1.0.0');
    await this.messy.finds('stackBusy', 'wait until CloudFormation has ended it');
    await done();
    await this.messy.healthy('once CloudFormation has ended', '1.0.0');
  }

  private async acceptedPause(): Promise<void> {
    await this.releases.pause('1.1.0');
    const shown = await this.messy.status();
    this.judge('ptl status says that it waits, and is watched', /waits at the pause of Production at 50 percent, watched/.test(shown), shown);
    const accepted = await this.as(this.around.authority, 'accept', 'Production', '--reason', 'orders look right');
    this.judge('ptl accept lets a release with traffic go on', accepted.status === 0, accepted.said);
    await this.releases.areLive('1.1.0');
    await this.messy.healthy('once its pause is accepted', '1.1.0');
  }

  private async refusedPause(): Promise<void> {
    await this.releases.pause('1.2.0');
    await this.releases.submit('1.3.0');
    await this.releases.submit('1.3.1');
    await this.releases.wait('1.3.0', '1.3.1');
    const shown = await this.messy.status();
    this.judge(
      'ptl status says behind whom a release waits for its turn, and until when',
      /Waiting for their turn\s+Production: 1\.3\.0 waits behind 1\.2\.0, since [^,]+, until [^,]+ at most\s+Production: 1\.3\.1 waits behind 1\.3\.0/.test(
        shown,
      ),
      shown,
    );
    const out = await this.as(this.around.manager, 'abort', '1.3.1', '--reason', 'not this week');
    this.judge('ptl abort takes one out of the queue', out.status === 0, out.said);
    await this.releases.wait('1.3.0');
    const refused = await this.as(this.around.authority, 'refuse', 'Production', '--reason', 'refunds are slow');
    this.judge('ptl refuse takes a release with traffic back', refused.status === 0, refused.said);
    const turn = await this.releases.asks('1.3.0', 'goNoGo');
    this.judge('the next one has its turn by itself', turn.release === '1.3.0');
    await this.releases.end('1.2.0', 'rolledBack', /refunds are slow/);
    await this.messy.healthy('once a pause is refused, and the next release waits in the shadow', '1.1.0');
  }

  /** 1.3.0 waits in the slot of the version that could be rolled back to. */
  private async emergency(): Promise<void> {
    const { manager } = this.around;
    const held = await this.as(manager, 'roll-back', 'Production', '--reason', 'card payments fail');
    this.judge('ptl roll-back says who has the slot', held.status === 1 && /1\.3\.0/.test(held.said), held.said);
    await this.releases.submit('1.1.1', '--emergency', 'card payments fail');
    await this.releases.asks('1.1.1', 'goNoGo');
    const evicted = await this.as(manager, 'status', '1.3.0');
    this.judge('ptl status says of the other that it was evicted', /evicted by the emergency release 1\.1\.1/.test(flat(evicted.said)), evicted.said);
    this.judge(
      'it has no ticket: nothing is broken',
      (await this.releases.ticketsOf('1.3.0')).length === 0,
      JSON.stringify(await this.releases.ticketsOf('1.3.0')),
    );
    await this.releases.accept('1.1.1', 'goNoGo');
    await this.releases.accept('1.1.1', 'pause');
    await this.releases.areLive('1.1.1');
    await this.releases.asks('1.3.0', 'goNoGo');
    await this.messy.healthy('once the mend is live, and what it evicted is back behind it', '1.1.1');
  }

  /** 1.3.0 waits for people, 1.4.0 and 1.5.0 behind it. */
  private async deadTurn(): Promise<void> {
    const { manager } = this.around;
    await this.releases.submit('1.4.0');
    await this.releases.submit('1.5.0');
    await this.releases.wait('1.4.0', '1.5.0');
    await this.messy.whileOff(SAFETY_NET, async () => {
      await this.releases.stopMachineOf('1.4.0');
      const aborted = await this.as(manager, 'abort', '1.3.0', '--reason', 'wrong week');
      this.judge('ptl abort stops a release without traffic', aborted.status === 0, aborted.said);
      await this.releases.end('1.3.0', 'stopped', /wrong week/);
      await this.messy.finds('deadTurn and deadRelease', 'take 1.4.0 out of the queue');
      await this.messy.recovers('execution stopped by hand', 'took 1.4.0 out of the queue of Production');
    });
    await this.releases.asks('1.5.0', 'goNoGo');
    await this.messy.healthy('once the next one has its turn', '1.1.1');
    await this.releases.accept('1.5.0', 'goNoGo');
    await this.releases.asks('1.5.0', 'pause');
    const back = await this.as(manager, 'roll-back', 'Production', '--reason', 'errors at 50 percent');
    this.judge('ptl roll-back takes a release with traffic back, whoever is asked about it', back.status === 0, back.said);
    await this.releases.end('1.5.0', 'rolledBack', /errors at 50 percent/);
    await this.messy.healthy('once it has gone back', '1.1.1');
  }

  /** The path's machine is stopped while it waits at the firebreak, and the safety net has no ledger. */
  private async gaveUp(): Promise<void> {
    await this.releases.submit('1.6.0', '--needs-manual-test');
    await this.releases.asks('1.6.0', 'firebreak');
    let execution = '';
    await this.givenUp.whileWithoutLedger(async () => {
      execution = await this.releases.stopMachineOf('1.6.0');
      const { state, description } = await this.givenUp.alarmIs('ALARM');
      const isSent = state === 'ALARM' && /"The safety net gave up"/.test(description);
      this.judge('the alarm of the safety net fires, and sends whom it wakes to the page', isSent, `${state} ${description}`);
    });
    await this.messy.finds('deadRelease', 'close it, by the rules of the safety net');
    await this.messy.recovers('the safety net gave up, INC0042', 'closed release 1.6.0');
    await this.releases.end('1.6.0', 'stopped', /the safety net gave up, INC0042/);
    const messages = await this.givenUp.messages();
    this.judge('what is in the queue names the execution', messages.length === 1 && messages[0]?.includes(execution) === true, JSON.stringify(messages));
    const logged = await this.givenUp.errors();
    this.judge('the log says why it could not be handled', /not authorized to perform: dynamodb:/.test(logged), logged);
    await this.givenUp.purge();
    this.judge('the queue is empty', (await this.givenUp.messages()).length === 0);
    await this.messy.healthy('once what the safety net gave up is put right', '1.1.1');
  }

  private async deployedByHand(): Promise<void> {
    await this.releases.goLive('1.7.0');
    const stack = await this.liveStack();
    await this.slots.deploy(stack, '1.7.0', '9.9.9');
    await this.messy.users('once somebody has deployed the live slot', '9.9.9');
    await this.messy.finds('stackVersion', 'holds 9.9.9: somebody deployed it by hand');
    await this.rollsBack('slot changed by hand');
    await this.messy.users('once it is rolled back', '1.1.1');
    await this.messy.finds('stackVersion', 'the next release deploys to it anew');
    await this.releases.goLive('1.8.0');
    await this.messy.healthy('once a release has deployed the slot anew', '1.8.0');
  }

  private async unhealthy(): Promise<void> {
    await this.slots.breakFunction(await this.liveStack(), '1.8.0');
    await this.messy.finds('unhealthy', 'the targets of 1.8.0, live in Production');
    await this.rollsBack('no healthy target');
    await this.messy.healthy('once the version before is live', '1.1.1');
  }

  /** From here on the newest release wins. */
  private async superseded(): Promise<void> {
    const live = await this.liveStack();
    const [before] = ['blue', 'green'].map(stackOf).filter((stack) => stack !== live);
    await this.slots.remove(before ?? '');
    await this.messy.finds('stackGone', 'the next release deploys to it anew');
    const newest = ['--context', 'concurrency=newestWins'];
    const deployed = await this.integ.deploy(APP, [`${PATH}/Hub`], { concurrency: 'newestWins' });
    this.judge('the hub is deployed with another concurrency', !('failure' in deployed), JSON.stringify(deployed));
    await this.releases.submit('1.9.0', ...newest);
    await this.releases.asks('1.9.0', 'goNoGo');
    await this.releases.submit('1.10.0', ...newest);
    await this.releases.asks('1.10.0', 'goNoGo');
    const old = await this.as(this.around.manager, 'status', '1.9.0');
    this.judge('ptl status says that a release was superseded', /superseded by release 1\.10\.0/.test(flat(old.said)), old.said);
    this.judge('it has no ticket, either', (await this.releases.ticketsOf('1.9.0')).length === 0);
    await this.releases.submit('1.9.0', ...newest);
    await this.releases.accept('1.9.0', 'goNoGo');
    await this.releases.accept('1.9.0', 'pause');
    await this.releases.areLive('1.9.0');
    await this.messy.healthy('once a release that was superseded is submitted again, into the slot that was gone', '1.9.0');
  }

  private async liveStack(): Promise<string> {
    const { environments } = await this.around.hub.status();
    return stackOf(environments[0]?.live?.colour ?? '');
  }

  private async rollsBack(reason: string): Promise<void> {
    const back = await this.as(this.around.manager, 'roll-back', 'Production', '--reason', reason);
    this.judge(`ptl roll-back --reason "${reason}" gives users the version before`, back.status === 0, back.said);
  }

  private as(env: NodeJS.ProcessEnv, ...words: readonly string[]): Promise<Ran> {
    return this.messy.ptl(env, ...words);
  }

  /** Of its front door. */
  private cdk(command: string, ...more: readonly string[]): Promise<Ran> {
    const how = command === 'deploy' ? ['--require-approval', 'never'] : [];
    return this.integ.cdk([command, `${PATH}/Production`, '--app', this.integ.app(APP), '--output', join(this.integ.state, 'cdk.out'), ...more, ...how]);
  }

  private judge(what: string, good: boolean, evidence = ''): void {
    this.messy.judge(what, good, evidence);
  }
}
