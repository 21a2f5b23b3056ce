/** The path to live that is explored, and its people. Small, and with everything a rule can be about. */
import type { BundleFile, EnvironmentPlan, SlotMigration, SlotPlan, SubmitBody } from '../../lambda/contract';
import { examplePlan } from '../../test/lambda/example-path';
import { exampleBody } from '../../test/lambda/submission-body';

/** Live everywhere at the start, and what was live before it. */
export const FIRST = '1.0.0';
export const BEFORE_IT = '0.9.0';
/** Submitted in this order: they are alike, so that the other order is the same exploration under other names. */
export const RELEASES = ['1.1.0', '1.2.0'] as const;

const role = (name: string) => `arn:aws:iam::111111111111:role/${name}`;
export const person = (name: string) => `arn:aws:sts::111111111111:assumed-role/${name}/service-manager`;

/** How the releases may change what the live version needs: by what can be taken back, or by what cannot. */
export type Breaks = 'undoable' | 'final';
const NAME = 'split-name';

/** What each release brings then: Integration has had it, Production has not. */
export function broughtBy(version: string, breaks: Breaks | undefined): SlotMigration[] {
  if (breaks === undefined || !RELEASES.some((each) => each === version)) return [];
  const runner = { kind: 'lambda', functionName: 'f', timeoutSeconds: 300 } as const;
  return [{ name: NAME, kind: 'breaking', content: breaks, runner, ...(breaks === 'undoable' && { undoable: true, undo: runner }) }];
}

/** The version whose template it is. */
export function versionOf(template: BundleFile): string {
  const [version = ''] = [...bodies].find(([, { bundle }]) => bundle.stacks.some((stack) => stack.template.key === template.key)) ?? [];
  return version;
}

/** Who speaks for which party, as the exploration knows it: the rules are not asked. */
export const PARTIES = {
  firebreak: { 'service management': 'OnCall', product: 'ProductOwner' },
  goNoGo: { 'change authority': 'ChangeAuthority' },
  pause: { 'change authority': 'ChangeAuthority' },
  inconclusive: { 'change authority': 'ChangeAuthority' },
  contract: {},
  rollBackTarget: {},
} as const;
export const RELEASE_MANAGER = 'ReleaseManager';
export const STRANGER = 'Stranger';

const parties = (who: Readonly<Record<string, string>>) => Object.entries(who).map(([name, member]) => ({ name, members: [role(member)] }));
const [changeAuthority] = parties(PARTIES.goNoGo);

/** Shared state that releases may break. */
const breakable = (environment: string) => ({
  roles: { ...examplePlan(environment).roles, migrate: role(`Payments-${environment}-migrate`) },
  plannedOutage: { longestSeconds: 1_800, says: 'back at noon' },
});

/**
 * Two environments: one with nothing but a test, and one with three slots, a firebreak of two parties, a go/no-go, and a canary of one step with a pause, where
 * people are asked when health gates are inconclusive.
 */
export const PLANS: readonly EnvironmentPlan[] = [
  examplePlan('Integration', { ...breakable('Integration'), order: 0, steps: [{ percent: 100, bakeSeconds: 300 }] }),
  examplePlan('Production', {
    ...breakable('Production'),
    order: 1,
    slots: ['Blue', 'Green', 'Red'].map((name) => ({ colour: name.toLowerCase(), stackName: `Payments-Production-${name}` })),
    firebreak: {
      parties: parties(PARTIES.firebreak),
      when: [],
      resumes: 'byReleaseManager',
      releaseManagers: [role(RELEASE_MANAGER)],
      timeoutSeconds: 3600,
    },
    goNoGo: { party: changeAuthority as NonNullable<typeof changeAuthority>, timeoutSeconds: 3600 },
    inconclusive: { party: changeAuthority as NonNullable<typeof changeAuthority>, timeoutSeconds: 3600 },
    steps: [
      { percent: 50, bakeSeconds: 300, pause: { party: changeAuthority as NonNullable<typeof changeAuthority>, timeoutSeconds: 3600 } },
      { percent: 100, bakeSeconds: 300 },
    ],
  }),
];

/** The same as waves of one. */
export const IN_WAVES: readonly EnvironmentPlan[] = PLANS.map((plan, place) => ({ ...plan, wave: { of: 'Everywhere', place, waves: PLANS.length } }));

/**
 * What becomes of a release that finds another in an environment: it waits for its turn, or takes the place of one that was submitted before it. `emergency`:
 * nobody waits, and the second release is one.
 */
export type Order = 'queue' | 'newestWins' | 'emergency';

const ordered = new Map<Order | undefined, readonly EnvironmentPlan[]>();

/** The same where releases wait for their turn. */
export function plansOf(order: Order | undefined, waves?: boolean): readonly EnvironmentPlan[] {
  if (order === undefined || order === 'emergency') return waves ? IN_WAVES : PLANS;
  const known = ordered.get(order) ?? PLANS.map((plan) => ({ ...plan, concurrency: { kind: order, longestSeconds: 3600 } }));
  ordered.set(order, known);
  return known;
}

export const ENVIRONMENTS = PLANS.map(({ environment }) => environment);

const bodies = new Map([BEFORE_IT, FIRST, ...RELEASES].map((version) => [version, exampleBody(version, PLANS)]));

/** What is submitted under a version. */
export function bodyOf(version: string, order?: Order): SubmitBody {
  const body = bodies.get(version) as SubmitBody;
  return order === 'emergency' && version === RELEASES[1] ? { ...body, emergency: 'users cannot pay' } : body;
}

/** What somebody submits by mistake under a version that has another content. */
export function otherBodyOf(version: string): SubmitBody {
  return { ...exampleBody('0.0.1', PLANS), version };
}

/** The slot of this colour. */
export function slotOf(environment: string, colour: string): SlotPlan {
  const found = PLANS.find((plan) => plan.environment === environment)?.slots.find((slot) => slot.colour === colour);
  if (found === undefined) throw new Error(`${environment} has no slot ${colour}`);
  return found;
}

/** The environment, colour and stack a target group is of. */
export function placeOf(targetGroupArn: string): { readonly environment: string; readonly colour: string; readonly stackName: string } {
  const found = PLACES.get(targetGroupArn);
  if (found === undefined) throw new Error(`no slot has the target group ${targetGroupArn}`);
  return found;
}

export function targetGroupOf(stackName: string): string {
  return `arn:aws:elasticloadbalancing:eu-west-2:222222222222:targetgroup/${stackName}/0123456789abcdef`;
}

const PLACES = new Map(
  PLANS.flatMap(({ environment, slots }) => slots.map(({ colour, stackName }) => [targetGroupOf(stackName), { environment, colour, stackName }] as const)),
);
