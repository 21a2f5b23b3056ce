import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CONTRACT_VERSION, type EnvironmentPlan } from '../../lambda/contract';
import { PathNames } from '../private/names';
import { setPlace } from '../private/place';
import type { ISharedState } from '../shared-state/shared-state';
import type { IWorkload, WorkloadPlace } from '../workloads/workload';
import type { Concurrency } from './concurrency';
import type { Environment } from './environment';

/** What the slots of an environment run, and on what. */
export interface SlotContent {
  /** @default - what has no capacity to raise */
  readonly workload?: IWorkload;
  /** @default - none, so releases migrate nothing */
  readonly sharedState?: ISharedState;
  /** @default - a release that finds another one there stops */
  readonly concurrency?: Concurrency;
}

/**
 * Everything the hub has to know of an environment.
 *
 * @param scope in the hub's stack, which settles the partition
 * @param order place in the path, from 0
 * @param content without a workload its slots are taken to have no capacity to raise; without shared state releases migrate nothing
 */
export function planOf(
  scope: Construct,
  path: string,
  environment: Environment,
  order: number,
  { workload, sharedState, concurrency }: SlotContent = {},
): EnvironmentPlan {
  const names = new PathNames(path).environment(environment.name);
  const role = (resourceName: string) =>
    Stack.of(scope).formatArn({ service: 'iam', region: '', account: environment.account, resource: 'role', resourceName });
  return {
    contract: CONTRACT_VERSION,
    path,
    environment: environment.name,
    order,
    account: environment.account,
    region: environment.region,
    roles: {
      deploy: role(names.deployRole),
      operator: role(names.operatorRole),
      observer: role(names.observerRole),
      execution: role(names.executionRole),
      ...(workload?.permissions(placeOf(scope, path, environment))?.capacity && { capacity: role(names.capacityRole) }),
      ...(sharedState && { migrate: role(names.migrateRole) }),
    },
    frontDoorParameter: names.frontDoorParameter,
    probeFunction: names.probeFunction,
    slots: environment.colours.map(({ name }) => ({ colour: name, stackName: names.slotStack(name) })),
    tests: environment.tests.map((test) => test._bind()),
    firebreak: environment.firebreak?._bind(),
    goNoGo: environment.goNoGo?._bind(),
    steps: environment.traffic._bind(),
    gates: environment.healthGates.flatMap((gate) => gate._bind() ?? []),
    inconclusive: environment.inconclusive._bind(),
    stickySeconds: environment.stickySessions?.toSeconds(),
    warmForSeconds: environment.warmFor?.toSeconds(),
    earlyLifeSupportSeconds: environment.earlyLifeSupport?.toSeconds(),
    plannedOutage: environment.plannedOutage?._bind(),
    rollBackTarget: environment.rollBackTarget._bind(environment.name, environment),
    concurrency: concurrency?._bind(),
  };
}

/**
 * Where a workload goes, as far as it is known before any slot is.
 *
 * @param scope in a stack of the environment; shared values in that stack are the environment's from now on
 */
export function workloadPlaceOf(scope: Construct, path: string, environment: Environment): WorkloadPlace {
  const names = new PathNames(path).environment(environment.name);
  setPlace(Stack.of(scope), { names, isSlot: false, offersNetwork: environment.entrance._place.offersNetwork });
  return placeOf(scope, path, environment);
}

function placeOf(scope: Construct, path: string, environment: Environment): WorkloadPlace {
  const names = new PathNames(path).environment(environment.name);
  return {
    path,
    environment: environment.name,
    account: environment.account,
    region: environment.region,
    partition: Stack.of(scope).partition,
    generatedNamePrefixes: environment.colours.map(({ name }) => names.generatedNamePrefix(name)),
    slotStackNames: environment.colours.map(({ name }) => names.slotStack(name)),
    rolePath: names.slotRolePath,
  };
}
