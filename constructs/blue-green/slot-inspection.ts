import { CfnOutput, CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { mayHaveFindings, propertiesOf } from './slot-properties';
import { bringsEvents, fixedName, holdsState, letsRequestsIn } from './slot-resources';
import { type SlotAcknowledgement, SlotRule, SlotRules } from './slot-rule';

interface Finding {
  readonly rule: SlotRule;
  readonly at: IConstruct;
  readonly problem: string;
}

const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** A slot to look through. */
export interface InspectedSlot {
  readonly stack: Stack;
  readonly environment: string;
  readonly colour: string;
  /** What the slot itself made, and may. */
  readonly own: readonly IConstruct[];
  /** Of the workload, as it returned it. */
  readonly targetGroupArn: string;
}

/** What somebody has to change in a slot. */
export interface Mistake {
  readonly code: string;
  /** Path of the construct it is in. */
  readonly at: string;
  /** The same from the slot's stack on: what comes from one line of a workload has the same one in every slot. */
  readonly below: string;
  readonly problem: string;
}

/**
 * Looks through everything under a slot's stack, nested stacks too.
 *
 * @returns each thing that must not be in a slot and that nobody acknowledged, and each acknowledgement nothing needs
 */
export function inspectSlot({ stack, own }: InspectedSlot): Mistake[] {
  const used = new Set<SlotAcknowledgement>();
  const everything = stack.node.findAll().filter((construct) => !own.includes(construct));
  const refused = everything.flatMap(findings).filter((finding) => {
    const acknowledgements = acknowledgementsOf(finding);
    for (const acknowledgement of acknowledgements) used.add(acknowledgement);
    return acknowledgements.length === 0;
  });
  return [
    ...otherStacks(stack),
    ...foreignTemplates(stack),
    ...refused.map((finding) => mistake(stack, finding.rule, finding.at, problemOf(finding))),
    ...everything.flatMap((construct) => unusedAt(construct, used).map((problem) => mistake(stack, 'UnusedAcknowledgement', construct, problem))),
  ];
}

/** @param stack the slot's */
export function mistake(stack: Stack, code: string, { node: { path } }: IConstruct, problem: string): Mistake {
  return { code, at: path, below: path.slice(stack.node.path.length), problem };
}

/** Stacks that were made in a slot's and are not part of it: no release deploys them. */
function otherStacks(stack: Stack): Mistake[] {
  const problem =
    'is a stack of its own in a slot, and a release deploys the stack of the slot only; let its class extend NestedStack instead of Stack, or Construct';
  const others = stack.node.findAll().filter((at) => at !== stack && Stack.isStack(at) && at.nestedStackParent === undefined);
  return others.map((other) => mistake(stack, 'StackInSlot', other, problem));
}

/** Nested stacks that are only named by where a template lies: nobody has looked into it, and what lies there may be another when it is deployed. */
function foreignTemplates(stack: Stack): Mistake[] {
  const problem =
    'nests a template by its URL, so nothing here looks into it, it is not among the files a release is sealed with, and people would accept what may change; ' +
    'make it a NestedStack, or read the template into one with CfnInclude of aws-cdk-lib/cloudformation-include';
  const everything = stack.node.findAll();
  const made = everything.flatMap((at) => (Stack.isStack(at) ? (at.nestedStackResource ?? []) : []));
  const nested = everything.filter((at): at is CfnResource => CfnResource.isCfnResource(at) && at.cfnResourceType === NESTED_STACK);
  return nested.filter((at) => !made.includes(at)).map((at) => mistake(stack, 'TemplateElsewhere', at, problem));
}

function findings(at: IConstruct): Finding[] {
  if (at instanceof CfnOutput && at.exportName !== undefined) {
    const problem = `exports ${JSON.stringify(at.exportName)}, and whatever imports it would keep the slot from being replaced; write the value to a parameter instead`;
    return [{ rule: SlotRule.NO_EXPORT, at, problem }];
  }
  return CfnResource.isCfnResource(at) ? resourceFindings(at) : [];
}

function resourceFindings(at: CfnResource): Finding[] {
  const type = at.cfnResourceType;
  const properties = mayHaveFindings(at) ? propertiesOf(at) : {};
  const found: Finding[] = [];
  if (holdsState(type)) {
    const problem = `is state (${type}) in a slot, which the next release replaces while the other slot still needs it; move it into the environment's shared state`;
    found.push({ rule: SlotRule.NO_STATE, at, problem });
  }
  const name = fixedName(type, properties);
  if (name !== undefined) {
    const problem = `has the fixed name ${name} = ${JSON.stringify(properties[name])}, which only one slot could have; leave it out, CloudFormation makes up a name`;
    found.push({ rule: SlotRule.NO_FIXED_NAME, at, problem });
  }
  if (bringsEvents(type, properties)) {
    const problem = `is an active event source (${type}), and a version in the shadow would take work from the live one; disable it, or let the shared state own the consumer`;
    found.push({ rule: SlotRule.NO_EVENT_SOURCE, at, problem });
  }
  if (letsRequestsIn(type, properties)) {
    const problem = `lets requests in (${type}) beside the front door, where a version in the shadow is closed; let the slot's own rules forward to the workload's target group`;
    found.push({ rule: SlotRule.NO_ENTRANCE, at, problem });
  }
  return found;
}

function acknowledgementsOf(finding: Finding): SlotAcknowledgement[] {
  return finding.at.node.scopes.flatMap((scope) => SlotRules.of(scope)._acknowledgements()).filter(({ rule }) => rule === finding.rule);
}

function problemOf({ rule, problem }: Finding): string {
  return `${problem}; or, where it does no harm, SlotRules.of(construct).acknowledge(SlotRule.${keyOf(rule)}, reason)`;
}

function unusedAt(construct: IConstruct, used: ReadonlySet<SlotAcknowledgement>): string[] {
  return SlotRules.of(construct)
    ._acknowledgements()
    .filter((acknowledgement) => !used.has(acknowledgement))
    .map(
      ({ rule, reason }) => `acknowledges SlotRule.${keyOf(rule)} (${JSON.stringify(reason)}), but nothing in it breaks that rule; remove the acknowledgement`,
    );
}

function keyOf(rule: SlotRule): string {
  return Object.entries(SlotRule).find(([, value]) => value === rule)?.[0] ?? rule;
}
