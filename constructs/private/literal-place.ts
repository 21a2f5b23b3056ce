import { PathToLiveError } from './errors';
import { shown } from './shown';
import { isKnown, type Subject } from './validate';

/**
 * An account and a region that are both known at synth.
 *
 * @param why what is settled by them
 * @throws PathToLiveError that names the value and what is allowed
 */
export function literalPlace(
  { code, where, what }: Subject,
  { account, region }: { readonly account?: string; readonly region?: string },
  why: string,
): { readonly account: string; readonly region: string } {
  const literal = (part: string, value: string | undefined, pattern: RegExp, form: string): string => {
    if (typeof value === 'string' && isKnown(value) && pattern.test(value)) return value;
    const got = isKnown(value) ? shown(value) : 'only known at deployment';
    throw new PathToLiveError(code, where, `${what}.${part} is ${got}; write ${form}: ${why}`);
  };
  return {
    account: literal('account', account, /^\d{12}$/, 'the 12 digits of the account in quotation marks, for example "111111111111"'),
    region: literal('region', region, /^[a-z]{2}(-[a-z]+)+-\d$/, 'the name of the region in quotation marks, for example "eu-west-2"'),
  };
}
