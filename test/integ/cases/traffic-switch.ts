import type { Integ } from '../integ';

/** No deployment moves traffic, neither one that changes the switch nor one that fails and is rolled back. */
export async function trafficSwitch(integ: Integ): Promise<void> {
  const app = 'traffic-switch';
  await integ.assertions('a new switch answers 503, and a release can set 10/90', app, 2, { phase: 'made' });
  await integ.assertions('deploying the switch again at 10/90 keeps 10/90', app, 1, { phase: 'again' });
  const failing = await integ.deploy(app, ['IntegTrafficSwitch'], { phase: 'failing' });
  integ.judge(
    'an update that fails half way is rolled back',
    'failure' in failing && /UPDATE_ROLLBACK_COMPLETE|rolled back|roll ?back/i.test(failing.failure),
    JSON.stringify(failing),
  );
  await integ.assertions('the failed and rolled-back update at 10/90 keeps 10/90', app, 1, { phase: 'after' });
}
