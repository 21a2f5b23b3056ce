import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { HubApi } from '../../cli/hub/hub-api';
import type { GateKind, GateView, ReleaseStatus, TicketView } from '../../lambda/contract';
import { until } from './executions';
import type { Integ } from './integ';
import type { Messy } from './messy';

export interface ReleasesProps {
  readonly messy: Messy;
  /** The app in `apps/`. */
  readonly app: string;
  readonly hub: HubApi;
  /** The hub, asked by whom the gates ask. */
  readonly party: HubApi;
}

/** Releases of a path whose only environment is Production: how they get into it, and where they are. */
export class Releases {
  constructor(
    private readonly integ: Integ,
    private readonly props: ReleasesProps,
  ) {}

  async submit(version: string, ...more: readonly string[]): Promise<void> {
    const { messy, app } = this.props;
    const { status, said } = await messy.ptl(undefined, 'release', version, '--until', 'submitted', '--app', this.integ.app(app), ...more);
    if (status !== 0) messy.judge(`${version} is submitted`, false, said);
  }

  /** When people are asked about it. @throws Error when they are not */
  async asks(version: string, kind: GateKind): Promise<GateView> {
    const isIt = ({ release, gate, status }: GateView) => release === version && gate === kind && status === 'open';
    const { openGates, releases } = await until(
      () => this.props.hub.status(),
      (status) => status.openGates.some(isIt),
    );
    const found = openGates.find(isIt);
    if (found) return found;
    throw new Error(`nobody is asked about ${version} (${kind}): ${JSON.stringify(releases.map(({ version: each, now }) => [each, now]))}`);
  }

  async accept(version: string, gate: GateKind): Promise<void> {
    const { environment, digest, percent } = await this.asks(version, gate);
    await this.props.party.decide(version, { environment, decision: 'accept', reason: 'seen', digest, gate, percent });
  }

  /** It has half of the users, and people are asked whether it goes on. */
  async pause(version: string): Promise<void> {
    await this.submit(version);
    await this.accept(version, 'goNoGo');
    await this.asks(version, 'pause');
  }

  /** All of the way. */
  async goLive(version: string): Promise<void> {
    await this.pause(version);
    await this.accept(version, 'pause');
    await this.areLive(version);
  }

  async areLive(version: string): Promise<void> {
    const { environments } = await until(
      () => this.props.hub.status(),
      ({ environments: [seen] }) => seen?.live?.version === version && seen.lockedBy !== version,
    );
    this.props.messy.judge(`${version} is live`, environments[0]?.live?.version === version, JSON.stringify(environments[0]));
  }

  /** Those, and no others, wait for their turn, in this order. */
  async wait(...versions: readonly string[]): Promise<void> {
    const waiting = await until(
      async () => (await this.props.hub.status()).environments[0]?.waiting?.map(({ release }) => release).join(),
      (seen) => seen === versions.join(),
    );
    this.props.messy.judge(`in the queue: ${versions.join(', then ')}`, waiting === versions.join(), waiting);
  }

  /** With one ticket, that says why. */
  async end(version: string, how: ReleaseStatus, why: RegExp): Promise<void> {
    const { messy, hub } = this.props;
    const { status, now } = await until(
      () => hub.release(version),
      (release) => release.status !== 'submitted',
    );
    messy.judge(`${version} has ended: ${how}`, status === how, now);
    const tickets = await this.ticketsOf(version);
    messy.judge('it has one ticket, that says why', tickets.length === 1 && why.test(tickets[0]?.actual ?? ''), JSON.stringify(tickets));
  }

  async ticketsOf(version: string): Promise<TicketView[]> {
    return (await this.props.messy.tickets()).filter(({ releases }) => releases.includes(version));
  }

  /** Stops the machine that takes it along its path, and with it what that has started. */
  async stopMachineOf(version: string): Promise<string> {
    const { execution } = await this.props.hub.release(version);
    await new SFNClient(this.integ.emulator.client).send(new StopExecutionCommand({ executionArn: execution }));
    return execution;
  }
}
