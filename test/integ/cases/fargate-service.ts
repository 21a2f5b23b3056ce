import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTasksCommand,
  type Task,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { REGION } from '../../../rehearsal/emulator/environment';
import { Traffic } from '../../../rehearsal/traffic/traffic';
import { DELAY_SECONDS } from '../deregistration-delay';
import type { Integ } from '../integ';
import { OpenConnection } from '../open-connection';

const APP = 'fargate-service';
const TITLE = 'a service on Fargate';
const PATIENCE_MS = 90_000;
/** From the schedule's call until the targets are deregistered, on a machine with others at work. */
const SLACK_SECONDS = 4;
/** Images of containers, by what they are called here, and the folders whose programs stand for them. */
export const IMAGES = {
  orders: 'test/integ/images/long-answers',
  'does-not-start': 'test/integ/images/does-not-start',
  migration: 'test/integ/images/migration',
} as const;

/**
 * Containers through a canary and back under load: a first deployment that does not start, a migration whose task fails, and that mended, with a build after it, live's
 * capacity in the shadow before a shift, a slot that is lowered, and the roll back that starts it again. Nobody gets an error. What was open to a slot that has lost its users
 * stays so until that is lowered, and is then finished, or broken off when its time to drain is over.
 */
export async function fargateService(integ: Integ): Promise<void> {
  const platform = await integ.deploy(APP, ['--all']);
  if ('failure' in platform) return integ.judge(`${TITLE}: the platform is deployed`, false, platform.failure);
  const url = platform.outputs['Orders-Live']?.Url ?? '';
  const tasks = new Tasks(integ);
  const release = (version: string, image: keyof typeof IMAGES, brings?: 'failing' | 'mended') => {
    const context = [`image=${image}@sha256:${'1'.repeat(64)}`, ...(brings ? [`brings=${brings}`] : [])].flatMap((each) => ['--context', each]);
    return integ.ptl('release', version, '--app', integ.app(APP), '--path', 'Orders', '--until', 'live', ...context);
  };

  const first = await release('1.0.0', 'orders');
  integ.judge(`${TITLE}: 1.0.0 goes live in the blue slot`, first.status === 0 && (await tasks.running('Blue')) === 2, first.said);
  if (first.status !== 0) return;

  const finish = join(integ.state, 'finish');
  rmSync(finish, { force: true });
  const log = join(integ.state, 'fargate-traffic.jsonl');
  const traffic = Traffic.start([{ environment: 'Live', url, paths: ['/', '/health'], requestsPerSecond: 20 }], log, integ.emulator.env);
  try {
    const broken = await release('1.0.1', 'does-not-start');
    integ.judge(
      `${TITLE}: a version whose tasks do not start is stopped by ECS's circuit breaker, with exit code 2`,
      broken.status === 2 && /circuit breaker/i.test(broken.said),
      broken.said,
    );

    const failing = await release('1.0.2', 'orders', 'failing');
    const evidence =
      /its container ended with exit code 3; the task stopped: Essential container .*exited[\s\S]*migration\/migration\/[\w-]+ of \/path-to-live\/Orders\/Live\/migrations/;
    integ.judge(
      `${TITLE}: a version whose migration's task fails is stopped, with its exit code and where its log is`,
      failing.status === 2 && evidence.test(failing.said.replace(/\s+/g, ' ')),
      failing.said,
    );

    await tasks.set('Blue', 3);
    const [endless, finishing] = [await OpenConnection.open(`${url}/long`), await OpenConnection.open(`${url}/long?until=${encodeURIComponent(finish)}`)];
    const second = await release('1.1.0', 'orders', 'mended');
    integ.judge(`${TITLE}: 1.1.0, which mends it, goes live through a canary`, second.status === 0, second.said);
    const told = await integ.ptl('status', '1.1.0', '--path', 'Orders', '--region', REGION);
    const ended = [/a-task .*finished.*task arn:aws:ecs:/, /a-build .*finished.*build Orders-Live-Green-SlotMigrations-a-build:/];
    integ.judge(
      `${TITLE}: its task has ended, and then its build`,
      ended.every((each) => each.test(told.said.replace(/\s+/g, ' '))),
      told.said,
    );
    const started = await tasks.ofMigration('a-task');
    integ.judge(`${TITLE}: one task was started for each of the two releases`, started.join() === '1.0.2,1.1.0', started.join());
    const raised = await tasks.running('Green');
    integ.judge(`${TITLE}: before traffic moved it had as many tasks as live, which somebody had raised to 3`, raised === 3, `${raised}`);

    judgeOpen(integ, '1.0.0, which has no users any more', '1.0.0', endless, finishing);
    await wait(1_500);
    const lowered = Date.now();
    await tasks.keepCapacity();
    writeFileSync(finish, '');
    await finishing.hasEnded(DELAY_SECONDS);
    const isWhole = finishing.ended?.whole === true && finishing.ended.at > lowered;
    integ.judge(`${TITLE}: what is finished while the slot drains is whole`, isWhole, JSON.stringify(finishing));
    await judgeBrokenOff(integ, endless, lowered);
    integ.judge(`${TITLE}: the slot that serves nobody is lowered after warmFor`, (await tasks.desired('Blue')) === 0, `${await tasks.desired('Blue')}`);

    const open = await OpenConnection.open(`${url}/long`);
    const back = await integ.ptl('roll-back', 'Live', '--reason', 'wrong totals', '--path', 'Orders', '--region', REGION);
    integ.judge(
      `${TITLE}: a roll back to it says that it is started first`,
      back.status === 0 && /was lowered and is started first/.test(back.said),
      back.said,
    );
    const served = await servedOnly(url, '1.0.0');
    integ.judge(`${TITLE}: and when its 3 tasks are healthy, 1.0.0 serves again`, served && (await tasks.running('Blue')) === 3, `${served}`);
    judgeOpen(integ, '1.1.0, which was rolled back', '1.1.0', open);
    await wait(1_500);
    const emptied = Date.now();
    await tasks.keepCapacity();
    await judgeBrokenOff(integ, open, emptied);
  } finally {
    await traffic.stop();
  }
  const responses = traffic.responses();
  const failed = responses.filter(({ status }) => status !== 200);
  const versions = new Set(responses.map(({ version }) => version));
  integ.judge(`${TITLE}: ${responses.length} requests under way, 0 failed`, responses.length > 100 && failed.length === 0, JSON.stringify(failed.slice(0, 5)));
  integ.judge(`${TITLE}: users were served by 1.0.0 and 1.1.0, and by no other`, [...versions].sort().join() === '1.0.0,1.1.0', [...versions].join());
}

