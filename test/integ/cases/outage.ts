import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { HubApi } from '../../../cli/hub/hub-api';
import type { StatusView } from '../../../lambda/contract';
import { REGION } from '../../../rehearsal/emulator/environment';
import type { Response } from '../../../rehearsal/traffic/response';
import { Traffic } from '../../../rehearsal/traffic/traffic';
import { until } from '../executions';
import { fixedForward } from '../fixed-forward';
import { hubOf } from '../hub';
import type { Integ, Ran } from '../integ';
import { LeftOut } from '../left-out';
import { Messy } from '../messy';
import { withRights } from '../role-env';

const APP = 'outage';
const TITLE = 'a planned outage';
const TABLE = 'outage-customers';
const SAYS = 'Back at noon.';

/**
 * A release that breaks the live version, under load: users are told so between two moments, and get the new version at once. Then one whose migration
 * fails: it is taken back, and users get the version before. Then outages that nothing ends, and an alarm that is older than the release which mends it.
 */
export async function outage(integ: Integ): Promise<void> {
  const platform = await integ.deploy(APP, ['OutageTeam', 'Outage/*']);
  if ('failure' in platform) return integ.judge(`${TITLE}: the platform is deployed`, false, platform.failure);
  const story = new Story(
    integ,
    await withRights(integ, 'OutageAuthority', 'Outage-decide'),
    await hubOf(integ, 'Outage'),
    platform.outputs['Outage-Live']?.Url ?? '',
  );
  await story.customer({ name: { S: 'Given Family' } });
  if (!(await story.released('1.0.0'))) return;
  const traffic = Traffic.start(
    [{ environment: 'Live', url: story.url, paths: ['/pay'], requestsPerSecond: 20 }],
    join(integ.state, 'outage-traffic.jsonl'),
    integ.emulator.env,
  );
  try {
    await story.splits();
    await story.fails();
  } finally {
    await traffic.stop();
  }
  const responses = traffic.responses();
  const told = responses.filter(({ status }) => status === 503).length;
  const wrong = outOfPlace(responses);
  integ.judge(`${TITLE}: of ${responses.length} requests, ${told} were told so, all of them between the two moments`, told > 0 && wrong === undefined, wrong);
  const left = new LeftOut(integ, story);
  await left.machineDies();
  await fixedForward(integ, story);
  await left.migrationFails('1.4.0');
}

/** What a user got who was to get something else; undefined when there is nothing. Answers overtake each other: only what began after a moment, and ended before another, counts. */
function outOfPlace(responses: readonly Response[]): string | undefined {
  const answered = (version: string) => responses.filter((each) => each.status === 200 && each.version === version);
  const [before, after, out] = [answered('1.0.0'), answered('1.1.0'), responses.filter(({ status }) => status === 503)];
  const others = responses.length - before.length - after.length - out.length;
  if (others > 0) return `${others} requests got something else`;
  const handedOver = Math.min(...after.map((each) => each.answered));
  const outages = [out.filter(({ sent }) => sent < handedOver), out.filter(({ sent }) => sent >= handedOver)] as const;
  if (outages.some(({ length }) => length === 0)) return `not two outages: ${outages.map(({ length }) => length).join(' and ')} answers`;
  for (const outage of outages) {
    const [begun, over] = [Math.min(...outage.map((each) => each.answered)), Math.max(...outage.map(({ sent }) => sent))];
    const served = responses.find((each) => each.status === 200 && each.sent > begun && each.answered < over);
    if (served) return `served in an outage: ${JSON.stringify(served)}`;
  }
  const old = before.find(({ sent }) => sent > Math.min(...outages[0].map((each) => each.answered)));
  return old && `the version before was there once more: ${JSON.stringify(old)}`;
}

export class Story {
  readonly messy: Messy;
  private readonly dynamo: DynamoDBClient;

  constructor(
    private readonly integ: Integ,
    private readonly authority: NodeJS.ProcessEnv,
    private readonly hub: HubApi,
    readonly url: string,
  ) {
    this.messy = new Messy(integ, { title: TITLE, path: 'Outage', environment: 'Live', url: `${url}/pay` });
    this.dynamo = new DynamoDBClient(integ.emulator.client);
  }

