import type { ReviewedPath } from '../read/reviewed-path';
import { environmentsIn } from './environments';

/** A safety that was switched off, a rule that was waived, or a finding that was accepted; each with the reason that was given. */
export interface OptOut {
  /** For example `Firebreak.none`, `SlotRule NoState`, `AwsSolutions-IAM5`. */
  readonly what: string;
  readonly reason: string;
  /** Construct paths; `<environment>` where all environments of the path have the same. */
  readonly at: readonly string[];
}

export interface OptOuts {
  /** `Firebreak.none`, `GoNoGo.none`, `HealthGate.none`, `ShadowAccess.open`, `PlannedOutage.allowed`. */
  readonly safeties: readonly OptOut[];
  /** `SlotRules.of(x).acknowledge(…)`. */
  readonly slotRules: readonly OptOut[];
  /** Findings of cdk-nag and of CloudFormation's own checks that somebody acknowledged. */
  readonly findings: readonly OptOut[];
  /** What the CDK and this library warned of when the app was synthesized. */
  readonly warnings: readonly OptOut[];
}

/** Key of the template metadata of a front door: the safeties it does without. */
const SAFETIES = 'path-to-live:opt-outs';
/** Types of the notes on constructs. */
const SLOT_RULE = 'path-to-live:acknowledged';
const FINDING = 'aws:cdk:acknowledged-rules';
const WARNING = 'aws:cdk:warning';

/** What a warning of this library is called, beside those of the CDK. */
export const OWN_WARNING = 'warning of path-to-live';

function warnedBy(warning: string): string {
  return / \[ack: .*path-to-live:[^\]]*\]$/.test(warning) ? OWN_WARNING : 'warning of the CDK';
}

/** Everything that was switched off, waived or accepted, with its reason and where. */
export function optOutsOf(reviewed: ReviewedPath): OptOuts {
  const notes = reviewed.stacks.flatMap(({ notes }) => notes);
  const made = (type: string, read: (data: unknown) => readonly (readonly [what: string, reason: string])[]) =>
    notes.filter((note) => note.type === type).flatMap(({ at, data }) => read(data).map(([what, reason]) => ({ what, reason, at: [at] })));
  const safeties = reviewed.stacks.flatMap(({ metadata, path }) =>
    ((metadata[SAFETIES] ?? []) as { what: string; reason: string }[]).map(({ what, reason }) => ({ what, reason, at: [path] })),
  );
  const together = (optOuts: readonly OptOut[]) => grouped(optOuts, reviewed);
  return {
    safeties: together(safeties),
    slotRules: together(made(SLOT_RULE, (data) => [[`SlotRule ${(data as { rule: string }).rule}`, (data as { reason: string }).reason]])),
    findings: together(made(FINDING, (data) => Object.entries(data as Record<string, string>).map(([id, reason]) => [ruleOf(id), reason]))),
    warnings: together(made(WARNING, (data) => [[warnedBy(String(data)), String(data).replace(/ \[ack: .*\]$/, '')]])),
  };
}

/** The reason that was given for an option of an environment, as its front door has it. */
export function reasonOf(what: string, environment: string, { stacks }: Pick<ReviewedPath, 'stacks'>): string | undefined {
  const door = stacks.find((stack) => stack.kind === 'frontDoor' && stack.environment === environment);
  return ((door?.metadata[SAFETIES] ?? []) as { what: string; reason: string }[]).find((each) => each.what === what)?.reason;
}

/** `AwsSolutions::AwsSolutions-IAM5[Resource::*]` is about the rule `AwsSolutions-IAM5`. */
function ruleOf(id: string): string {
  return id.replace(/\[.*$/s, '').split('::').at(-1) ?? id;
}

/** One row for each reason: the same thing is often said of many constructs. */
function grouped(optOuts: readonly OptOut[], reviewed: ReviewedPath): OptOut[] {
  const rows = new Map<string, OptOut>();
  for (const { what, reason, at } of optOuts) {
    const key = `${what}\n${reason}`;
    rows.set(key, { what, reason, at: [...(rows.get(key)?.at ?? []), ...at] });
  }
  return [...rows.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => ({ ...row, at: environmentsIn(row.at, reviewed) }));
}
