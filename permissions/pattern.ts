const cache = new Map<string, RegExp>();
const cachedParts = new Map<string, readonly string[]>();

/** Whether a text is what a pattern of a policy says: `*` is any number of characters, `?` exactly one. */
export function matches(pattern: string, text: string, ignoreCase = false): boolean {
  if (!/[*?]/.test(pattern)) return ignoreCase ? pattern.toLowerCase() === text.toLowerCase() : pattern === text;
  const key = `${ignoreCase}${pattern}`;
  const expression =
    cache.get(key) ??
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*/g, '.*')
        .replace(/\?/g, '.')}$`,
      ignoreCase ? 'is' : 's',
    );
  cache.set(key, expression);
  return expression.test(text);
}

/**
 * Whether an ARN is what a pattern says, part by part: a `*` does not reach over the colon that ends its part, but in the last one. Parts that a
 * pattern leaves out at its end may be anything.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*' || pattern === arn) return true;
  const [wanted, given] = [partsOf(pattern), partsOf(arn)];
  return given.every((part, index) => matches(wanted[index] ?? '*', part));
}

function partsOf(arn: string): readonly string[] {
  const cached = cachedParts.get(arn);
  if (cached !== undefined) return cached;
  const parts = arn.split(':');
  const found = [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])];
  cachedParts.set(arn, found);
  return found;
}
