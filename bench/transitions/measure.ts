import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Graph } from '../../cli/review/machines/graph';
import { machinesOf } from '../../cli/review/machines/machines';
import { readReviewedPath } from '../../cli/review/read/reviewed-path';
import { Environment, LambdaWorkload, PathToLive, Waves } from '../../lib';
import { temporaryFolder } from '../temporary-folder';
import { FEATURES, type Feature, PLAIN } from './features';

export interface TransitionFigures {
  /** Of a release that goes straight through one plain environment, from its path's machine on. */
  readonly plain: number;
  readonly features: readonly { readonly name: string; readonly transitions: number }[];
}

const PLACES = ['eu-west-2', 'eu-west-1'] as const;
const ACCOUNT = '111111111111';

/** By the synthesized definitions: each state that is entered is a transition, as AWS counts them. Tries that fail come on top. */
export async function measureTransitions(tell: (line: string) => void): Promise<TransitionFigures> {
  tell(`Transitions: ${FEATURES.length} features`);
  const folder = temporaryFolder();
  const of = (feature: Feature, place: number) => transitionsOf(feature, join(folder, String(place)));
  const plain = await of({ name: 'plain' }, 0);
  const features: { name: string; transitions: number }[] = [];
  for (const [place, feature] of FEATURES.entries()) {
    const counted = await of(feature, place + 1);
    features.push({ name: feature.name, transitions: feature.later ? plain + counted : counted });
  }
  return { plain, features };
}

async function transitionsOf(feature: Feature, outdir: string): Promise<number> {
  const app = new App({ outdir });
  const environments = PLACES.slice(0, feature.second ? 2 : 1).map(
    (region, place) => new Environment(`Live${place + 1}`, { ...PLAIN, env: { account: ACCOUNT, region }, ...feature.environment }),
  );
  const waves = feature.second === 'wave' ? [Waves.of('Live', environments)] : undefined;
  const workload = new LambdaWorkload({ code: Code.fromAsset(join(__dirname, '..', '..', 'examples', 'service')), handler: 'index.handler' });
  new PathToLive(app, 'Counted', { hub: { account: ACCOUNT, region: PLACES[0] }, workload, environments, waves, ...feature.path });
  app.synth();
  const { needs, later } = feature;
  const machines = machinesOf(await readReviewedPath(outdir, 'Counted')).filter(({ kind }) => kind === 'environment' || (kind === 'path' && !later));
  const states = machines.flatMap(({ definition }) => new Graph(definition).through(needs));
  if (needs && !states.some((name) => needs.test(name))) throw new Error(`no release comes to ${needs}: ${feature.name}`);
  return states.length;
}
