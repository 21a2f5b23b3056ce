/**
 * The ports on AWS. Each is made by a function of its own, and a task names the ones it needs:
 *
 * ```ts
 * export const handler = task(enter, { ledger, bundles, frontDoors });
 * ```
 *
 * What a task does not name is not in its bundle, SDK client included. Clock, log, unique names and the time left every task has.
 */
import { randomUUID } from 'node:crypto';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { AlbLiveRule } from '../adapters/alb-live-rule';
import { AlbTargets } from '../adapters/alb-targets';
import { AutoScalingCapacity } from '../adapters/auto-scaling-capacity';
import { CapacityByKind } from '../adapters/capacity-by-kind';
import { CapacityKeeper } from '../adapters/capacity-keeper';
import { CloudFormationSlots } from '../adapters/cloudformation-slots';
import { CloudWatchAlarms } from '../adapters/cloudwatch-alarms';
import { CloudWatchHealth } from '../adapters/cloudwatch-health';
import { CloudWatchMetrics } from '../adapters/cloudwatch-metrics';
import { CodeBuildMigrations } from '../adapters/codebuild-migrations';
import { DynamoLedger } from '../adapters/dynamo-ledger';
import { EcsCapacity } from '../adapters/ecs-capacity';
import { EcsMigrations } from '../adapters/ecs-migrations';
import { EventBridgeBus } from '../adapters/eventbridge-bus';
import { LambdaMigrations } from '../adapters/lambda-migrations';
import { LambdaTests } from '../adapters/lambda-tests';
import { MigrationsByKind } from '../adapters/migrations-by-kind';
import { RepairFunctions } from '../adapters/repair-functions';
import { S3Bundles } from '../adapters/s3-bundles';
import { S3Templates } from '../adapters/s3-templates';
import { SfnMachines, SfnTokens } from '../adapters/sfn-machines';
import { SsmFrontDoors } from '../adapters/ssm-front-doors';
import { SsmPlans } from '../adapters/ssm-plans';
import { SystemClock } from '../adapters/system-clock';
import { TrafficWriter } from '../adapters/traffic-writer';
import { ENV, type EndInput, type RaiseRequest, type RollBackRequest, type RollBackWaveInput, WRITER_TIMEOUT_SECONDS } from '../contract';
import type {
  Alarms,
  Bundles,
  Bus,
  Capacity,
  FrontDoors,
  Health,
  Ledger,
  LiveRule,
  Machines,
  Metrics,
  Migrations,
  Plans,
  Repairs,
  Slots,
  Targets,
  Templates,
  Tests,
} from '../domain/ports';
import { inEnvironment, patience } from './environment-clients';
import { jsonLog, remainingMilliseconds, required } from './task';

export { task } from './task';

const clock = new SystemClock();

export function ledger(): Ledger {
  const destinations = { machines: new SfnTokens(new SFNClient(patience())), bus: bus() };
  return new DynamoLedger(new DynamoDBClient(patience()), required(ENV.table), { destinations, clock, log: jsonLog(), uniqueName: randomUUID });
}

export function plans(): Plans {
  return new SsmPlans(new SSMClient(patience()), required(ENV.planPrefix));
}

export function liveRule(): LiveRule {
  const frontDoorsOfTheOperator = new SsmFrontDoors(inEnvironment('operator', SSMClient), clock);
  return new AlbLiveRule(inEnvironment('operator', ElasticLoadBalancingV2Client), frontDoorsOfTheOperator);
}

export function slots(): Slots {
  return new CloudFormationSlots(inEnvironment('deploy', CloudFormationClient), clock, remainingMilliseconds);
}

export function alarms(): Alarms {
  return new CloudWatchAlarms(inEnvironment('observer', CloudWatchClient), clock);
}

export function health(): Health {
  return new CloudWatchHealth(inEnvironment('observer', CloudWatchClient), frontDoors(), clock);
}

export function metrics(): Metrics {
  return new CloudWatchMetrics(inEnvironment('observer', CloudWatchClient), frontDoors(), clock);
}

export function targets(): Targets {
  return new AlbTargets(inEnvironment('observer', ElasticLoadBalancingV2Client), frontDoors());
}

export function tests(): Tests {
  const lambda = inEnvironment('observer', LambdaClient);
  return new LambdaTests((plan, seconds) => lambda(plan, { ...patience(seconds), maxAttempts: 1 }));
}

export function migrations(): Migrations {
  const lambda = inEnvironment('migrate', LambdaClient);
  return new MigrationsByKind(
    new LambdaMigrations((plan, seconds) => lambda(plan, { ...patience(seconds), maxAttempts: 1 })),
    new EcsMigrations(inEnvironment('migrate', ECSClient)),
    new CodeBuildMigrations(inEnvironment('migrate', CodeBuildClient)),
  );
}

export function frontDoors(): FrontDoors {
  return new SsmFrontDoors(inEnvironment('observer', SSMClient), clock);
}

export function bundles(): Bundles {
  const s3 = inEnvironment('observer', S3Client);
  return new S3Bundles((plan, region) => s3(plan, { region }));
}

export function templates(): Templates {
  const s3 = inEnvironment('observer', S3Client);
  return new S3Templates((plan, region) => s3(plan, { region }));
}

export function machines(): Machines {
  const pathMachine = required(ENV.pathMachine);
  const askWriter = (request: RollBackRequest | EndInput | RollBackWaveInput) => {
    // Gives up before its own time is up, to say so; and asks once, for the writer may be at work already.
    const seconds = Math.min(WRITER_TIMEOUT_SECONDS + 5, remainingMilliseconds() / 1_000 - 2);
    return new TrafficWriter(new LambdaClient({ ...patience(seconds), maxAttempts: 1 }), required(ENV.trafficFunction)).rollBack(request);
  };
  const askKeeper = (request: RaiseRequest) => new CapacityKeeper(new LambdaClient(patience()), required(ENV.capacityFunction)).raise(request);
  return new SfnMachines(
    new SFNClient(patience()),
    pathMachine,
    askWriter,
    askKeeper,
    () => required(ENV.retireMachine),
    () => required(ENV.environmentMachines),
  );
}

export function repairs(): Repairs {
  // The API answers within 30 seconds or not at all, and the writer may wait for another one.
  return new RepairFunctions(new LambdaClient({ ...patience(25), maxAttempts: 1 }), required(ENV.trafficFunction), required(ENV.slotsFunction));
}

export function capacity(): Capacity {
  return new CapacityByKind(new EcsCapacity(inEnvironment('capacity', ECSClient)), new AutoScalingCapacity(inEnvironment('capacity', AutoScalingClient)));
}

export function bus(): Bus {
  return new EventBridgeBus(new EventBridgeClient(patience()), required(ENV.bus));
}
