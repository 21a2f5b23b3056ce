/** Where a listener must be, as far as that is given. */
interface Place {
  /** @default - anywhere */
  readonly account?: string;
  /** @default - anywhere */
  readonly region?: string;
}

/**
 * What the ARN of an Application Load Balancer's listener looks like, for a check and for its message.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html#awselasticloadbalancingv2-resources-for-iam-policies
 */
export function arnOfListener({ account, region }: Place = {}): { readonly pattern: RegExp; readonly shape: string } {
  const where = `${region ?? '[a-z0-9-]+'}:${account ?? '\\d{12}'}`;
  return {
    pattern: new RegExp(`^arn:[a-z0-9-]+:elasticloadbalancing:${where}:listener/app/[^/]+/[0-9a-f]+/[0-9a-f]+$`),
    shape: `arn:aws:elasticloadbalancing:${region ?? '<region>'}:${account ?? '<account>'}:listener/app/<name>/<id>/<id>`,
  };
}
