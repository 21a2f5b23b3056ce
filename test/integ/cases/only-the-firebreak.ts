import type { ReleaseView } from '../../../lambda/contract';
import { compiled } from '../compiled';
import { Executions, until } from '../executions';
import type { Integ } from '../integ';
import { People, rolesWith } from '../people';
import { FIREBREAK_EXCUSES } from '../pieces-excuses';
import { judgeRights } from '../rights';

/** The example that a team copies, deployed as it is: only the identifiers are another team's. */
const EXAMPLE = `node ${compiled('examples/only-the-firebreak/only-the-firebreak.ts')}`;
const TITLE = 'only the firebreak';
/** Until nobody waits any more, where that is what is seen. */
const SHORT_SECONDS = 10;

/** A team's own pipeline waits for people, who decide by curl; what they decided is data that the pipeline branches on. */
export async function onlyTheFirebreak(integ: Integ): Promise<void> {
  const team = await integ.deploy('firebreak-team', ['FirebreakTeam']);
  if ('failure' in team) return integ.judge(`${TITLE}: what the team has is there`, false, team.failure);
  const given = team.outputs.FirebreakTeam ?? {};
  const deploy = (more: Readonly<Record<string, string>> = {}) => integ.deployApp(EXAMPLE, ['--all'], { ...given, ...more });
  const deployed = await deploy();
  if ('failure' in deployed) return integ.judge(`${TITLE}: the example is deployed`, false, deployed.failure);
  const { PipelineMachine = '', ApiUrl = '' } = deployed.outputs.InvoicesPipeline ?? {};
  const deciding = new Deciding(
    integ,
    new Executions(integ, PipelineMachine),
    await People.gather(integ, { path: 'Invoices', apiUrl: ApiUrl, policies: POLICIES }),
  );
  await deciding.accepted();
  await deciding.refused();
  await deciding.onceMore();
  await deciding.stopped();
  const short = await deploy({ timeoutSeconds: String(SHORT_SECONDS) });
  if ('failure' in short) return integ.judge(`${TITLE}: the example is deployed with a short time`, false, short.failure);
  await deciding.timedOut();
  await judgeRights(integ, TITLE, { people: rolesWith('Invoices', POLICIES), excuses: FIREBREAK_EXCUSES });
}

/** Who may do what is their roles' policies, which the hub made. */
const POLICIES = { ProductOwner: 'decide', SecurityOfficer: 'decide', ReleaseManager: 'manage', Passenger: 'read' } as const;
type Name = keyof typeof POLICIES;

class Deciding {
  constructor(
    private readonly integ: Integ,
    private readonly pipeline: Executions,
    private readonly people: People<Name>,
  ) {}

  async accepted(): Promise<void> {
    const running = await this.waiting('1.0.0');
    const waits = await this.people.say('Passenger', ['list']);
    this.judge(
      'everybody who may look sees what waits',
      JSON.stringify(waits).includes('waits at the firebreak in front of Production for Product and Security'),
      waits,
    );
    const stranger = await this.people.say('Passenger', ['accept', '1.0.0', 'why not']);
    this.judge('who may only look cannot decide', /Forbidden|not authorized|denied/i.test(stranger.message), stranger);
    const manager = await this.people.say('ReleaseManager', ['resume', '1.0.0']);
    this.judge('nobody resumes before every party has accepted', manager.code === 'NotAllAccepted', manager);
    const other = await this.people.say('ProductOwner', ['accept', '1.0.0', 'tested'], { DIGEST: 'digest-of-another' });
    this.judge('an acceptance of another digest is refused', other.code === 'OtherDigest', other);
    const product = await this.people.say('ProductOwner', ['accept', '1.0.0', 'tested']);
    const by = product.gates?.[0]?.parties.find(({ name }) => name === 'Product')?.by;
    this.judge('Product accepts by curl, and who it was comes from the signature', by?.includes('assumed-role/ProductOwner/') === true, product);
    await this.people.say('SecurityOfficer', ['accept', '1.0.0', 'scanned']);
    const resumed = await this.people.say('ReleaseManager', ['resume', '1.0.0']);
    this.judge('a release manager resumes it', resumed.gates?.[0]?.status === 'passed', resumed);
    const ended = await this.pipeline.ended(running);
    this.judge('accepted: the pipeline deploys', ended.status === 'SUCCEEDED' && /"deployed": ?"1.0.0"/.test(ended.output ?? ''), ended);
    const release = await this.becomes('1.0.0', ({ status }) => status === 'live');
    this.judge('and the ledger knows that it is over', release.status === 'live', release);
  }

  async refused(): Promise<void> {
    const running = await this.waiting('1.1.0');
    await this.people.say('SecurityOfficer', ['refuse', '1.1.0', 'CVE-2026-1']);
    const ended = await this.pipeline.ended(running);
    this.judge('refused: the pipeline ends by its own branch, and says why', ended.error === 'Refused' && /CVE-2026-1/.test(ended.cause ?? ''), ended);
    const release = await this.becomes('1.1.0', ({ status }) => status === 'stopped');
    this.judge('and it has one ticket', release.audit.filter(({ what }) => what === 'TicketRaised').length === 1, release);
    const changed = await this.pipeline.run({ version: '1.1.0', digest: 'digest-of-the-repair' });
    this.judge('another content under the same version is refused at once', changed.error === 'Refused' && /never changes/.test(changed.cause ?? ''), changed);
  }

  /** The same version comes by again while it waits. */
  async onceMore(): Promise<void> {
    const first = await this.waiting('1.2.0');
    const second = await this.waiting('1.2.0');
    const ended = await this.pipeline.ended(first);
    this.judge(
      'an earlier execution of the same version is told that another has come',
      ended.error === 'Refused' && (ended.cause ?? '').includes(second),
      ended,
    );
    await this.people.say('ReleaseManager', ['abort', '1.2.0', 'not today']);
    const aborted = await this.pipeline.ended(second);
    this.judge('an abort is a refusal', aborted.error === 'Refused' && /not today/.test(aborted.cause ?? ''), aborted);
  }

  async stopped(): Promise<void> {
    await this.pipeline.stop(await this.waiting('1.3.0'));
    const release = await this.becomes('1.3.0', ({ status }) => status === 'stopped');
    this.judge('a pipeline that is stopped leaves no open firebreak', release.gates?.[0]?.status === 'void' && release.activity === 'finished', release);
    const late = await this.people.say('ProductOwner', ['accept', '1.3.0', 'too late']);
    this.judge('and nobody decides there any more', late.code === 'NotOpen', late);
  }

  async timedOut(): Promise<void> {
    const ended = await this.pipeline.ended(await this.waiting('1.4.0'));
    this.judge('timed out: the pipeline ends by its own branch', ended.error === 'TimedOut', ended);
    const release = await this.becomes('1.4.0', ({ status }) => status === 'stopped');
    this.judge('and the firebreak has expired', release.gates?.[0]?.status === 'expired', release);
  }

  /** Starts a version, and looks until people are asked by that execution. */
  private async waiting(version: string): Promise<string> {
    const execution = await this.pipeline.start({ version, digest: `digest-of-${version}` });
    await this.becomes(version, (release) => release.execution === execution && release.activity === 'waitingForPeople');
    return execution;
  }

  private becomes(version: string, isSo: (release: ReleaseView) => boolean): Promise<ReleaseView> {
    return until(() => this.people.say('Passenger', ['show', version]), isSo);
  }

  private judge(what: string, good: boolean, evidence: object): void {
    this.integ.judge(`${TITLE}: ${what}`, good, JSON.stringify(evidence));
  }
}
