import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { parse } from 'yaml';
import type { ReleaseView, SubmitBody } from '../../../lambda/contract';
import { ACCOUNT, REGION } from '../../../rehearsal/emulator/environment';
import { run } from '../../../rehearsal/emulator/run';
import { compiled } from '../compiled';
import { type Integ, MAX_SECONDS, type Ran } from '../integ';

const APP = 'pipelines';
const PATH = 'Piped';
/** A release of one environment takes a few seconds; on a machine with others at work, many. */
const PATIENCE_MS = 90_000;

/** Every way a pipeline may release by, from an account with a qualifier of its own, and `cdk deploy '**'` by mistake. */
export async function pipelines(integ: Integ): Promise<void> {
  const title = 'any pipeline';
  const project = new Project(integ);
  const bootstrapped = await integ.cdk(
    ['bootstrap', `aws://${ACCOUNT}/${REGION}`, '--qualifier', 'ownqual', '--toolkit-stack-name', 'OwnToolkit'],
    integ.state,
  );
  integ.judge(`${title}: the account is bootstrapped with a qualifier of its own`, bootstrapped.status === 0, bootstrapped.said);
  const platform = await integ.deploy(APP, ['--all']);
  if ('failure' in platform) return integ.judge(`${title}: the platform is deployed`, false, platform.failure);
  const url = platform.outputs['Piped-Live']?.Url ?? '';
  const serves = async () => ((await (await fetch(url)).json()) as { version?: string }).version;

  const shell = await project.sh(`"${join(integ.root, 'examples/pipelines/shell/release.sh')}" 1.0.0`);
  integ.judge(`${title}: the shell script takes 1.0.0 live`, shell.status === 0 && (await serves()) === '1.0.0', shell.said);

  const github = await project.sh(githubSteps(integ.root), { GITHUB_REF_NAME: 'v1.1.0' });
  integ.judge(`${title}: the steps of the GitHub workflow take v1.1.0 live`, github.status === 0 && (await serves()) === '1.1.0', github.said);

  const gitlab = await project.sh(gitlabScript(integ.root), { CI_COMMIT_TAG: 'v1.2.0', AWS_TOKEN: 'unused' });
  integ.judge(`${title}: the script of the GitLab job takes v1.2.0 live`, gitlab.status === 0 && (await serves()) === '1.2.0', gitlab.said);

  const byMistake = await integ.cdk(['deploy', '**', '--app', integ.app(APP), '--require-approval', 'never', '--concurrency', '3']);
  integ.judge(
    `${title}: cdk deploy '**' is refused by the slot's parameter, and users notice nothing`,
    byMistake.status !== 0 && /ReleaseVersion/.test(byMistake.said) && (await serves()) === '1.2.0',
    byMistake.said,
  );

  const machines = new SFNClient(integ.emulator.client);
  const own = await project.bundle('1.3.0');
  const pipeline = await executed(machines, await start(machines, machineNamed(platform.outputs), own));
  integ.judge(`${title}: a team's own state machine submits what ptl bundle prints`, pipeline.status === 'SUCCEEDED', JSON.stringify(pipeline));
  const fromMachine = await project.ended('1.3.0');
  integ.judge(
    `${title}: that release goes live, and its author is the execution`,
    isLive(fromMachine, ':execution:Piped-submit:'),
    JSON.stringify(fromMachine),
  );

  const events = new EventBridgeClient(integ.emulator.client);
  const evented = await project.bundle('1.4.0');
  await send(events, evented);
  await send(events, evented);
  const fromEvent = await project.ended('1.4.0');
  integ.judge(
    `${title}: an event that comes twice is one release, and goes live`,
    isLive(fromEvent, ':execution:Piped-submit:') &&
      (await serves()) === '1.4.0' &&
      fromEvent?.audit.filter(({ what }) => what === 'ReleaseSubmitted').length === 1,
    JSON.stringify(fromEvent),
  );

  await send(events, { ...evented, version: '1.5.0', digest: 'a'.repeat(64) });
  const refused = await refusedSubmission(machines, platform.outputs['Piped-Hub']?.SubmitMachine ?? '');
  integ.judge(`${title}: an event with another digest is refused, and says so`, refused?.error === 'DigestMismatch', JSON.stringify(refused));
  integ.judge(`${title}: and leaves no release behind`, (await project.release('1.5.0')) === undefined, 'there is a release 1.5.0');
}

const isLive = (release: ReleaseView | undefined, author: string) => release?.status === 'live' && release.author.includes(author);

/** A team's project: a folder with a `cdk.json`, where `npx cdk` and `npx ptl` are this repository's. */
class Project {
  private readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;