/** Nothing of it has been taken away, long after its slot has lost its weight. */
function judgeOpen(integ: Integ, what: string, version: string, ...connections: readonly OpenConnection[]): void {
  const open = connections.filter((each) => each.ended === undefined && each.version === version && Date.now() - each.lastAt < 1_000);
  integ.judge(`${TITLE}: ${connections.length} connections to ${what}, are open still`, open.length === connections.length, JSON.stringify(connections));
}

/** Not before its time, and at that. */
async function judgeBrokenOff(integ: Integ, connection: OpenConnection, lowered: number): Promise<void> {
  const { ended } = await connection.hasEnded(DELAY_SECONDS + SLACK_SECONDS);
  const seconds = ((ended?.at ?? 0) - lowered) / 1000;
  integ.judge(
    `${TITLE}: what is open without an end is broken off ${seconds} s after its slot is lowered, which drains for ${DELAY_SECONDS} s`,
    ended?.whole === false && seconds >= DELAY_SECONDS && seconds <= DELAY_SECONDS + SLACK_SECONDS,
    JSON.stringify(connection),
  );
}

/** Ten answers in a row of one version. */
async function servedOnly(url: string, version: string): Promise<boolean> {
  for (let [row, begun] = [0, Date.now()]; Date.now() - begun < PATIENCE_MS; await wait(200)) {
    const answer = (await (await fetch(url)).json()) as { version?: string };
    row = answer.version === version ? row + 1 : 0;
    if (row === 10) return true;
  }
  return false;
}

/** The slots' services, as somebody with the account's console sees them. */
class Tasks {
  private readonly ecs: ECSClient;
  private readonly lambda: LambdaClient;

  constructor({ emulator }: Integ) {
    this.ecs = new ECSClient(emulator.client);
    this.lambda = new LambdaClient(emulator.client);
  }

  async running(slot: string): Promise<number | undefined> {
    return (await this.service(slot))?.runningCount;
  }

  async desired(slot: string): Promise<number | undefined> {
    return (await this.service(slot))?.desiredCount;
  }

  async set(slot: string, desiredCount: number): Promise<void> {
    const found = await this.service(slot);
    await this.ecs.send(new UpdateServiceCommand({ cluster: found?.clusterArn, service: found?.serviceName, desiredCount }));
  }

  /** Releases that tasks of a migration were started for, oldest first. */
  async ofMigration(name: string): Promise<string[]> {
    const { clusterArns = [] } = await this.ecs.send(new ListClustersCommand({}));
    const cluster = clusterArns.find((arn) => arn.endsWith(`-SlotMigrations-${name}`));
    const { taskArns = [] } = await this.ecs.send(new ListTasksCommand({ cluster, desiredStatus: 'STOPPED' }));
    const { tasks = [] } = await this.ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    const releaseOf = ({ overrides }: Task) =>
      overrides?.containerOverrides?.[0]?.environment?.find((each) => each.name === 'PATH_TO_LIVE_RELEASE')?.value ?? '';
    return tasks.map(releaseOf).sort();
  }

  /** What the schedule calls every minute. */
  async keepCapacity(): Promise<void> {
    const { Functions = [] } = await this.lambda.send(new ListFunctionsCommand({ MaxItems: 1000 }));
    const keeper = Functions.find(({ FunctionName }) => FunctionName?.includes('KeepCapacity'));
    await this.lambda.send(new InvokeCommand({ FunctionName: keeper?.FunctionName, Payload: Buffer.from('{}') }));
  }

  private async service(slot: string) {
    const cluster = await this.cluster(slot);
    const { serviceArns = [] } = await this.ecs.send(new ListServicesCommand({ cluster }));
    return (await this.ecs.send(new DescribeServicesCommand({ cluster, services: serviceArns }))).services?.[0];
  }

  /** Named after its slot's stack. */
  private async cluster(slot: string): Promise<string> {
    const { clusterArns = [] } = await this.ecs.send(new ListClustersCommand({}));
    return clusterArns.find((arn) => arn.includes(`Orders-Live-${slot}`) && !arn.includes('SlotMigrations')) ?? 'none';
  }
}
