import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { withRelease } from '../../../cli/assembly/prepare';
import { publish } from '../../../cli/assembly/publish';
import { callerOf, publishingAws } from '../../../cli/assembly/publishing-aws';
import { stackFiles } from '../../../cli/assembly/stack-files';
import { submissionOf } from '../../../cli/commands/submission';
import type { SubmitBody } from '../../../lambda/contract';
import type { Aws } from '../../../rehearsal/aws';
import { Problem } from '../../../rehearsal/problem';
import { faultsApp, type Synthesized } from '../app/app';
import type { Brings } from '../app/stock';
import { PLACES, type PlaceName } from '../names';
import { putInPlace } from '../seeded/broken-handler';
import type { Kind } from '../table/cell';
import { surroundings } from './surroundings';

const BRINGS: Readonly<Partial<Record<Kind, Brings>>> = { expands: 'expand', breaks: 'breaking' };
const silent = () => undefined;
const LOOK_EVERY_MS = 200;

/** Versions and hubs, synthesized in this process and published as `ptl` does: a CLI for each would take the time of the release itself. */
export class Builds {
  private versions = 0;
  private deployments = 0;

  constructor(
    private readonly aws: Aws,
    /** Folder for assemblies. */
    private readonly state: string,
    private readonly place: PlaceName,
  ) {}

  /** The next version, published, and what it is submitted with. @param as the version whose migration it brings once more */
  async next(kind: Kind, as?: string): Promise<SubmitBody> {
    const version = `1.0.${++this.versions}`;
    return this.assembled({ version, bad: kind === 'bad', brings: BRINGS[kind], as }, async (assembly) => {
      const aws = await publishingAws();
      return withRelease(
        { assembly, version, path: PLACES[this.place].path, context: [] },
        surroundings(),
        (region) => callerOf(aws, region),
        async (prepared) => {
          await publish(prepared.files, aws, silent);
          return submissionOf(version, prepared, { context: [], change: [] });
        },
      );
    });
  }

  /** Deploys the hub once more: every function anew, and every machine. @param instead folder that takes the place of a handler's bundle */
  async deployHub(instead?: { readonly handler: string; readonly folder: string }): Promise<void> {
    const outdir = join(this.state, 'hub');
    const { app, path } = faultsApp({ place: this.place, deployment: ++this.deployments, outdir });
    app.synth();
    if (instead) putInPlace(outdir, path.hub.artifactId, instead.handler, instead.folder);
    const stack = new CloudAssembly(outdir).getStackArtifact(path.hub.artifactId);
    const aws = await publishingAws();
    const files = await stackFiles(stack, callerOf(aws, this.aws.region));
    await publish([files], aws, silent);
    const TemplateURL = files.templateUrl.replace('s3://', `https://s3.${this.aws.region}.amazonaws.com/`);
    const client = new CloudFormationClient(this.aws.client);
    await client.send(new UpdateStackCommand({ StackName: files.stackName, TemplateURL, Capabilities: ['CAPABILITY_NAMED_IAM'] }));
    await updated(client, files.stackName);
    rmSync(outdir, { recursive: true, force: true });
  }

  private async assembled<T>(what: Omit<Synthesized, 'place'> & { readonly version: string }, use: (directory: string) => Promise<T>): Promise<T> {
    const outdir = join(this.state, what.version);
    faultsApp({ ...what, place: this.place, outdir }).app.synth();
    const used = await use(outdir);
    rmSync(outdir, { recursive: true, force: true });
    return used;
  }
}

async function updated(client: CloudFormationClient, StackName: string): Promise<void> {
  for (;;) {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
    const status = Stacks?.[0]?.StackStatus ?? '';
    if (status === 'UPDATE_COMPLETE') return;
    if (!status.endsWith('IN_PROGRESS')) throw new Problem(`The hub could not be deployed again: ${status}, ${Stacks?.[0]?.StackStatusReason ?? 'no reason'}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
