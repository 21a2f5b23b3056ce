import { type Block, heading, type Section, table } from '../document/document';
import type { Facts } from '../facts/facts';
import type { OptOut } from '../facts/opt-outs';

/** What was switched off, waived or accepted, with the reasons that were given. */
export function optOutsSection({ optOuts: { safeties, slotRules, findings, warnings } }: Facts): Section {
  return {
    id: 'opt-outs',
    title: 'Opt-outs, each with its reason',
    blocks: [
      heading('Safeties that were switched off'),
      rows('Safeties', safeties, 'None: every environment has the safeties it can have, or has none to switch off.'),
      heading('Rules of a slot that were waived'),
      rows('Rules of a slot', slotRules, 'None.'),
      heading('Warnings'),
      rows('Warnings of the CDK and of this library', warnings, 'None.'),
      heading('Findings that were accepted'),
      rows('Findings of cdk-nag and of CloudFormation’s checks', findings, 'None.'),
    ],
  };
}

function rows(caption: string, optOuts: readonly OptOut[], otherwise: string): Block {
  return table(
    caption,
    ['what', 'reason', 'where'],
    optOuts.map(({ what, reason, at }) => [what, reason, at]),
    [],
    otherwise,
  );
}
