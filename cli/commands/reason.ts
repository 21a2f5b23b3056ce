import { UserError } from '../user-error';

/** Why somebody does what the audit trail will show for ever; blank is no reason. */
export function requireReason(reason: string | undefined): string {
  if (reason !== undefined && reason.trim() !== '') return reason.trim();
  throw new UserError(
    'NoReason',
    `--reason is ${reason === undefined ? 'missing' : JSON.stringify(reason)}; say why in a sentence, for example --reason "tested, CHG0031": it is kept with the decision`,
  );
}
