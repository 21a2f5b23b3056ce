import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import type { EnvironmentPlan, HubMetadata, SlotMetadata } from '../../../lambda/contract';
import { HUB_METADATA, SLOT_METADATA } from '../../../lambda/contract';
import { resourcesOf, type StackTemplate, Values } from '../../../permissions';
import { choosePath } from '../../assembly/choose-release';
import { openAssembly, pathsOf, templateOf } from '../../assembly/read-assembly';
import { UserError } from '../../user-error';

/** What a stack is for; `beside`: it is of the same app and of no path, as a team's test functions are. */
export type StackKind = 'hub' | 'frontDoor' | 'shared' | 'slot' | 'alarms' | 'beside';

/** A note that the CDK or this library left on a construct. */
export interface Note {
  /** Construct path, for example `Payments/Production/Entrance`. */
  readonly at: string;
  readonly type: string;
  readonly data: unknown;
}

/** A stack as the review looks at it. */
export interface ReviewedStack extends StackTemplate {
  readonly kind: StackKind;
  /** Construct path, for example `Payments/Hub`. */
  readonly path: string;
  /** Of the stack's own kind of place; undefined where it has none. */
  readonly environment?: string;
  readonly colour?: string;
  /** Size of the template as CloudFormation is given it. */
  readonly bytes: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly notes: readonly Note[];
  /** The roles that the CDK deploys it with; they are made by `cdk bootstrap`, and in no template. */
  readonly deployedWith: readonly string[];
  /** Names of the stacks that are deployed before it. */
  readonly after: readonly string[];
  /** Construct path of a resource, without its own end in `Resource`. */
  pathOf(logicalId: string): string;
}

/** A path to live as an assembly has it, with every stack of it and beside it. */
export interface ReviewedPath {
  readonly path: string;
  readonly hub: HubMetadata;
  /** In the order of the path. */
  readonly plans: readonly EnvironmentPlan[];
  /** Hub, then by environment: front door, shared, slots; then the rest. */
  readonly stacks: readonly ReviewedStack[];
  readonly values: Values;
}

/**
 * Reads one path to live out of an assembly; asks nobody else.
 *
 * @throws UserError when there is no assembly, no path, several, or a template that cannot be read
 */
export async function readReviewedPath(directory: string, wanted: string | undefined): Promise<ReviewedPath> {
  const assembly = await openAssembly(directory);
  const paths = pathsOf(assembly);
  const { path, hub, slots } = choosePath(paths, wanted);
  if (hub === undefined) {
    throw new UserError(
      'NoHub',
      `the assembly has ${slots.length} slots of path ${JSON.stringify(path)} and not its hub, which has the state machines and the plan; review the assembly of the app that makes the hub`,
    );
  }
  const others = paths.filter((one) => one.path !== path).map((one) => one.path);
  const found = artifacts(assembly, path, others).map(({ artifact, kind, ...place }) => stackOf(artifact, kind, place));
  const values = new Values(found);
  const hubStack = found.find(({ kind }) => kind === 'hub') as ReviewedStack;
  const plans = plansOf(hubStack, values, path);
  return { path, hub, plans, stacks: sorted(found, plans), values };
}

interface Found {
  readonly artifact: CloudFormationStackArtifact;
  readonly kind: StackKind;
  readonly environment?: string;
  readonly colour?: string;
}

function artifacts(assembly: CloudAssembly, path: string, others: readonly string[]): Found[] {
  const all = assembly.stacksRecursively;
  const belongsTo = (artifact: CloudFormationStackArtifact, name: string) => own(artifact, name) || scopesOf(all, name).some((scope) => under(artifact, scope));
  return all.flatMap((artifact): Found[] => {
    if (belongsTo(artifact, path)) return [{ artifact, ...kindOf(artifact) }];
    return others.some((other) => belongsTo(artifact, other)) ? [] : [{ artifact, kind: 'beside' }];
  });
}

/** Whether a stack says itself that it is of this path. */
function own(artifact: CloudFormationStackArtifact, path: string): boolean {
  const { hub, slot, liveRule } = signs(artifact);
  return [hub?.path, slot?.path, liveRule?.Path].includes(path);
}

/** Construct paths under which the stacks of a path are: where its hub is. A hub that is made alone has no such place. */
function scopesOf(all: readonly CloudFormationStackArtifact[], path: string): string[] {
  return all.filter((artifact) => signs(artifact).hub?.path === path).flatMap(({ hierarchicalId }) => hierarchicalId.split('/').slice(0, -1).join('/') || []);
}

