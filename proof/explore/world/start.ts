import type { EnvironmentPlan } from '../../../lambda/contract';
import type { MigrationState, Release } from '../../../lambda/domain/model';
import { BEFORE_IT, type Breaks, bodyOf, broughtBy, FIRST, IN_WAVES, PLANS, RELEASES, targetGroupOf } from '../path';
import type { Bounds } from '../search/bounds';
import { NOW } from './essence';
import { alarmOf } from './ports';
import { arnOf, keyOf, type World } from './world';

/** What an exploration starts with. */
export function startOf({ fromNothing, breaks, waves, order }: Bounds): World {
  const started = fromNothing ? nothingReleased() : firstIsLive(breaks, waves ? IN_WAVES : PLANS);
  return new Map([...started, ...(waves ? [[keyOf.waves, true] as const] : []), ...(order ? [[keyOf.order, order] as const] : [])]);
}

/** Nothing was ever released. */
function nothingReleased(): World {
  return new Map();
}

/** One release is live in every environment, in the first slot, and the one before it is in the second. */
function firstIsLive(breaks: Breaks | undefined, plan: readonly EnvironmentPlan[]): World {
  const releases = [BEFORE_IT, FIRST].map((version): [string, unknown] => [keyOf.release(version), releaseOf(version, plan)]);
  return new Map(releases.concat(PLANS.flatMap(environmentOf), breaks ? broken(breaks) : []));
}

/** What the releases bring, and that Integration, whose users nobody minds, has had it. */
function broken(breaks: Breaks): [string, unknown][] {
  const done = broughtBy(RELEASES[0], breaks).map(({ name, content }): MigrationState => {
    const by = { release: 'somebody', execution: 'somebody', startedAt: NOW, endedAt: NOW, calls: 1 };
    return { kind: 'migration', revision: 1, environment: 'Integration', name, migration: 'breaking', content, status: 'finished', ...by };
  });
  return [[keyOf.breaks, breaks], ...done.map((state): [string, unknown] => [keyOf.item(state), state])];
}

function releaseOf(version: string, plan: readonly EnvironmentPlan[]): Release {
  const { digest, bundle } = bodyOf(version);
  return {
    kind: 'release',
    revision: 1,
    version,
    digest,
    bundle,
    seals: {},
    origin: 'major',
    changeClass: 'normal',
    changes: [],
    author: 'somebody',
    submittedAt: '',
    plan,
    attempt: 0,
    execution: arnOf(`${version}-0`, 'Payments-path'),
    status: 'live',
    reached: Object.fromEntries(PLANS.map(({ environment }) => [environment, 'live' as const])),
    evidence: {},
  };
}

function environmentOf({ environment, slots }: EnvironmentPlan): [string, unknown][] {
  const held = [FIRST, BEFORE_IT].map((version, index) => {
    const { colour, stackName } = slots[index] as EnvironmentPlan['slots'][number];
    return { colour, stackName, targetGroupArn: targetGroupOf(stackName), version, digest: bodyOf(version).digest };
  });
  const [live, previous] = held.map(({ colour, version, digest }) => ({ colour, version, digest }));
  const slot = ({ version, digest, targetGroupArn, colour }: (typeof held)[number]) => ({
    version,
    digest,
    targetGroupArn,
    alarms: [alarmOf(environment, colour)],
  });
  const state = {
    kind: 'environment',
    revision: 1,
    environment,
    live,
    previous,
    slots: Object.fromEntries(held.map((each) => [each.colour, slot(each)])),
    weights: { [live?.colour as string]: 100 },
  };
  return [
    [keyOf.environment(environment), state],
    [keyOf.rule(environment), { kind: 'slots', weights: { [held[0]?.targetGroupArn as string]: 100 } }],
    ...held.map(({ stackName, version, digest }): [string, unknown] => [keyOf.slot(stackName), { version, digest }]),
    [keyOf.memory(environment), { lived: held.map(({ version, digest }) => `${version} ${digest}`), takenOut: [], alarmed: [], unclear: [] }],
  ];
}
