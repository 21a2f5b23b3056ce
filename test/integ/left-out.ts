import type { Story } from './cases/outage';
import { stopRunning, until } from './executions';
import type { Integ } from './integ';
import type { Messy } from './messy';

/** Users are told that there is maintenance, and nothing goes on: twice, and out of it by either way that docs/runbook.md has. */
export class LeftOut {
  private readonly messy: Messy;

  constructor(
    private readonly integ: Integ,
    private readonly story: Story,
  ) {
    this.messy = story.messy;
  }

  /** The machine is stopped by hand while the migration runs: the same version, submitted again, goes on. */
  async machineDies(): Promise<void> {
    const began = Date.now();
    const again = () => this.story.release('1.3.0', '--until', 'shadow', '--context', 'breaks=slow');
    await again();
    await this.story.accepts();
    await until(
      () => this.story.status(),
      ({ environments: [live] }) => live?.outage?.notUnderstoodBy !== undefined,
    );
    const stopped = await stopRunning(this.integ, 'Outage-Live');
    this.story.judge('its machine is stopped by hand', stopped === 1, String(stopped));
    await this.isLeft('1.3.0');
    const submitted = await again();
    const told = await this.story.seenOut();
    this.story.judge('the same version, submitted again, asks again, and users stay out meanwhile', /^503/.test(told), `${told}\n${submitted.said}`);
    const accepted = await this.story.accepts();
    const { environments } = await this.story.free();
    const isLive = environments[0]?.live?.version === '1.3.0' && environments[0].outage === undefined;
    this.story.judge('it goes on with the outage, and is live', isLive, `${submitted.said}\n${accepted.said}\n${JSON.stringify(environments)}`);
    await this.messy.healthy('with the version whose machine died', '1.3.0');
    this.took('an outage whose machine died', began);
  }

  /** The migration fails, and nothing takes it back: users are given the version before, because a person says so. */
  async migrationFails(before: string): Promise<void> {
    const began = Date.now();
    await this.story.release('1.6.0', '--until', 'shadow', '--context', 'breaks=stuck');
    await this.story.accepts();
    await this.isLeft('1.6.0');
    const back = await this.story.ask('roll-back', 'Live', '--reason', 'only an index is missing');
    this.story.judge('a roll back gives users the version before', back.status === 0, back.said);
    await this.messy.healthy('with the version before the outage', before);
    this.took('an outage whose migration failed', began);
  }

  /** By what the page says where to look. */
  private async isLeft(version: string): Promise<void> {
    await until(
      () => this.story.status(),
      ({ environments: [live] }) => live?.outage !== undefined && live.outage.until === undefined,
    );
    await this.messy.finds('outage', `for release ${version}`);
    const [told, status, [ticket]] = [await this.story.seenOut(), await this.messy.status(), await this.messy.tickets()];
    this.story.judge('users are told that there is maintenance', told === '503 Back at noon.', told);
    const isShown =
      status.includes(`Planned outage\n  Live: users have had no version since`) && /nothing ends it: submit a version .*; or give users/.test(status);
    this.story.judge('ptl status has them under Planned outage', isShown, status);
    const isTold = ticket?.releases.join() === version && /since the migration [a-z-]+ started at .*, and nothing took that back/.test(ticket.actual);
    this.story.judge('a ticket says which migration started, and that nothing took it back', isTold, JSON.stringify(ticket));
  }

  private took(what: string, began: number): void {
    console.log(`        ${what}: made and put right within ${Math.round((Date.now() - began) / 1000)} s`);
  }
}
