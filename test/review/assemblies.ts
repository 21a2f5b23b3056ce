import { cpSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type App, Duration } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  Entrance,
  Environment,
  Firebreak,
  GoNoGo,
  HealthGate,
  type ISharedState,
  LambdaMigration,
  LambdaWorkload,
  Migration,
  Party,
  PathToLive,
  PlannedOutage,
  ShadowAccess,
  SlotRule,
  SlotRules,
  TrafficStrategy,
} from '../../lib';
import { bundled } from '../bundles';
import { testApp } from '../test-app';

const INTEGRATION = { account: '222222222222', region: 'eu-west-2' };
const PRODUCTION = { account: '333333333333', region: 'eu-west-2' };
export const REASON = 'the team sits beside the users';

export function temporary(name: string): string {
  return mkdtempSync(join(tmpdir(), `ptl-review-${name}-`));
}

/** The example app, as its cdk.json and a user's credentials make it. @returns the directory of its assembly */
export function exampleAssembly(): string {
  bundled();
  Object.assign(process.env, {
    CDK_DEFAULT_ACCOUNT: '111111111111',
    CDK_DEFAULT_REGION: 'eu-west-2',
    CDK_CONTEXT_JSON: JSON.stringify({ ...JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}'), ...require('../../cdk.json').context }),
    CDK_OUTDIR: join(temporary('example'), 'cdk.out'),
  });
  const { app } = require('../../bin/path-to-live') as { app: App };
  delete process.env.CDK_OUTDIR;
  return app.synth().directory;
}

const uploads: ISharedState = { bind: (scope) => ({ values: { BucketName: new Bucket(scope, 'Uploads').bucketName } }) };

/** A path over two accounts beside the hub's, HTTPS, with shared state, and with everything switched off that can be. */
export function twoAccounts(): string {
  bundled();
  const app = testApp({ outdir: join(temporary('two'), 'cdk.out') });
  const entrance = (name: string, account: string) =>
    Entrance.newLoadBalancer({ domainName: `${name}.example.com`, certificateArns: [`arn:aws:acm:eu-west-2:${account}:certificate/1`] });
  const made = new PathToLive(app, 'Payments', {
    hub: { account: '111111111111', region: 'eu-west-2' },
    workload: new LambdaWorkload({ code: Code.fromAsset('examples/service'), handler: 'index.handler' }),
    sharedState: uploads,
    environments: [
      new Environment('Integration', { env: INTEGRATION, entrance: entrance('integration', INTEGRATION.account) }),
      new Environment('Production', {
        env: PRODUCTION,
        entrance: entrance('www', PRODUCTION.account),
        firebreak: Firebreak.none({ reason: REASON }),
        goNoGo: GoNoGo.none({ reason: REASON }),
        healthGates: [HealthGate.none({ reason: REASON })],
        shadowAccess: ShadowAccess.open({ reason: REASON }),
        traffic: TrafficStrategy.canary({ steps: [25], bakeTime: Duration.minutes(5) }),
      }),
    ],
  });
  for (const slot of made.release.node.findAll().filter(({ node }) => /Production\/\w+\/Slot\/Workload$/.test(node.path))) {
    new Bucket(slot, 'Cache');
    SlotRules.of(slot).acknowledge(SlotRule.NO_STATE, 'a cache that fills itself again');
  }
  return app.synth().directory;
}

/** Users of the listener of {@link adopted} before any release. */
export const SERVING = 'arn:aws:elasticloadbalancing:eu-central-1:333333333333:targetgroup/pay/73e2d6bc24d8a067';

/** A database nobody had encrypted, in a network the CDK is told too little of. */
const database: ISharedState = {
  bind: (scope) => {
    const vpc = Vpc.fromVpcAttributes(scope, 'Vpc', {
      vpcId: 'vpc-0a1b2c3d4e5f60718',
      availabilityZones: ['eu-central-1a', 'eu-central-1b'],
      isolatedSubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-1a1b2c3d4e5f60718'],
    });
    const made = new DatabaseInstance(scope, 'Database', {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 }),
    });
    return { values: { Host: made.dbInstanceEndpointAddress } };
  },
};