  async customer(fields: Readonly<Record<string, { readonly S: string }>>): Promise<void> {
    await this.dynamo.send(new PutItemCommand({ TableName: TABLE, Item: { id: { S: 'one' }, ...fields } }));
  }

  /** Without an outage. */
  async released(version: string): Promise<boolean> {
    const submitted = await this.release(version, '--until', 'shadow');
    const accepted = await this.accepts();
    const { environments } = await this.free();
    const isLive = environments[0]?.live?.version === version;
    this.judge(`${version} goes live without one, by weight`, isLive, `${submitted.said}\n${accepted.said}\n${JSON.stringify(environments)}`);
    return isLive;
  }

  async splits(): Promise<void> {
    const waits = await this.release('1.1.0', '--until', 'shadow', '--context', 'breaks=splits');
    const asked = await this.ask('status');
    const flat = asked.said.replace(/\s+/g, ' ');
    const isTold = /users have no version for up to 2 minutes.*they stay without one until a person decides/.test(flat) && /runs split-name/.test(flat);
    this.judge('whoever decides is told how long, for what, and that nothing takes it back', isTold, `${waits.said}\n${asked.said}`);
    await this.accepts();
    const told = await this.seenOut();
    this.judge('users are told what was planned, with the status 503', told === `503 ${SAYS}`, told);
    const after = await this.free();
    const [live] = after.environments;
    this.judge('the new version goes live', live?.live?.version === '1.1.0' && live.outage === undefined, JSON.stringify(live));
    this.judge('what it needs is there', (await this.fields()) === 'family,given,id', await this.fields());
    const back = await this.ask('roll-back', 'Live', '--reason', 'wrong names');
    const isRefused = back.status === 1 && /the breaking migration split-name, which 1\.1\.0 brought, started in Live/.test(back.said.replace(/\s+/g, ' '));
    this.judge('and the version before is no roll-back target any more', isRefused, back.said);
  }

  async fails(): Promise<void> {
    await this.release('1.2.0', '--until', 'shadow', '--context', 'breaks=fails');
    await this.accepts();
    await this.free();
    const told = await this.ask('status', '1.2.0');
    const flat = told.said.replace(/\s+/g, ' ');
    const isBack =
      /migration "drop-family" failed: .*the second half is missing/.test(flat) && /migration "drop-family" taken back .*the family is back/.test(flat);
    this.judge('a migration that fails is taken back', isBack && /1\.2\.0 rolled back, live traffic is on 1\.1\.0/.test(flat), told.said);
    this.judge('and the state is what the version before understands', (await this.fields()) === 'family,given,id', await this.fields());
    const doctor = await this.ask('doctor');
    this.judge('ptl doctor finds nothing wrong then', doctor.status === 0, doctor.said);
  }

  /** What users are answered in the outage. */
  async seenOut(): Promise<string> {
    const { status, body } = await until(
      async () => {
        const response = await fetch(`${this.url}/pay`);
        return { status: response.status, body: await response.text() };
      },
      (answer) => answer.status === 503,
    );
    return `${status} ${body}`;
  }

  free(): Promise<StatusView> {
    return until(
      () => this.status(),
      ({ environments, releases }) => environments[0]?.lockedBy === undefined && releases.length === 0,
    );
  }

  release(version: string, ...more: string[]): Promise<Ran> {
    return this.integ.ptl('release', version, '--app', this.integ.app(APP), '--path', 'Outage', ...more);
  }

  accepts(): Promise<Ran> {
    return this.integ.ptlAs(this.authority, 'accept', 'Live', '--reason', 'Sunday', '--path', 'Outage', '--region', REGION);
  }

  ask(...words: string[]): Promise<Ran> {
    return this.integ.ptl(...words, '--path', 'Outage', '--region', REGION);
  }

  status(): Promise<StatusView> {
    return this.hub.status();
  }

  private async fields(): Promise<string> {
    const { Item = {} } = await this.dynamo.send(new GetItemCommand({ TableName: TABLE, Key: { id: { S: 'one' } } }));
    return Object.keys(Item).sort().join();
  }

  judge(what: string, good: boolean, evidence: string): void {
    this.integ.judge(`${TITLE}: ${what}`, good, evidence);
  }
}
