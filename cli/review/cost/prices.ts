import { readFile } from 'node:fs/promises';
import { UserError } from '../../user-error';
import builtIn from './eu-west-2.json';

type PriceName = keyof typeof builtIn.prices;
type AssumptionName = keyof typeof builtIn.assumptions;

export interface Price {
  readonly usd: number;
  readonly per: string;
  /** `price list`: from AWS's own list; `assumption`: it could not be found, the source says what it is based on. */
  readonly status: 'price list' | 'assumption';
  readonly source: string;
}
export interface Assumption {
  readonly value: number;
  readonly unit: string;
  readonly basis: string;
}

/** Prices of one region, and what the estimate takes for granted. */
export interface Prices {
  readonly region: string;
  readonly currency: string;
  /** Day the prices are of. */
  readonly date: string;
  readonly note: string;
  readonly prices: Readonly<Record<PriceName, Price>>;
  readonly assumptions: Readonly<Record<AssumptionName, Assumption>>;
}

/**
 * The prices in a file of the same form as eu-west-2.json, or those.
 *
 * @throws UserError when the file cannot be read, or has not exactly the prices and assumptions it must have
 */
export async function readPrices(file: string | undefined): Promise<Prices> {
  if (file === undefined) return builtIn as Prices;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      'UnreadablePrices',
      `the prices in ${JSON.stringify(file)} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.code}`,
      { cause: error },
    );
  });
  const parsed = (await schema()).safeParse(json(text));
  if (parsed.success) return parsed.data as Prices;
  const [issue] = parsed.error.issues;
  throw new UserError(
    'BadPrices',
    `the prices in ${JSON.stringify(file)} are not as they must be: ${issue?.path.join('.') || 'the file'}: ${issue?.message}; start from a copy of cli/review/cost/eu-west-2.json`,
  );
}

/** Loaded when it is needed: most reviews take the prices that are here. */
async function schema() {
  const { z } = await import('zod');
  const price = z.object({ usd: z.number().nonnegative(), per: z.string(), status: z.enum(['price list', 'assumption']), source: z.string() }).strict();
  const assumption = z.object({ value: z.number().nonnegative(), unit: z.string(), basis: z.string() }).strict();
  return z
    .object({
      region: z.string(),
      currency: z.string(),
      date: z.string(),
      note: z.string(),
      prices: z.object(mapValues(builtIn.prices, () => price)).strict(),
      assumptions: z.object(mapValues(builtIn.assumptions, () => assumption)).strict(),
    })
    .strict();
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mapValues<T extends object, U>(object: T, make: () => U): { [K in keyof T]: U } {
  return Object.fromEntries(Object.keys(object).map((key) => [key, make()])) as { [K in keyof T]: U };
}
