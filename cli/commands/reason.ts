import { UserError } from '../user-error';

/** Why somebody does what the audit trail will show for ever; blank is no reason. */
export function requireReason(reason: string): string {
  if (reason.trim() !== '') return reason.trim();
  throw new UserError('NoReason', `--reason is ${JSON.stringify(reason)}; say why in a sentence: it is kept with the decision`);
}
