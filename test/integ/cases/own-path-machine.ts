import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import type { ReleaseView, SubmitBody } from '../../../lambda/contract';
import { ACCOUNT, REGION } from '../../../rehearsal/emulator/environment';
import { compiled } from '../compiled';
import { Executions, until } from '../executions';
import type { Context, Integ } from '../integ';
import { People } from '../people';

/** The example that a team copies, deployed as it is: only its waits are shorter. */
const EXAMPLE = `node ${compiled('examples/own-path-machine/own-path-machine.ts')}`;
const TITLE = 'an own path machine';
const GIVEN: Context = { account: ACCOUNT, region: REGION, nightSeconds: '1', bakeSeconds: '3' };
const POLICIES = { ChangeAuthority: 'decide' } as const;

/** A state machine of a team's own takes releases through two environments; ptl is used in the build only, which asks no hub. */
export async function ownPathMachine(integ: Integ): Promise<void> {
  await personIn(integ);
  const builds = new Builds(integ);
  const [deployed, first] = await Promise.all([integ.deployApp(EXAMPLE, ['--all'], GIVEN), builds.bundle('1.0.0', ['--alters-schema'])]);
  if ('failure' in deployed) return integ.judge(`${TITLE}: the example is deployed`, false, deployed.failure);
  const { PathMachine = '', ApiUrl: apiUrl = '' } = deployed.outputs.BookingsPath ?? {};
  const people = await People.gather(integ, { path: 'Bookings', apiUrl, policies: POLICIES });
  const url = deployed.outputs['Bookings-Production']?.Url ?? '';
  await new Going(integ, builds, new Executions(integ, PathMachine), people, url).run(first);
}

/** Who is asked at the firebreak. */
async function personIn({ emulator }: Integ): Promise<void> {
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' }] };
  await new IAMClient(emulator.client).send(new CreateRoleCommand({ RoleName: 'ChangeAuthority', AssumeRolePolicyDocument: JSON.stringify(trust) }));
}

/** What a team's build does. */
class Builds {
  constructor(private readonly integ: Integ) {}

  /** Published, and what it is submitted with. @param options of `ptl bundle` */
  async bundle(version: string, options: readonly string[] = [], context: Context = {}): Promise<SubmitBody> {
    const given = Object.entries({ ...GIVEN, ...context }).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
    const ran = await this.integ.ptl('bundle', version, '--publish', '--app', EXAMPLE, ...given, ...options);
    if (ran.status !== 0) throw new Error(`ptl bundle ${version} failed: ${ran.said}`);
    return JSON.parse(ran.stdout) as SubmitBody;
  }

  /** The example's service, but that its bookings fail. Its health is fine, so no test finds it before users do. */
  bad(): Context {
    const service = join(this.integ.state, 'bad-bookings');
    rmSync(service, { recursive: true, force: true });
    cpSync(join(this.integ.root, 'examples/own-path-machine/service'), service, { recursive: true });
    const file = join(service, 'index.js');
    writeFileSync(file, readFileSync(file, 'utf8').replace(" || path === '/bookings'", ''));
    return { service };
  }
}

class Going {
  constructor(
    private readonly integ: Integ,
    private readonly builds: Builds,
    private readonly path: Executions,
    private readonly people: People<keyof typeof POLICIES>,
    private readonly url: string,
  ) {}

  async run(first: SubmitBody): Promise<void> {
    await this.live(first);
    const [bad, good] = await this.refused(first);
    await this.back(bad);
    await this.stopped(good);
  }

  private async live(submission: SubmitBody): Promise<void> {
    const running = await this.path.start(submission);
    const waiting = await this.becomes('1.0.0', ({ activity }) => activity === 'waitingForPeople');
    const states = waiting.environments?.map(({ environment, state }) => `${environment} ${state}`);
    this.judge(
      '1.0.0 is live in integration, and waits at the firebreak in front of production',
      `${states}` === 'Integration live,Production notYet',
      waiting,
    );
    await this.people.say('ChangeAuthority', ['accept', '1.0.0', 'tested, CHG0031']);
    const ended = await this.path.ended(running);
    this.judge('1.0.0 goes live when people have accepted it', ended.status === 'SUCCEEDED' && /"outcome": ?"live"/.test(ended.output ?? ''), ended);
    await this.users('1.0.0');
    const release = await this.becomes('1.0.0', ({ activity }) => activity === 'finished');
    this.judge('and has ended with the machine', release.status === 'live' && release.author === running, release);
  }

  /** While the next versions are built. */
  private async refused(first: SubmitBody): Promise<[SubmitBody, SubmitBody]> {
    const [bad, good, ended, again] = await Promise.all([
      this.builds.bundle('1.1.0', [], this.builds.bad()),
      this.builds.bundle('1.2.0'),
      this.path.run({ ...first, version: '1.0.1', digest: 'a'.repeat(64) }),
      this.path.run(first),
    ]);
    this.judge('what is not what it says is refused by the first environment', ended.error === 'NotLive' && /the ticket/.test(ended.cause ?? ''), ended);
    this.judge('1.0.0 once more is live already', again.status === 'SUCCEEDED', again);
    return [bad, good];
  }

  private async back(submission: SubmitBody): Promise<void> {
    const ended = await this.path.run(submission);
    this.judge('1.1.0 goes back, by its health', wentBack(ended), ended);
    await this.users('1.0.0');
    const release = await this.becomes('1.1.0', ({ status }) => status !== 'submitted');
    this.judge('and has one ticket', release.status === 'rolledBack' && tickets(release) === 1, release);
  }

  /** The net under a machine that is not ours. */
  private async stopped(submission: SubmitBody): Promise<void> {
    const running = await this.path.start(submission);
    await this.becomes(
      '1.2.0',
      ({ environments }) => environments?.some(({ environment, state }) => environment === 'Production' && state === 'shifting') === true,
    );
    await this.path.stop(running);
    const release = await this.becomes('1.2.0', ({ status, audit }) => status !== 'submitted' && audit.some(({ what }) => what === 'TicketRaised'));
    this.judge('a machine that is stopped has its traffic taken back, with one ticket', release.status !== 'live' && tickets(release) === 1, release);
    await this.users('1.0.0');
    const repeated = await this.path.run(submission);
    this.judge('what was rolled back does not go live again by itself', repeated.error === 'NotLive' && /the ticket/.test(repeated.cause ?? ''), repeated);
    const next = await this.path.run({ ...submission, again: true });
    this.judge('the environment is free: the same version goes live where that is said', next.status === 'SUCCEEDED', next);
    await this.users('1.2.0');
  }

  /** What users get, as long as it takes until everybody gets this one. */
  private async users(version: string): Promise<void> {
    const ask = async () => (await fetch(`${this.url}/bookings`)).headers.get('x-service-version');
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    this.judge(
      `users get ${version}`,
      answers.every((answer) => answer === version),
      answers,
    );
  }

  private becomes(version: string, isSo: (release: ReleaseView) => boolean): Promise<ReleaseView> {
    return until(() => this.people.say('ChangeAuthority', ['show', version]), isSo);
  }

  private judge(what: string, good: boolean, evidence: object): void {
    this.integ.judge(`${TITLE}: ${what}`, good, JSON.stringify(evidence));
  }
}

const wentBack = ({ error, cause = '' }: DescribeExecutionCommandOutput) =>
  error === 'NotLive' && /the release in Production: rolledBack, and the ticket/.test(cause);
const tickets = ({ audit = [] }: ReleaseView) => audit.filter(({ what }) => what === 'TicketRaised').length;
