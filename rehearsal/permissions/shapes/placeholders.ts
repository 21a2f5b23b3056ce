import type { Assembly, Resource } from '../assembly/assembly';

/** Short names would be found in the middle of other words. */
const SHORTEST = 8;

/** Names of an assembly's resources for placeholders, `{<stack>/<logical id>}`, and the other way round. */
export class Placeholders {
  private readonly byName: readonly (readonly [name: string, placeholder: string])[];
  private readonly byPlaceholder: ReadonlyMap<string, { readonly name: string; readonly resource: Resource }>;

  constructor(private readonly assembly: Assembly) {
    const named = assembly.resources().flatMap((resource) => {
      const at = `${resource.stack.stackName}/${resource.logicalId}`;
      return namesOf(resource, assembly).map(([kind, name]) => ({ name, placeholder: `{${at}${kind}}`, resource }));
    });
    // The longest name first: an ARN holds the name.
    this.byName = named
      .filter(({ name }) => name.length >= SHORTEST)
      .map(({ name, placeholder }) => [name, placeholder] as const)
      .sort(([a], [b]) => b.length - a.length);
    this.byPlaceholder = new Map(named.map(({ name, placeholder, resource }) => [placeholder, { name, resource }]));
  }

  /** A text with placeholders for names, and for account and region of whatever it is about. */
  hide(text: string): string {
    let hidden = text;
    for (const [name, placeholder] of this.byName) hidden = hidden.split(name).join(placeholder);
    return hidden.replace(/^(arn:aws:[^:{]*):([a-z]{2}-[a-z]+-\d)?:(\d{12})?:/, (_, start: string, region?: string, account?: string) =>
      [start, region && '{region}', account && '{account}', ''].map((part) => part ?? '').join(':'),
    );
  }

  /**
   * The text as it is in this assembly.
   *
   * @param home account and region where the text names no stack
   * @throws Error on a placeholder for something this assembly does not have
   */
  show(text: string, home: { readonly account: string; readonly region: string }): string {
    const named = /\{([^{}/]+)\/[^{}]+\}/.exec(text)?.[1] ?? /:stack\/([^/]+)\//.exec(text)?.[1];
    const { account, region } = this.assembly.stacks.find(({ stackName }) => stackName === named) ?? home;
    return text
      .replace(/\{account\}/g, account)
      .replace(/\{region\}/g, region)
      .replace(/\{[^{}]+\/[^{}]+\}/g, (placeholder) => {
        const found = this.byPlaceholder.get(placeholder);
        if (found === undefined) throw new Error(`nothing here is ${placeholder}`);
        return found.name;
      });
  }
}

/** Everything a resource is called, with what tells the names apart. */
function namesOf(resource: Resource, assembly: Assembly): [kind: string, name: string][] {
  // Of the live rule policies name the attribute; a stage is called `$default` wherever it is.
  if (resource.type === 'Custom::LiveRule') return [['.RuleArn', assembly.attribute(resource, 'RuleArn')]];
  if (resource.type === 'AWS::ApiGatewayV2::Stage') return [];
  if (resource.type === 'AWS::ElasticLoadBalancingV2::Listener') {
    return [
      ['', resource.id],
      ['.Rules', resource.id.replace(':listener/', ':listener-rule/')],
    ];
  }
  return [['', resource.id], ...(resource.arn === resource.id ? [] : [['.Arn', resource.arn] as [string, string]])];
}
