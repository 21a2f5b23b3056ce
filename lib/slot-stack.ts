import { CfnOutput, CfnParameter, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Colour } from '../constructs/blue-green/colour';
import { requireVersion, Slot } from '../constructs/blue-green/slot';
import { PathNames } from '../constructs/environments';
import { ENVIRONMENT, type Environment } from '../constructs/environments/environment';
import { listOf, object, optional } from '../constructs/kinds/kind';
import { made, requireConstructed, STRING } from '../constructs/kinds/kinds';
import { MIGRATION, type Migration } from '../constructs/migrations/migration';
import { type IWorkload, WORKLOAD } from '../constructs/workloads/workload';
import { CONTRACT_VERSION, RELEASE_VERSION_PARAMETER, SLOT_METADATA, SLOT_OUTPUTS, type SlotMetadata, UNRELEASED } from '../lambda/contract';
import { PathStack } from './path-stack';

export interface SlotStackProps {
  /** Id of the path to live, for example `Payments`. */
  readonly path: string;
  readonly environment: Environment;
  readonly colour: Colour;
  readonly workload: IWorkload;
  /**
   * The release this is synthesized for: 1-40 letters, digits, `.`, `_` and `-`.
   *
   * @default 'unreleased' - a version no release can have
   */
  readonly version?: string;
  /**
   * What the release brings for the shared state, in the order it runs.
   *
   * @default - nothing
   */
  readonly migrations?: Migration[];
}

const PROPS = object<SlotStackProps>({
  path: STRING,
  environment: ENVIRONMENT,
  colour: made(Colour, 'Colour.blue()'),
  workload: WORKLOAD,
  version: optional(STRING),
  migrations: optional(listOf(MIGRATION)),
});

/**
 * One slot as CloudFormation sees it: what a release replaces. The workflow deploys it, never `cdk deploy`; its parameter `ReleaseVersion` has
 * no default and one allowed value, so that a template only goes where the release it was synthesized for goes.
 */
export class SlotStack extends PathStack {
  constructor(scope: Construct, id: string, props: SlotStackProps) {
    requireConstructed('SlotStack', scope, id, props, PROPS);
    super(scope, id, stackProps(props));
    const version = props.version ?? UNRELEASED;
    requireVersion(this.node.path, version);
    this.publish(new Slot(this, 'Slot', { ...props, version }), props, version);
  }

  /** What the workflow reads of a template before, and of the stack after it deployed it. */
  private publish(slot: Slot, { path, environment, colour }: SlotStackProps, version: string): void {
    const parameter = new CfnParameter(this, RELEASE_VERSION_PARAMETER, {
      description: 'The release this template belongs to. Slots are deployed by releases (ptl release), not by hand.',
      allowedValues: [version],
    });
    new CfnOutput(this, SLOT_OUTPUTS.targetGroupArn, { value: slot.targetGroupArn });
    new CfnOutput(this, SLOT_OUTPUTS.alarms, { value: slot.alarmNames.join(',') });
    if (slot.capacity !== undefined) new CfnOutput(this, SLOT_OUTPUTS.capacity, { value: this.toJsonString(slot.capacity._target) });
    new CfnOutput(this, SLOT_OUTPUTS.releaseVersion, { value: parameter.valueAsString });
    const { migrations } = slot;
    migrations.forEach((migration, index) => {
      new CfnOutput(this, `${SLOT_OUTPUTS.migration}${index}`, { value: this.toJsonString(migration) });
    });
    const brings = migrations.length > 0 && {
      migrations: migrations.map(({ name, kind, content, undoable }) => ({ name, kind, content, ...(undoable && { undoable }) })),
    };
    const metadata: SlotMetadata = { contract: CONTRACT_VERSION, path, environment: environment.name, colour: colour.name, version, ...brings };
    this.addMetadata(SLOT_METADATA, metadata);
  }
}

function stackProps({ path, environment, colour }: SlotStackProps): StackProps {
  const { account, region, name } = environment;
  return {
    env: { account, region },
    stackName: new PathNames(path).environment(name).slotStack(colour.name),
    description: `${path}: slot ${colour.name} of ${name}`,
  };
}
