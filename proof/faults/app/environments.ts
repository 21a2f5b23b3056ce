import { Duration, type Environment as Env } from 'aws-cdk-lib';
import { Environment, EnvironmentTest, Firebreak, GoNoGo, HealthAlarm, HealthGate, Party, PlannedOutage, Resumes, TrafficStrategy } from '../../../lib';
import { ACCOUNT } from '../../../rehearsal/emulator/environment';
import { authorityOf, ordersOf, PLACES, type PlaceName } from '../names';

/** The first of two steps; the second is all of the traffic. */
const FIRST_PERCENT = 50;
const BAKE_TIME = Duration.seconds(2);

/** What every environment here has. */
function common(place: PlaceName, env: Env) {
  const party = Party.of('Change authority', { members: [`arn:aws:iam::${ACCOUNT}:role/${authorityOf(PLACES[place])}`] });
  return {
    party,
    props: {
      env,
      tests: [EnvironmentTest.http('/health')],
      healthGates: [HealthGate.alarms([HealthAlarm.serverErrors(), HealthAlarm.fromAlarmName(ordersOf(PLACES[place]).alarm)]), HealthGate.http('/health')],
      goNoGo: GoNoGo.by(party),
    },
  };
}

export const ENVIRONMENTS: Readonly<Record<PlaceName, (env: Env) => Environment>> = {
  Live: (env) =>
    new Environment('Live', {
      ...common('Live', env).props,
      firebreak: Firebreak.none({ reason: 'the go/no-go asks, too, and the firebreak is what the other path has' }),
      traffic: TrafficStrategy.canary({ steps: [FIRST_PERCENT], bakeTime: BAKE_TIME }),
    }),
  Shop: (env) => {
    const { party, props } = common('Shop', env);
    return new Environment('Shop', {
      ...props,
      firebreak: Firebreak.parties([party], { resumes: Resumes.automatically() }),
      traffic: TrafficStrategy.steps([
        { percent: FIRST_PERCENT, bakeTime: BAKE_TIME, pauseFor: GoNoGo.by(party) },
        { percent: 100, bakeTime: BAKE_TIME },
      ]),
      plannedOutage: PlannedOutage.allowed({ reason: 'whoever shops here was told', longest: Duration.minutes(30), says: 'Back at noon.' }),
    });
  },
};
