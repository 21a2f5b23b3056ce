/** Deploys the integration tests to the local AWS, one phase after the other, and reads what every assertion reported. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Emulator, startEmulator } from '../../rehearsal/emulator/emulator';
import { ACCOUNT, REGION } from '../../rehearsal/emulator/environment';
import { preparePython } from '../../rehearsal/emulator/python';
import { run } from '../../rehearsal/emulator/run';

const root = join(__dirname, '..', '..');
const state = join(root, '.rehearsal', 'integ');
type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

let passed = 0;
let failed = 0;

function judge(title: string, good: boolean, evidence = ''): void {
  good ? passed++ : failed++;
  console.log(`${good ? 'passed' : 'FAILED'}  ${title}${good ? '' : `\n${evidence}`}`);
}

class Cdk {
  constructor(private readonly emulator: Emulator) {}

  run(args: readonly string[], cwd = root) {
    return run(join(root, 'node_modules', '.bin', 'cdk'), [...args, '--no-notices'], { cwd, env: { ...this.emulator.env, CDK_VALIDATION: 'false' } });
  }

  /** @returns the stacks' outputs, or what went wrong. */
  async deploy(app: string, stacks: readonly string[], context: Readonly<Record<string, string>>): Promise<{ outputs: Outputs } | { failure: string }> {
    const outputsFile = join(state, 'outputs.json');
    rmSync(outputsFile, { force: true });
    const given = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const deployed = await this.run([
      ...['deploy', ...stacks, '--app', `node --import tsx test/integ/${app}.ts`, '--output', join(state, 'cdk.out'), '--outputs-file', outputsFile],
      ...['--require-approval', 'never', '--concurrency', '3', ...given],
    ]);
    return deployed.status === 0 ? { outputs: JSON.parse(readFileSync(outputsFile, 'utf8')) as Outputs } : { failure: deployed.said };
  }

  async ptl(...args: string[]) {
    return run(process.execPath, [join(root, 'bin', 'ptl.js'), ...args], { cwd: root, env: this.emulator.env });
  }
}

/** A deployment whose assertions must all be there and report success. */
async function assertions(cdk: Cdk, title: string, app: string, count: number, context: Readonly<Record<string, string>>, stacks = ['**']): Promise<void> {
  const deployed = await cdk.deploy(app, stacks, context);
  if ('failure' in deployed) return judge(title, false, deployed.failure);
  const results = Object.values(deployed.outputs).flatMap((outputs) => Object.entries(outputs).filter(([name]) => name.startsWith('AssertionResults')));
  judge(`${title}: ${count} assertions ran`, results.length === count, JSON.stringify(results));
  for (const [name, result] of results) {
    judge(`${title}: ${name}`, (JSON.parse(result) as { status?: string }).status === 'success', result);
  }
}

async function trafficSwitch(cdk: Cdk): Promise<void> {
  const app = 'traffic-switch';
  await assertions(cdk, 'a new switch answers 503, and a release can set 10/90', app, 2, { phase: 'made' });
  await assertions(cdk, 'deploying the switch again at 10/90 keeps 10/90', app, 1, { phase: 'again' });
  const failing = await cdk.deploy(app, ['IntegTrafficSwitch'], { phase: 'failing' });
  judge(
    'an update that fails half way is rolled back',
    'failure' in failing && /UPDATE_ROLLBACK_COMPLETE|rolled back|roll ?back/i.test(failing.failure),
    JSON.stringify(failing),
  );
  await assertions(cdk, 'the failed and rolled-back update at 10/90 keeps 10/90', app, 1, { phase: 'after' });
}

/** Not just any stop: the ticket names the deployment, and the resource that failed in it. */
function stoppedAtItsStack({ status, said }: { readonly status: number; readonly said: string }): boolean {
  return status === 2 && /deployment of the slot stack/.test(said) && /there-is-no-such-function|Broken/.test(said);
}

async function wholeRelease(cdk: Cdk): Promise<void> {
  const app = 'whole-release';
  const title = 'a whole release';
  const platform = await cdk.deploy(app, ['--all'], { phase: 'platform' });
  if ('failure' in platform) return judge(`${title}: the platform is deployed`, false, platform.failure);
  const release = (version: string, ...more: string[]) =>
    cdk.ptl('release', version, '--app', `node --import tsx test/integ/${app}.ts`, '--path', 'Integ', '--until', 'live', ...more);
  const first = await release('0.9.0', '--context', 'broken=true');
  judge(`${title}: a first deployment that fails stops the release with exit code 2, and says why`, stoppedAtItsStack(first), first.said);
  const released = await release('1.0.0');
  judge(`${title}: the slot whose first deployment failed takes the next one, which goes live with exit code 0`, released.status === 0, released.said);
  const [table, url] = [platform.outputs['Integ-Hub']?.LedgerTable ?? '', platform.outputs['Integ-Live']?.Url ?? ''];
  // Not '**': that would deploy the slots by hand, which they refuse.
  await assertions(cdk, title, app, 3, { phase: 'released', table, url, version: '1.0.0' }, ['IntegWholeRelease', 'WholeReleaseTest/**']);
}

async function main(): Promise<void> {
  mkdirSync(state, { recursive: true });
  const python = await preparePython({ venv: join(root, '.venv'), requirements: join(root, 'rehearsal', 'requirements.txt'), say: console.log });
  const emulator = await startEmulator({ root, state, python });
  try {
    const cdk = new Cdk(emulator);
    const bootstrapped = await cdk.run(['bootstrap', `aws://${ACCOUNT}/${REGION}`], state);
    judge('the account is bootstrapped', bootstrapped.status === 0, bootstrapped.said);
    await trafficSwitch(cdk);
    await wholeRelease(cdk);
  } finally {
    await emulator.stop();
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
