/** A resource of a template, as far as anybody here looks at it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  /** Name of the condition without which it is not made. */
  readonly Condition?: string;
}

/** One stack of an assembly: its template, and where it is deployed to. */
export interface StackTemplate {
  readonly stackName: string;
  /** 12 digits, or what the CDK writes when it does not know: `unknown-account`. */
  readonly account: string;
  /** For example `eu-west-2`, or `unknown-region`. */
  readonly region: string;
  readonly template: {
    readonly Resources?: Readonly<Record<string, TemplateResource>>;
    readonly Parameters?: Readonly<Record<string, { readonly Type?: string; readonly Default?: unknown }>>;
    readonly Conditions?: Readonly<Record<string, unknown>>;
    readonly Outputs?: Readonly<Record<string, { readonly Value?: unknown; readonly Export?: { readonly Name: unknown } }>>;
    readonly Metadata?: Readonly<Record<string, unknown>>;
    readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  };
}

/** Where a resource is in an assembly. */
export interface Place {
  readonly stackName: string;
  readonly logicalId: string;
}

/** The partition a region belongs to, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