  constructor(readonly integ: Integ) {
    const { root, state } = integ;
    this.folder = join(state, 'project');
    const bin = join(state, 'project-bin');
    for (const each of [this.folder, bin]) {
      rmSync(each, { recursive: true, force: true });
      mkdirSync(each, { recursive: true });
    }
    writeFileSync(join(this.folder, 'cdk.json'), JSON.stringify({ app: `node "${join(root, compiled('test/integ/apps/pipelines.ts'))}"` }));
    // Its packages are installed: npm has nothing to do.
    script(join(bin, 'npm'), 'exit 0');
    const ptl = `ptl) shift; exec node "${integ.ptlScript}" "$@";;`;
    script(join(bin, 'npx'), `case "$1" in ${ptl} cdk) shift; exec "${join(root, 'node_modules/.bin/cdk')}" "$@" --no-notices;; esac; exit 127`);
    this.env = { ...integ.env, PTL_PATH: PATH, PATH: `${bin}${delimiter}${integ.env.PATH}` };
  }

  sh(commands: string, env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return run('/bin/sh', ['-eu', '-c', commands], { cwd: this.folder, env: { ...this.env, ...env }, seconds: MAX_SECONDS });
  }

  /** Published, and not submitted. */
  async bundle(version: string): Promise<SubmitBody> {
    const ran = await this.sh(`npx ptl bundle ${version} --publish > submission.json`);
    if (ran.status !== 0) throw new Error(`ptl bundle ${version} failed: ${ran.said}`);
    return JSON.parse(readFileSync(join(this.folder, 'submission.json'), 'utf8')) as SubmitBody;
  }

  /** @returns undefined when there is no such release */
  async release(version: string): Promise<ReleaseView | undefined> {
    const ran = await this.sh(`npx ptl status ${version} --json > release.json`);
    return ran.status === 0 ? (JSON.parse(readFileSync(join(this.folder, 'release.json'), 'utf8')) as ReleaseView) : undefined;
  }

  /** The release once it is over. */
  async ended(version: string): Promise<ReleaseView | undefined> {
    for (const begun = Date.now(); Date.now() - begun < PATIENCE_MS; await wait(500)) {
      const release = await this.release(version);
      if (release && release.status !== 'submitted') return release;
    }
    return undefined;
  }
}

function script(file: string, commands: string): void {
  writeFileSync(file, `#!/bin/sh\n${commands}\n`);
  chmodSync(file, 0o755);
}

/** Those steps of the workflow that are commands; the others are GitHub's own. */
function githubSteps(root: string): string {
  const workflow = parse(readFileSync(join(root, 'examples/pipelines/github-actions/release.yml'), 'utf8'));
  const steps: { run?: string }[] = workflow.jobs.release.steps;
  return steps.flatMap(({ run: command }) => (command === undefined ? [] : [`(${command})`])).join('\n');
}

function gitlabScript(root: string): string {
  const { release } = parse(readFileSync(join(root, 'examples/pipelines/gitlab-ci/release.gitlab-ci.yml'), 'utf8'));
  const commands: string[] = [...release.before_script, ...release.script];
  return [`AWS_WEB_IDENTITY_TOKEN_FILE=token`, ...commands].join('\n');
}

function machineNamed(outputs: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const arn = Object.entries(outputs.PipedPipeline ?? {}).find(([, value]) => value.includes(':stateMachine:'))?.[1];
  if (arn === undefined) throw new Error(`the stack PipedPipeline has no output with its machine: ${JSON.stringify(outputs.PipedPipeline)}`);
  return arn;
}

async function start(machines: SFNClient, stateMachineArn: string, input: SubmitBody): Promise<string> {
  const { executionArn } = await machines.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
  return executionArn ?? '';
}

async function executed(machines: SFNClient, executionArn: string) {
  for (const begun = Date.now(); ; await wait(300)) {
    const execution = await machines.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'RUNNING' || Date.now() - begun > PATIENCE_MS) return execution;
  }
}

async function send(events: EventBridgeClient, body: SubmitBody): Promise<void> {
  const Entries = [{ EventBusName: `${PATH}-path-to-live`, Source: 'team.pipeline', DetailType: 'SubmitRelease', Detail: JSON.stringify(body) }];
  const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries }));
  if (FailedEntryCount) throw new Error('the bus did not take the event');
}

async function refusedSubmission(machines: SFNClient, stateMachineArn: string) {
  for (const begun = Date.now(); Date.now() - begun < PATIENCE_MS; await wait(300)) {
    const { executions } = await machines.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'FAILED' }));
    const [failed] = executions ?? [];
    if (failed?.executionArn) return machines.send(new DescribeExecutionCommand({ executionArn: failed.executionArn }));
  }
  return undefined;
}
