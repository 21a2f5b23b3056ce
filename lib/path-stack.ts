import { type CfnElement, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { literalPartition } from './literal-partition';
import { ownAssetList } from './own-asset-list';

/**
 * What every stack of a path to live has of its own, before anything is in it.
 *
 * @internal
 */
export class PathStack extends Stack {
  private readonly ids = new WeakMap<CfnElement, string>();

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    ownAssetList(this);
    literalPartition(this);
  }

  /** Made up from its path once: every reference to an element asks again, some fourteen times each, and each answer is a hash. A path never changes. */
  protected override allocateLogicalId(element: CfnElement): string {
    const known = this.ids.get(element);
    if (known !== undefined) return known;
    const id = super.allocateLogicalId(element);
    this.ids.set(element, id);
    return id;
  }
}
