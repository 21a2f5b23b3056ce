import type { EnvironmentPlan } from '../../../lambda/contract';
import { PARTIES, role } from '../../../test/lambda/example-gate';
import { examplePlan } from '../../../test/lambda/example-path';
import { type Compiler, type Definition, type Definitions, read } from '../../machines/definition';
import { compile } from '../../machines/expression';

/** A path to live that releases are simulated on: its plans, and the real definitions of its machines. */
export interface Path {
  readonly name: string;
  readonly plans: readonly EnvironmentPlan[];
  readonly definitions: ReadonlyMap<string, Definition>;
  /** What every live rule did before any release: `503`, or a target group. */
  readonly original: string;
}

const [SERVICE_MANAGEMENT, PRODUCT] = PARTIES as [(typeof PARTIES)[0], (typeof PARTIES)[0]];
const firebreak = {
  parties: [SERVICE_MANAGEMENT, PRODUCT],
  when: ['altersSchema'],
  resumes: 'byReleaseManager' as const,
  releaseManagers: [role('ReleaseManager')],
  timeoutSeconds: 86_400,
};
const goNoGo = { party: { name: 'change authority', members: [role('ChangeAuthority')] }, timeoutSeconds: 7_200 };
const at = (...percents: readonly number[]) => percents.map((percent) => ({ percent, bakeSeconds: 300 }));
const waves = (...plans: readonly EnvironmentPlan[]) =>
  plans.map((plan, place) => ({ ...plan, order: place, wave: { of: 'Production', place, waves: plans.length } }));
const gates = [{ kind: 'alarms' as const, minimumRequests: 10 }];

function spareSlot(environment: string, given: Partial<EnvironmentPlan>): EnvironmentPlan {
  const slots = ['Blue', 'Green', 'Amber'].map((name) => ({ colour: name.toLowerCase(), stackName: `Payments-${environment}-${name}` }));
  return examplePlan(environment, { slots, ...given });
}

/** Where a release finds another, it waits for its turn. */
function inTurn(kind: 'queue' | 'newestWins'): readonly EnvironmentPlan[] {
  const concurrency = { kind, longestSeconds: 21_600 };
  const before = kind === 'queue' ? ['Integration', 'Preproduction'] : ['Integration'];
  const last = examplePlan('Production', { concurrency, goNoGo, steps: at(50, 100), gates });
  return [...before.map((environment) => examplePlan(environment, { concurrency, steps: at(100), gates })), last];
}

/** Releases may break what the live version needs: then a firebreak is on that is for nothing else here. */
function breakable(environment: string): EnvironmentPlan {
  const { roles } = examplePlan(environment);
  const plannedOutage = { longestSeconds: 1_800, says: 'back at noon' };
  const asked = { ...firebreak, when: ['needsManualTest'] };
  const migrates = { ...roles, migrate: role(`Payments-${environment}-migrate`) };
  return examplePlan(environment, { roles: migrates, plannedOutage, firebreak: asked, goNoGo, steps: at(50, 100), gates });
}

function withCapacity(plan: EnvironmentPlan): EnvironmentPlan {
  const name = `arn:aws:iam::${plan.account}:role/Payments-${plan.environment}`;
  return { ...plan, roles: { ...plan.roles, capacity: `${name}-capacity`, migrate: `${name}-migrate` }, warmForSeconds: 3_600 };
}

/** Ways a path can be, each with what the others lack. */
export const PATHS: readonly Omit<Path, 'definitions'>[] = [
  { name: 'one environment, all at once', original: '503', plans: [examplePlan('Production', { steps: at(100), gates })] },
  {
    name: 'firebreak, go/no-go and a canary',
    original: '503',
    plans: [examplePlan('Integration', { steps: at(100), gates }), examplePlan('Production', { firebreak, goNoGo, steps: at(10, 50, 100), gates })],
  },
  {
    name: 'a spare slot, two tests, one more beside a bake, two gates',
    original: '503',
    plans: [
      spareSlot('Production', {
        firebreak: { ...firebreak, when: [], resumes: 'automatically', releaseManagers: [] },
        tests: [
          { kind: 'http', name: 'health', path: '/health', expectStatus: 200, timeoutSeconds: 10 },
          { kind: 'lambda', name: 'load', functionArn: 'arn:aws:lambda:eu-west-2:222222222222:function:load', timeoutSeconds: 60 },
        ],
        gates: [...gates, { kind: 'http', path: '/ready', expectStatus: 200, timeoutSeconds: 5 }],
        steps: [
          { percent: 50, bakeSeconds: 300, tests: [{ kind: 'http', name: 'orders', path: '/orders', expectStatus: 200, timeoutSeconds: 60 }] },
          { percent: 100, bakeSeconds: 0 },
        ],
      }),
    ],
  },
  {
    name: 'a listener that served before',
    original: 'arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/before/1',
    plans: [examplePlan('Production', { goNoGo, steps: at(20, 100), gates })],
  },
  {
    name: 'capacity and migrations',
    original: '503',
    plans: [withCapacity(examplePlan('Production', { steps: at(50, 100), gates }))],
  },
  {
    name: 'a pause, and questions about what is inconclusive',
    original: '503',
    plans: [examplePlan('Production', { inconclusive: goNoGo, steps: [{ percent: 20, bakeSeconds: 300, pause: goNoGo }, ...at(100)], gates })],
  },
  {
    name: 'waves',
    original: '503',
    plans: waves(
      examplePlan('London', { firebreak, steps: at(100), gates }),
      examplePlan('Dublin', { goNoGo, steps: at(50, 100), gates }),
      examplePlan('Paris', { steps: at(100), gates }),
    ),
  },
  { name: 'planned outages', original: '503', plans: [breakable('Production')] },
  { name: 'a queue', original: '503', plans: inTurn('queue') },
  { name: 'the newest wins', original: '503', plans: inTurn('newestWins') },
];

/** What {@link PATHS} are synthesized to: machines by name, by the name of the path. */
export type Synthesized = Readonly<Record<string, Definitions>>;

/** Every path that is synthesized, with its machines compiled. @param compiler another one than ours, for a comparison */
export function pathsOf(synthesized: Synthesized, compiler: Compiler = compile): Path[] {
  return PATHS.flatMap((path) => {
    const machines = Object.entries(synthesized[path.name] ?? {});
    return machines.length === 0 ? [] : [{ ...path, definitions: new Map(machines.map(([name, json]) => [name, read(json, compiler)])) }];
  });
}
