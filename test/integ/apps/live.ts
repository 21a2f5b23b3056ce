import { Duration } from 'aws-cdk-lib';
import { Environment, EnvironmentTest, Firebreak, GoNoGo, HealthGate, TrafficStrategy } from '../../../lib';

export const env = { account: process.env.CDK_DEFAULT_ACCOUNT as string, region: process.env.CDK_DEFAULT_REGION as string };

/** The only environment of a path: half of the users, then all, and nobody is asked. */
export function live(warmFor?: Duration): Environment {
  return new Environment('Live', {
    env,
    tests: [EnvironmentTest.http('/health')],
    healthGates: [HealthGate.http('/health')],
    firebreak: Firebreak.none({ reason: 'nobody is asked in this integration test' }),
    goNoGo: GoNoGo.none({ reason: 'nobody is asked in this integration test' }),
    traffic: TrafficStrategy.canary({ steps: [50], bakeTime: Duration.seconds(2) }),
    warmFor,
  });
}
