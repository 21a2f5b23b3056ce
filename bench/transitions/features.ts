import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';

import type { Construct } from 'constructs';
import {
  Concurrency,
  type EnvironmentProps,
  EnvironmentTest,
  FargateWorkload,
  Firebreak,
  GoNoGo,
  HealthGate,
  Inconclusive,
  type ISharedState,
  Party,
  type PathToLiveProps,
  PlannedOutage,
  RollBackTarget,
  ServiceImage,
  type SharedStateConfig,
  TrafficStrategy,
} from '../../lib';

/** What a path may have beyond the plainest one, and what a release then comes through. */
export interface Feature {
  readonly name: string;
  readonly environment?: Partial<EnvironmentProps>;
  readonly path?: Partial<PathToLiveProps>;
  /** A second one behind the first, alike. */
  readonly second?: 'environment' | 'wave';
  /** States that a release comes to only where it needs what they are for: here it does. */
  readonly needs?: RegExp;
  /** They are in an execution of their own of the environment's machine, when the release is live. */
  readonly later?: true;
}

class Orders implements ISharedState {
  bind(scope: Construct): SharedStateConfig {
    return { values: { TableName: new TableV2(scope, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } }).tableName } };
  }
}

const reason = 'nobody is asked where transitions are counted';
const bakeTime = Duration.minutes(5);
const test = EnvironmentTest.http('/health');
const party = Party.of('Service management', { members: ['arn:aws:iam::111111111111:role/ServiceManager'] });
const asked = GoNoGo.by(party);
const sharedState = new Orders();
const plannedOutage = PlannedOutage.allowed({ reason: 'transitions are counted', longest: Duration.hours(1) });

/** The plainest environment: a test, and all of the users at once. */
export const PLAIN: Omit<EnvironmentProps, 'env'> = {
  tests: [test],
  firebreak: Firebreak.none({ reason }),
  goNoGo: GoNoGo.none({ reason }),
  healthGates: [HealthGate.http('/health')],
  traffic: TrafficStrategy.allAtOnce({ bakeTime }),
};

const tasks = new FargateWorkload({ image: ServiceImage.fromAsset(join(__dirname, '..', '..', 'examples', 'fargate-service', 'service')) });
const step = (more: object = {}) => ({ percent: 100, bakeTime, ...more });

/** Each beside {@link PLAIN}. */
export const FEATURES: readonly Feature[] = [
  { name: 'a further test', environment: { tests: [test, EnvironmentTest.http('/ready')] } },
  { name: 'a further health gate', environment: { healthGates: [HealthGate.http('/health'), HealthGate.http('/ready')] } },
  { name: 'a firebreak', environment: { firebreak: Firebreak.parties([party]) } },
  { name: 'a go/no-go', environment: { goNoGo: asked } },
  { name: 'a further step of traffic', environment: { traffic: TrafficStrategy.canary({ steps: [50], bakeTime }) } },
  { name: 'a pause for a person after a step', environment: { traffic: TrafficStrategy.steps([step({ pauseFor: asked })]) } },
  { name: 'a test beside a bake', environment: { traffic: TrafficStrategy.steps([step({ tests: [test] })]) } },
  { name: 'a question about what is inconclusive', environment: { inconclusive: Inconclusive.ask(asked) } },
  { name: '… when it is asked', environment: { inconclusive: Inconclusive.ask(asked) }, needs: /^Ask about .* inconclusive/ },
  { name: 'slots with a capacity, lowered when they are idle', environment: { workload: tasks, warmFor: Duration.hours(1) } },
  { name: 'a roll-back target that is asked for', environment: { rollBackTarget: RollBackTarget.ask(asked) } },
  { name: 'releases that wait for their turn', path: { concurrency: Concurrency.queue({ longest: Duration.hours(8) }) } },
  { name: '… when one has to', path: { concurrency: Concurrency.queue({ longest: Duration.hours(8) }) }, needs: /^Wait for the turn/ },
  { name: 'shared state', path: { sharedState } },
  { name: '… and a migration that is brought', path: { sharedState }, needs: /^Migrate the shared state of \w+$/ },
  { name: '… and a contract, later', path: { sharedState }, needs: /^Begin the contract/, later: true },
  { name: 'outages that may be planned', environment: { plannedOutage }, path: { sharedState } },
  { name: '… and one that a release needs', environment: { plannedOutage }, path: { sharedState }, needs: /^Begin the outage/ },
  { name: 'a second environment alike', second: 'environment' },
  { name: '… and both are waves of one', second: 'wave' },
];
