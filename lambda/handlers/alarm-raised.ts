import type { SNSEvent } from 'aws-lambda';
import { decideAgain } from '../domain/commands/decide-again';
import { type AlarmNotice, endsBakeOf, noticeOf } from '../domain/health/alarm';
import { askedNow } from '../domain/health/asked-now';
import { shareOf } from '../domain/health/bake';
import { endBake } from '../domain/health/baking';
import type { Ports } from '../domain/ports';
import { endsLaterBake } from '../domain/waves/earlier-alarms';
import { ledger, plans, task } from './wiring';

/** Fails the bake that an alarm is about; the machine that waits rolls back. Every other notice is a line in the log. */
export function alarmRaised(ports: Ports) {
  return async (event: SNSEvent): Promise<void> => {
    for (const { Sns } of event.Records) {
      const notice = noticeOf(Sns.Message);
      if (!notice) ports.log.info('not an alarm', { topic: Sns.TopicArn });
      else if (notice.state !== 'ALARM') ports.log.info('no alarm any more', { alarm: notice.name, state: notice.state });
      else await endBakes(ports, notice);
    }
  };
}

async function endBakes(ports: Ports, notice: AlarmNotice): Promise<void> {
  const environments = await ports.plans.environments();
  const ended = await Promise.all(
    environments.map((plan) =>
      decideAgain(ports.clock, async () => {
        const state = await ports.ledger.environment(plan.environment);
        const { bake, lock } = state;
        const own = endsBakeOf(notice, plan, state) ? { alarm: notice.name, reason: notice.reason } : undefined;
        const firing = own ?? (await endsLaterBake(ports, notice, plan, state));
        if (!bake || !lock || !firing) return false;
        const asked = await askedNow(ports, state);
        await ports.ledger.commit(endBake({ ...state, bake, lock }, firing, ports.clock.now(), asked));
        ports.log.info('alarm ended a bake', {
          release: bake.release,
          environment: plan.environment,
          slot: bake.colour,
          percent: shareOf(state, bake),
          alarm: notice.name,
          measured: firing.reason,
        });
        return true;
      }),
    ),
  );
  if (!ended.includes(true)) ports.log.info('no release bakes under this alarm', { alarm: notice.name });
}

export const handler = task(alarmRaised, { ledger, plans });
