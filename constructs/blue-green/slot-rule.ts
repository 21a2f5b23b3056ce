import type { IConstruct } from 'constructs';
import { requireKind } from '../kinds/kind';
import { CONSTRUCT, oneOf } from '../kinds/kinds';
import { requireReason } from '../private/validate';

/** What a slot must not have, because its two versions live side by side and each is replaced as a whole. */
export enum SlotRule {
  /** State belongs into the environment's shared stack: a slot is replaced by every release, and both versions need the same state. */
  NO_STATE = 'NoState',
  /** Both slots, and a replacement beside the replaced, would want the same name. */
  NO_FIXED_NAME = 'NoFixedName',
  /** What imports an export keeps the slot from being updated or removed. */
  NO_EXPORT = 'NoExport',
  /** A version in the shadow that listens to events takes work from the live one. */
  NO_EVENT_SOURCE = 'NoEventSource',
  /** Users, testers and tests all come in by the front door; another entrance would show a version in the shadow, or come before the live rule. */
  NO_ENTRANCE = 'NoEntrance',
}

/** @internal */
export interface SlotAcknowledgement {
  readonly rule: SlotRule;
  readonly reason: string;
}

/** Key of an acknowledgement in the assembly's metadata. */
const ACKNOWLEDGED = 'path-to-live:acknowledged';

/**
 * The rules of a slot, seen from one construct in it.
 *
 * @example
 * SlotRules.of(cache).acknowledge(SlotRule.NO_STATE, 'a cache of exchange rates, filled again within a minute');
 */
export class SlotRules {
  /** The rules as they hold for a construct and everything in it. */
  static of(scope: IConstruct): SlotRules {
    requireKind('SlotRules.of', 'scope', scope, CONSTRUCT);
    return new SlotRules(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Accepts that the construct, or something in it, breaks a rule. An acknowledgement that nothing needs is an error at synth.
   *
   * @param reason why that does no harm here; for reviewers, in the assembly's metadata
   */
  acknowledge(rule: SlotRule, reason: string): void {
    requireKind(this.scope.node.path, 'rule', rule, oneOf('a SlotRule, for example SlotRule.NO_STATE', SlotRule));
    requireReason(this.scope.node.path, reason);
    const acknowledgement: SlotAcknowledgement = { rule, reason };
    this.scope.node.addMetadata(ACKNOWLEDGED, acknowledgement);
  }

  /** @internal */
  _acknowledgements(): SlotAcknowledgement[] {
    return this.scope.node.metadata.filter(({ type }) => type === ACKNOWLEDGED).map(({ data }) => data as SlotAcknowledgement);
  }
}
