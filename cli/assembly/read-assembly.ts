import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { CONTRACT_VERSION, HUB_METADATA, type HubMetadata, SLOT_METADATA, type SlotMetadata } from '../../lambda/contract';
import { UserError } from '../user-error';

export interface SlotStack {
  readonly slot: SlotMetadata;
  readonly stack: CloudFormationStackArtifact;
}

/** One path to live as an assembly has it. */
export interface PathAssembly {
  readonly path: string;
  /** Absent where the hub belongs to another app. */
  readonly hub?: HubMetadata;
  readonly slots: readonly SlotStack[];
}

/**
 * The paths to live in what `cdk synth` wrote, those in nested assemblies included.
 *
 * @throws UserError when there is no assembly, or one of another contract version
 */
export async function readAssembly(directory: string): Promise<PathAssembly[]> {
  return pathsOf(await openAssembly(directory));
}

/** The paths to live among the stacks of an open assembly. */
export function pathsOf(assembly: CloudAssembly): PathAssembly[] {
  const hubs: HubMetadata[] = [];
  const slots: SlotStack[] = [];
  for (const stack of assembly.stacksRecursively) {
    const metadata: Record<string, unknown> = templateOf(stack).Metadata ?? {};
    const slot = metadata[SLOT_METADATA] as SlotMetadata | undefined;
    const hub = metadata[HUB_METADATA] as HubMetadata | undefined;
    if (slot !== undefined) slots.push({ slot: sameContract(slot, stack), stack });
    if (hub !== undefined) hubs.push(sameContract(hub, stack));
  }
  const paths = [...new Set([...hubs.map((hub) => hub.path), ...slots.map(({ slot }) => slot.path)])].sort();
  return paths.map((path) => ({
    path,
    hub: hubs.find((hub) => hub.path === path),
    slots: slots.filter(({ slot }) => slot.path === path).sort((a, b) => (a.stack.stackName < b.stack.stackName ? -1 : 1)),
  }));
}

/**
 * Opens what `cdk synth` wrote.
 *
 * @throws UserError when there is no assembly, or none that can be read
 */
export async function openAssembly(directory: string): Promise<CloudAssembly> {
  if (!existsSync(join(directory, 'manifest.json'))) {
    throw new UserError(
      'NoAssembly',
      `there is no assembly in ${JSON.stringify(directory)}: it has no manifest.json. Name the directory that cdk synth wrote, for example --assembly cdk.out, or leave --assembly out to have it synthesized`,
    );
  }
  // Loaded here and not at the top: commands that read no assembly start faster without it.
  const { CloudAssembly } = await import('aws-cdk-lib/cx-api');
  try {
    return new CloudAssembly(directory);
  } catch (error) {
    throw new UserError(
      'UnreadableAssembly',
      `the assembly in ${JSON.stringify(directory)} cannot be read: ${(error as Error).message}; synthesize it again, with the aws-cdk-lib this ptl is installed beside`,
      { cause: error },
    );
  }
}

/** @throws UserError naming the stack whose template cannot be read */
export function templateOf(stack: CloudFormationStackArtifact): { readonly Metadata?: Record<string, unknown> } {
  try {
    return stack.template;
  } catch (error) {
    throw new UserError(
      'UnreadableTemplate',
      `the template of stack ${JSON.stringify(stack.stackName)}, ${stack.templateFile}, cannot be read: ${withoutPlaces((error as Error).message)}; synthesize the assembly again`,
      { cause: error },
    );
  }
}

/** Node's own messages name the whole path of a file. */
function withoutPlaces(message: string): string {
  return message.replace(/,? ?(open|at) ?'?\/[^'\s]+'?/g, '').trim();
}

function sameContract<T extends { readonly contract: number }>(metadata: T, stack: CloudFormationStackArtifact): T {
  if (metadata.contract !== CONTRACT_VERSION) {
    throw new UserError(
      'OtherContract',
      `stack ${JSON.stringify(stack.stackName)} was synthesized for contract ${JSON.stringify(metadata.contract)} of path-to-live, this ptl knows ${CONTRACT_VERSION}: use the ptl of the path-to-live package the app is synthesized with`,
    );
  }
  return metadata;
}