function under(artifact: CloudFormationStackArtifact, scope: string): boolean {
  return artifact.hierarchicalId.startsWith(`${scope}/`);
}

/** By what a stack is known. */
function signs(artifact: CloudFormationStackArtifact) {
  const template = templateOf(artifact) as StackTemplate['template'] & { readonly Metadata?: Record<string, unknown> };
  const rule = Object.values(template.Resources ?? {}).find(({ Type }) => Type === 'Custom::LiveRule');
  return {
    hub: template.Metadata?.[HUB_METADATA] as HubMetadata | undefined,
    slot: template.Metadata?.[SLOT_METADATA] as SlotMetadata | undefined,
    liveRule: rule?.Properties as { readonly Path?: string; readonly Environment?: string } | undefined,
  };
}

function kindOf(artifact: CloudFormationStackArtifact): Omit<Found, 'artifact'> {
  const { hub, slot, liveRule } = signs(artifact);
  if (hub !== undefined) return { kind: 'hub' };
  if (slot !== undefined) return { kind: 'slot', environment: slot.environment, colour: slot.colour };
  if (liveRule !== undefined) return { kind: 'frontDoor', environment: liveRule.Environment };
  const id = artifact.hierarchicalId.split('/').at(-1) ?? '';
  return id.endsWith('-Shared') ? { kind: 'shared', environment: id.slice(0, -'-Shared'.length) } : { kind: 'alarms' };
}

function stackOf(artifact: CloudFormationStackArtifact, kind: StackKind, place: Pick<ReviewedStack, 'environment' | 'colour'>): ReviewedStack {
  const template = templateOf(artifact) as StackTemplate['template'] & { readonly Metadata?: Record<string, unknown> };
  const notes = Object.entries(artifact.metadata).flatMap(([at, entries]) => entries.map(({ type, data }) => ({ at: at.replace(/^\//, ''), type, data })));
  const paths = new Map(notes.filter(({ type }) => type === 'aws:cdk:logicalId').map(({ at, data }) => [String(data), at]));
  return {
    stackName: artifact.stackName,
    account: artifact.environment.account,
    region: artifact.environment.region,
    template,
    kind,
    path: artifact.hierarchicalId,
    ...(place.environment !== undefined && { environment: place.environment }),
    ...(place.colour !== undefined && { colour: place.colour }),
    bytes: Buffer.byteLength(JSON.stringify(template)),
    metadata: template.Metadata ?? {},
    notes,
    deployedWith: [artifact.assumeRoleArn, artifact.cloudFormationExecutionRoleArn].flatMap((arn) => arn?.split('/').at(-1) ?? []),
    after: artifact.dependencies.flatMap((dependency) => ('stackName' in dependency ? [String(dependency.stackName)] : [])).sort(),
    pathOf: (logicalId) => (paths.get(logicalId) ?? `${artifact.hierarchicalId}/${logicalId}`).replace(/\/(Resource|Default)$/, ''),
  };
}

/** The plan is in the hub, as the parameters that releases are frozen from. */
function plansOf(hub: ReviewedStack, values: Values, path: string): EnvironmentPlan[] {
  return resourcesOf([hub], 'AWS::SSM::Parameter')
    .map(({ logicalId }) => values.properties(hub, logicalId) as { readonly Name?: string; readonly Value?: string })
    .filter(({ Name }) => Name?.startsWith(`/path-to-live/${path}/plan/`))
    .map(({ Value }) => JSON.parse(String(Value)) as EnvironmentPlan)
    .sort((one, other) => one.order - other.order);
}

const KINDS: readonly StackKind[] = ['hub', 'frontDoor', 'shared', 'slot', 'alarms', 'beside'];

function sorted(stacks: readonly ReviewedStack[], plans: readonly EnvironmentPlan[]): ReviewedStack[] {
  const place = ({ kind, environment }: ReviewedStack) =>
    kind === 'hub' ? -1 : (plans.find((plan) => plan.environment === environment)?.order ?? plans.length);
  const key = (stack: ReviewedStack) => [place(stack), KINDS.indexOf(stack.kind)] as const;
  return [...stacks].sort((one, other) => {
    const [[a, b], [c, d]] = [key(one), key(other)];
    return a - c || b - d || (one.stackName < other.stackName ? -1 : 1);
  });
}
