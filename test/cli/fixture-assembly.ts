import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnOutput, type IStackSynthesizer, Stack, Stage } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CONTRACT_VERSION, HUB_METADATA, SLOT_METADATA } from '../../lambda/contract';
import { testApp } from '../test-app';

export interface FixtureOptions {
  /** @default '1.4.2' */
  readonly version?: string;
  /** @default ['Payments'] */
  readonly paths?: readonly string[];
  /** @default { Integration: '222222222222', Production: '333333333333' } */
  readonly environments?: Readonly<Record<string, string>>;
  /** @default 1 */
  readonly contract?: number;
  /** Slots that are for whatever account and region they are deployed to. @default false */
  readonly anywhere?: boolean;
  /** @default - the CDK's own */
  readonly synthesizer?: () => IStackSynthesizer;
}

export const HUB = { account: '111111111111', region: 'eu-west-2' };

/** A small app with hubs and release stages, as a path to live synthesizes them: one asset that all slots share. @returns its directory */
export function fixtureAssembly(options: FixtureOptions = {}): string {
  const {
    version = '1.4.2',
    paths = ['Payments'],
    environments = { Integration: '222222222222', Production: '333333333333' },
    contract = CONTRACT_VERSION,
    anywhere = false,
  } = options;
  const root = mkdtempSync(join(tmpdir(), 'ptl-fixture-'));
  const code = join(root, 'service');
  mkdirSync(code);
  writeFileSync(join(code, 'index.js'), 'exports.handler = async () => ({ statusCode: 200 });');
  const app = testApp({ outdir: join(root, 'cdk.out') });
  for (const path of paths) {
    const hub = new Stack(app, `${path}-Hub`, { env: HUB });
    hub.templateOptions.metadata = { [HUB_METADATA]: { contract, path, ...HUB, apiParameter: `/path-to-live/${path}/api-url` } };
    new CfnOutput(hub, 'Path', { value: path });
    const release = new Stage(app, `${path}-Release`);
    for (const [environment, account] of Object.entries(environments)) {
      for (const colour of ['Blue', 'Green']) {
        const slot = new Stack(release, `${environment}${colour}`, {
          stackName: `${path}-${environment}-${colour}`,
          env: anywhere ? undefined : { account, region: 'eu-west-1' },
          synthesizer: options.synthesizer?.(),
        });
        slot.templateOptions.metadata = { [SLOT_METADATA]: { contract, path, environment, colour: colour.toLowerCase(), version } };
        new Asset(slot, 'Code', { path: code });
        new CfnOutput(slot, 'Version', { value: version });
      }
    }
  }
  return app.synth().directory;
}