/** A path of one environment on a listener that serves users now, whose releases break what the live version needs. */
export function adopted(): string {
  bundled();
  const app = testApp({ outdir: join(temporary('adopted'), 'cdk.out') });
  const env = { account: '333333333333', region: 'eu-central-1' };
  const task = () => new LambdaMigration({ code: Code.fromInline('exports.handler = async () => ({ done: true });'), handler: 'index.handler' });
  const role = (name: string) => `arn:aws:iam::333333333333:role/${name}`;
  new PathToLive(app, 'Pay', {
    hub: { ...env, account: '111111111111' },
    workload: new LambdaWorkload({ code: Code.fromAsset('examples/existing-alb/service'), handler: 'index.handler' }),
    sharedState: database,
    migrations: [
      Migration.expand('add-currency', task()),
      Migration.breaking('split-name', task()),
      Migration.breaking('drop-family', task(), { undo: task() }),
      Migration.contract('drop-name', task()),
    ],
    environments: [
      new Environment('Production', {
        env,
        firebreak: Firebreak.parties([Party.of('Service management', { members: [role('ServiceManager'), role('Deputy')] })]),
        goNoGo: GoNoGo.by(Party.of('Change authority', { members: [role('ChangeAuthority')] })),
        traffic: TrafficStrategy.canary({ steps: [25], bakeTime: Duration.minutes(5) }),
        plannedOutage: PlannedOutage.allowed({ reason: REASON, longest: Duration.minutes(20), says: 'Back at 07:00.' }),
        entrance: Entrance.existingListener({
          listenerArn: 'arn:aws:elasticloadbalancing:eu-central-1:333333333333:listener/app/front/50dc6c495c0c9188/f2f7dc8efc522ab2',
          url: 'https://www.example.com',
          vpcId: 'vpc-0a1b2c3d4e5f60718',
          rulePriority: 200,
          pathPatterns: ['/pay', '/pay/*'],
          currentlyServing: SERVING,
          furtherRules: [{ name: 'Partners', priority: 211, pathPatterns: ['/partners'] }],
        }),
      }),
    ],
  });
  return app.synth().directory;
}

/** Paths of one environment each, which says nothing of how traffic moves. */
export function unsaidTraffic(...paths: readonly string[]): string {
  bundled();
  const app = testApp({ outdir: join(temporary('unsaid'), 'cdk.out') });
  const [firebreak, goNoGo] = [Firebreak.none({ reason: REASON }), GoNoGo.none({ reason: REASON })];
  for (const path of paths) {
    new PathToLive(app, path, {
      hub: PRODUCTION,
      workload: new LambdaWorkload({ code: Code.fromAsset('examples/service'), handler: 'index.handler' }),
      environments: [new Environment('Production', { env: PRODUCTION, firebreak, goNoGo })],
    });
  }
  return app.synth().directory;
}

/** A copy of an assembly somewhere else, with one of its files changed. @returns its directory */
export function copied(assembly: string, file?: RegExp, change: (content: string) => string = (content) => content): string {
  const copy = join(temporary('copy'), 'assembly');
  cpSync(assembly, copy, { recursive: true });
  if (file === undefined) return copy;
  const found = filesIn(copy).find((name) => file.test(name));
  if (found === undefined) throw new Error(`there is no file like ${file}`);
  const before = readFileSync(join(copy, found), 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${found} was not changed`);
  writeFileSync(join(copy, found), after);
  return copy;
}

/** Changes a resource of a template. */
export function changed(id: RegExp, type: string, change: (properties: Record<string, never>) => void): (content: string) => string {
  return (content) => {
    const template = JSON.parse(content);
    const found = Object.entries<{ Type: string; Properties: Record<string, never> }>(template.Resources).find(
      ([name, { Type }]) => id.test(name) && Type === type,
    );
    if (found === undefined) throw new Error(`there is no ${type} like ${id}`);
    change(found[1].Properties);
    return JSON.stringify(template);
  };
}

/** Every file under a folder, by its path from there. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => relative(folder, join(folder, name)))
    .sort();
}
