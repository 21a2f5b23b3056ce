/** A condition of a listener rule, as a template has it. */
export interface RuleCondition {
  readonly Field?: string;
  readonly HttpHeaderConfig?: { readonly HttpHeaderName?: string; readonly Values?: readonly string[] };
  readonly HostHeaderConfig?: { readonly Values?: readonly string[] };
  readonly PathPatternConfig?: { readonly Values?: readonly string[] };
  readonly SourceIpConfig?: { readonly Values?: readonly string[] };
  readonly Values?: readonly string[];
}

/** What a request must have, in words, and whether that keeps anybody out: a secret in a header, or the caller's network. */
export function conditionsInWords(conditions: readonly RuleCondition[]): { readonly words: string; readonly closed: boolean } {
  const each = conditions.map(condition);
  return { words: each.map(({ words }) => words).join(' and ') || 'every request', closed: each.some(({ closed }) => closed) };
}

function condition(one: RuleCondition): { readonly words: string; readonly closed: boolean } {
  const { HttpHeaderConfig: header, HostHeaderConfig: host, PathPatternConfig: path, SourceIpConfig: source } = one;
  if (header !== undefined) {
    const value = (header.Values ?? []).join(' or ');
    const [, secret] = /\{\{resolve:secretsmanager:([^:}]+)/.exec(value) ?? [];
    if (secret !== undefined) return { words: `header ${header.HttpHeaderName} with the value of the secret ${secret}`, closed: true };
    return { words: `header ${header.HttpHeaderName}: ${value}`, closed: false };
  }
  if (source !== undefined) {
    const everybody = (source.Values ?? []).some((cidr) => cidr.endsWith('/0'));
    return { words: `a caller from ${(source.Values ?? []).join(' or ')}`, closed: !everybody };
  }
  if (host !== undefined) return { words: `host ${(host.Values ?? []).join(' or ')}`, closed: false };
  if (path !== undefined) return { words: `path ${(path.Values ?? []).join(' or ')}`, closed: false };
  return { words: `${one.Field} ${(one.Values ?? []).join(' or ')}`.trim(), closed: false };
}
