import { type BundleFile, type BundleStack, childExecutionName, type EnvironmentPlan, type Failure, type TaskInput } from '../../contract';
import { Conflict } from '../errors';
import type { EnvironmentState, Evidence, Release } from '../model';

type Reached = Release['reached'][string];

/** Name of the team's own machine that brings a release along its path; undefined where the hub does. */
export function ownMachineOf(plan: Release['plan']): string | undefined {
  return plan.find(({ ownMachine }) => ownMachine !== undefined)?.ownMachine;
}

/** The plan of one environment as it was when the release was submitted. @throws Conflict when the release's path has no such environment */
export function planOf(release: Release, environment: string): EnvironmentPlan {
  const plan = release.plan.find((each) => each.environment === environment);
  if (plan) return plan;
  const names = release.plan.map((each) => each.environment).join(', ');
  throw new Conflict(`release ${release.version} was submitted for a path without ${JSON.stringify(environment)}; its environments are ${names}`);
}

export function withReached(release: Release, environment: string, reached: Reached): Release {
  return { ...release, reached: { ...release.reached, [environment]: reached } };
}

/** Whether this very release is what is live in an environment. */
export function isLiveIn(state: EnvironmentState, release: Pick<Release, 'version' | 'digest'>): boolean {
  return state.live?.version === release.version && state.live.digest === release.digest;
}

export function withEvidence(release: Release, evidence: Evidence): Release {
  return { ...release, evidence: { ...release.evidence, [`${evidence.environment}/${evidence.test}`]: evidence } };
}

/** Whether an execution belongs to the release's current attempt: it is the path machine's own, or the child of it in this environment. */
export function isOfCurrentAttempt(release: Pick<Release, 'execution'>, { environment, execution }: TaskInput): boolean {
  return execution === release.execution || executionNameOf(execution) === childExecutionName(executionNameOf(release.execution), environment);
}

/** The name of an execution, of its ARN. */
export function executionNameOf(execution: string): string {
  return execution.slice(execution.lastIndexOf(':') + 1);
}

/** The stack a release brings for one slot. @throws Conflict when its bundle has none */
export function stackOf(release: Release, environment: string, colour: string): BundleStack {
  const stack = release.bundle.stacks.find((each) => each.environment === environment && each.colour === colour);
  if (stack) return stack;
  throw new Conflict(`the bundle of release ${release.version} has no stack for ${colour} of ${environment}; synthesize and submit a new version`);
}

/** A release's status in a sentence: `release 1.4.2 is … already`. */
export function statusInWords({ status }: Pick<Release, 'status'>): string {
  return status === 'rolledBack' ? 'rolled back' : status;
}

/** Every file of these stacks, each once. */
export function filesOf(stacks: readonly BundleStack[]): BundleFile[] {
  return [...new Map(stacks.flatMap((stack) => [stack.template, ...stack.assets]).map((file) => [sealKey(file), file])).values()];
}

/** How a release's seals name a file. */
export function sealKey(file: BundleFile): string {
  return `${file.bucket}/${file.key}`;
}

/**
 * Where CloudFormation fetches a template.
 * Path style with the region, the form that works in every region; https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function templateUrl({ bucket, key, region }: BundleFile): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://s3.${region}.${suffix}/${bucket}/${key}`;
}

/**
 * The first file that is not what was registered.
 * @param found ETag of each file as it is now, by {@link sealKey}; undefined when it is not there
 */
export function brokenSeal(
  release: Release,
  files: readonly BundleFile[],
  found: Readonly<Record<string, string | undefined>>,
  at: { readonly step: string; readonly task: TaskInput },
): Failure | undefined {
  const broken = files.map(sealKey).find((key) => found[key] === undefined || found[key] !== release.seals[key]);
  if (broken === undefined) return undefined;
  const registered = release.seals[broken];
  return {
    step: at.step,
    subject: `file ${broken}`,
    expected: registered === undefined ? 'registered with the release' : `as it was registered, ETag ${registered}`,
    actual:
      found[broken] === undefined
        ? 'not there: publish the release again, or submit it as a new version'
        : `changed since, ETag ${found[broken]}: submit it as a new version`,
    logs: at.task.execution,
  };
}
