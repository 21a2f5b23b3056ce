import type { Story } from './cases/outage';
import type { Integ } from './integ';
import { ORDERS } from './orders';
import { Timeouts } from './timeouts';

/**
 * An alarm fires that the live version raises: the release that mends it stops, and goes live when it is declared to be one. The next one, which makes it worse,
 * goes back: what the alarm measures is held against what that was before.
 */
export async function fixedForward(integ: Integ, story: Story): Promise<void> {
  const began = Date.now();
  const submitted = await story.release('1.4.0', '--until', 'shadow');
  const timeouts = await Timeouts.count(integ, `${story.url}/pay`, { '1.4.0': 3, '1.5.0': 50 });
  try {
    await story.accepts();
    await story.free();
    const [ticket] = await story.messy.tickets();
    const isSaid = ticket?.actual.startsWith(`in ALARM already: ${ORDERS.alarm}: maximum of Timeouts: 5 `) === true && ticket.releases.join() === '1.4.0';
    story.judge(
      'a release stops where an alarm fires that the live version raises, and a ticket says so',
      isSaid,
      `${submitted.said}\n${JSON.stringify(ticket)}`,
    );
    await goesForward(story);
    await goesBack(story);
    story.judge('the alarm fires without a break meanwhile', await timeouts.isRaised(), '');
  } finally {
    await timeouts.stop();
  }
  console.log(`        fixed forward within ${Math.round((Date.now() - began) / 1000)} s`);
}

async function goesForward(story: Story): Promise<void> {
  const declared = await story.release('1.4.0', '--until', 'shadow', '--fix-forward', 'orders time out since 14:00, 1.4.0 asks the database less');
  const status = await story.messy.status();
  const isTold = status.includes(`${ORDERS.alarm} since`) && /unless it gets worse than 5\.5; it was 5\b/.test(status);
  story.judge('whoever decides is told which alarm fires, and from where on it counts', isTold, `${declared.said}\n${status}`);
  await story.accepts();
  const { environments } = await story.free();
  story.judge('the same version goes live as a fix-forward', environments[0]?.live?.version === '1.4.0', JSON.stringify(environments));
}

async function goesBack(story: Story): Promise<void> {
  const declared = await story.release('1.5.0', '--until', 'shadow', '--fix-forward', 'orders time out still');
  await story.accepts();
  const { environments } = await story.free();
  const told = await story.ask('status', '1.5.0');
  const isBack =
    /rolled back, live traffic is on 1\.4\.0/.test(flat(told.said)) && /50, was 5 before the fix-forward, allowed: at most 5\.5/.test(flat(told.said));
  const isLive = environments[0]?.live?.version === '1.4.0';
  story.judge('one that makes it worse goes back, and says what it was and is', isBack && isLive, `${declared.said}\n${told.said}`);
}

function flat(said: string): string {
  return said.replace(/\s+/g, ' ');
}
