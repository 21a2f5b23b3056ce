/** What is deployed and published: plans, front doors, bundles and their templates. */
import type { BundleFile, DeclaredMigration, EnvironmentPlan, FrontDoor, FurtherRule, HiddenUrl, SlotMetadata } from '../../lambda/contract';
import type { Bundles, FrontDoors, Plans, Templates } from '../../lambda/domain/ports';

export class FakePlans implements Plans {
  constructor(public plans: readonly EnvironmentPlan[]) {}
  async environments(): Promise<EnvironmentPlan[]> {
    return structuredClone([...this.plans]);
  }
}

export class FakeFrontDoors implements FrontDoors {
  /** What every live rule did before any release. */
  original = '503';
  /** Rules that are moved with the first one. */
  furtherRules?: readonly FurtherRule[];
  /** Set to make every reading fail. */
  away?: Error;
  readAnew(plan: EnvironmentPlan): Promise<FrontDoor> {
    return this.read(plan);
  }
  async read(plan: EnvironmentPlan): Promise<FrontDoor> {
    if (this.away) throw this.away;
    const url = `http://${plan.environment.toLowerCase()}.example`;
    const reach = (colour: string, header: string): HiddenUrl => ({
      url,
      headers: { 'x-path-to-live-slot': colour },
      secretHeaders: { [header]: `path-to-live/${plan.path}/${plan.environment}/${header}` },
      access: 'whoever sends the key',
    });
    const perColour = (header: string) => Object.fromEntries(plan.slots.map(({ colour }) => [colour, reach(colour, header)]));
    const arn = `arn:aws:elasticloadbalancing:${plan.region}:${plan.account}`;
    return {
      loadBalancerArn: `${arn}:loadbalancer/app/${plan.environment}/1`,
      listenerArn: `${arn}:listener/app/${plan.environment}/1/2`,
      liveRuleArn: `${arn}:listener-rule/app/${plan.environment}/1/2/3`,
      original: this.original,
      ...(this.furtherRules && { furtherRules: this.furtherRules }),
      url,
      hiddenUrls: perColour('x-path-to-live-key'),
      testUrls: perColour('x-path-to-live-test'),
    };
  }
}

/** What is in the asset buckets: `<bucket>/<key>` -> ETag. */
export class FakeBundles implements Bundles {
  readonly files = new Map<string, string>();
  async seal(_plan: EnvironmentPlan, file: { readonly bucket: string; readonly key: string }): Promise<string | undefined> {
    return this.files.get(`${file.bucket}/${file.key}`);
  }
}

export class FakeTemplates implements Templates {
  /** `<bucket>/<key>` of a template -> what it says that it brings. */
  readonly migrations = new Map<string, readonly DeclaredMigration[]>();
  async slotMetadata(_plan: EnvironmentPlan, { bucket, key }: BundleFile): Promise<SlotMetadata | undefined> {
    const migrations = this.migrations.get(`${bucket}/${key}`);
    return { contract: 1, path: 'Payments', environment: 'Production', colour: 'green', version: '1.1.0', ...(migrations && { migrations }) };
  }
}
