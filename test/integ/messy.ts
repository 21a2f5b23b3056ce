import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import type { HubApi } from '../../cli/hub/hub-api';
import { doctorReport } from '../../cli/report/doctor-report';
import { statusReport } from '../../cli/report/status-report';
import type { TicketView } from '../../lambda/contract';
import { until } from './executions';
import { hubOf } from './hub';
import type { Integ, Ran } from './integ';

const HEALTHY = /Everything is as it must be/;
/** Wide enough for a sentence to be in one line. */
const COLUMNS = 1_000;

export interface MessyProps {
  /** What is judged begins with it. */
  readonly title: string;
  readonly path: string;
  /**
   * Which of its environments gets into messes.
   *
   * @default Production
   */
  readonly environment?: string;
  /** What a user asks for. */
  readonly url: string;
  /**
   * What `ptl recover` is run with.
   *
   * @default - by who may do anything
   */
  readonly manager?: NodeJS.ProcessEnv;
}

/** What a rule of the hub's is for: the safety net hears of machines that have died by it. */
export const SAFETY_NET = 'A workflow of the path to live ended without an outcome';

/** An environment that gets into messes, and how it is looked at: what `ptl doctor`, `ptl status` and `ptl tickets` would say, asked without starting them, and what users get. */
export class Messy {
  private readonly events: EventBridgeClient;
  private readonly environment: string;
  private hub?: Promise<HubApi>;

  constructor(
    private readonly integ: Integ,
    private readonly props: MessyProps,
  ) {
    this.events = new EventBridgeClient(integ.emulator.client);
    this.environment = props.environment ?? 'Production';
  }

  /** @param kinds several where one mess is found as several */
  async finds(kinds: string, said: string): Promise<void> {
    const isIt = (report: string) => {
      const found = [...report.matchAll(/^(?:[A-Z]\w*|The hub): (\w+)$/gm)].map(([, kind]) => kind);
      return found.join(' and ') === kinds && report.includes(said);
    };
    const report = await until(() => this.doctor(this.environment), isIt);
    this.judge(`ptl doctor finds ${kinds}, and nothing else`, isIt(report), report);
  }

  async recovers(reason: string, did: string): Promise<void> {
    const { status, said } = await this.ptl(this.props.manager, 'recover', this.environment, '--reason', reason);
    this.judge(`ptl recover --reason "${reason}" puts it right`, status === 0 && HEALTHY.test(said) && said.replace(/\s+/g, ' ').includes(did), said);
  }

  async healthy(where: string, version: string): Promise<void> {
    const report = await until(
      () => this.doctor(),
      (said) => HEALTHY.test(said),
    );
    this.judge(`${this.environment} is as it must be ${where}`, HEALTHY.test(report), report);
    await this.users(where, version);
  }

  async users(where: string, version: string): Promise<void> {
    const answered = (await fetch(this.props.url)).headers.get('x-service-version');
    this.judge(`users get ${version} ${where}`, answered === version, String(answered));
  }

  /** What `ptl status` would say. */
  async status(): Promise<string> {
    return statusReport(await (await this.asked()).status(), COLUMNS).join('\n');
  }

  /** The newest first. */
  async tickets(): Promise<TicketView[]> {
    return (await this.asked()).tickets();
  }

  /** @param description of a rule of the hub's: what it is for */
  async whileOff(description: string, mess: () => Promise<void>): Promise<void> {
    const { Rules = [] } = await this.events.send(new ListRulesCommand({}));
    const { Name } = Rules.find((rule) => rule.Description === description && rule.Name?.startsWith(`${this.props.path}-Hub`)) ?? {};
    this.judge(`the rule is there that ${description.toLowerCase()}`, Name !== undefined, JSON.stringify(Rules));
    await this.events.send(new DisableRuleCommand({ Name }));
    try {
      await mess();
    } finally {
      await this.events.send(new EnableRuleCommand({ Name }));
    }
  }

  /** @param env of whoever types it */
  ptl(env: NodeJS.ProcessEnv | undefined, ...words: readonly string[]): Promise<Ran> {
    return this.integ.ptlAs(env ?? this.integ.env, ...words, '--path', this.props.path);
  }

  judge(what: string, good: boolean, evidence = ''): void {
    this.integ.judge(`${this.props.title}: ${what}`, good, evidence);
  }

  private async doctor(environment?: string): Promise<string> {
    return doctorReport(await (await this.asked()).doctor(environment), COLUMNS).join('\n');
  }

  private asked(): Promise<HubApi> {
    this.hub ??= hubOf(this.integ, this.props.path);
    return this.hub;
  }
}
