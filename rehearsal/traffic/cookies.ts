/** The cookies of one user, kept as a browser keeps those of a site without TLS: until they expire, and none that is `Secure`. */
export class Cookies {
  private readonly kept = new Map<string, { readonly value: string; readonly until: number }>();

  headers(): Record<string, string> {
    const now = Date.now();
    const sent = [...this.kept].flatMap(([name, { value, until }]) => (until > now ? [`${name}=${value}`] : []));
    return sent.length > 0 ? { cookie: sent.join('; ') } : {};
  }

  /** @param answered headers `set-cookie` of an answer */
  take(answered: readonly string[]): void {
    for (const each of answered) {
      const [pair = '', ...attributes] = each.split(';').map((part) => part.trim());
      const [name = '', value = ''] = split(pair);
      const said = new Map(attributes.map((attribute) => split(attribute)).map(([key, of]) => [key.toLowerCase(), of]));
      if (said.has('secure')) continue;
      this.kept.set(name, { value, until: Date.parse(said.get('expires') ?? '') || Number.POSITIVE_INFINITY });
    }
  }
}

/** Values may have `=` in them. */
function split(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}
