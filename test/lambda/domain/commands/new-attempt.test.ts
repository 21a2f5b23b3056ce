import type { SubmitBody } from '../../../../lambda/contract';
import { submit } from '../../../../lambda/domain/commands/submit';
import type { EnvironmentState, Release } from '../../../../lambda/domain/model';
import { opened } from '../../example-gate';
import { examplePlan, liveEnvironment, snapshot } from '../../example-path';
import { type InMemoryPorts, inMemoryPorts } from '../../in-memory-ports';
import { exampleBody, publish } from '../../submission-body';

const PIPELINE = 'arn:aws:sts::111111111111:assumed-role/Pipeline/build-7';
const PLAN = [examplePlan('Integration'), examplePlan('Production')];
const BODY = exampleBody('1.1.0', PLAN);
const BUCKET = 'cdk-assets-222222222222-eu-west-2';

async function refused(ports: InMemoryPorts, body: SubmitBody = BODY): Promise<{ readonly code: string; readonly message: string }> {
  const before = snapshot(ports);
  const refusal = await submit(ports, PIPELINE, body).catch((error: unknown) => error);
  expect(snapshot(ports)).toEqual(before);
  expect(ports.machines.started).toEqual([]);
  return refusal as { readonly code: string; readonly message: string };
}

describe('files of a bundle that are not published are named, with the stack that needs them', () => {
  const keys = BODY.bundle.stacks.map(({ template, stackName }) => `${BUCKET}/${template.key} of ${stackName}`);
  const [asset] = BODY.bundle.stacks.flatMap(({ assets }) => assets);
  const fix = "; publish the assembly's assets (ptl release does) and submit again";

  test('one of them', async () => {
    const ports = inMemoryPorts(PLAN);
    publish(ports, BODY);
    ports.bundles.files.delete(`${BUCKET}/${BODY.bundle.stacks[2]?.template.key}`);
    expect(await refused(ports)).toMatchObject({ code: 'MissingFile', status: 400, message: `these files of the bundle are not published: ${keys[2]}${fix}` });
  });

  test('at most five of them, in order, and how many more there are', async () => {
    const all = [...keys, ...BODY.bundle.stacks.map(({ stackName }) => `${BUCKET}/${asset?.key} of ${stackName}`)].sort();
    const shown = `these files of the bundle are not published: ${all.slice(0, 5).join(', ')}`;
    expect((await refused(inMemoryPorts(PLAN))).message).toBe(`${shown} and 3 more${fix}`);
    const five = inMemoryPorts(PLAN);
    for (const { template } of BODY.bundle.stacks.slice(0, 3)) five.bundles.files.set(`${BUCKET}/${template.key}`, 'etag');
    expect((await refused(five)).message).not.toContain(' more');
  });
});

test('a release for a path that is being taken out is refused, and told by whom, since when and why', async () => {
  const ports = inMemoryPorts(PLAN);
  publish(ports, BODY);
  const [, plan] = PLAN;
  const at = '2026-01-05T08:00:00.000Z';
  const retirement = {
    by: 'arn:owner',
    reason: 'moved away',
    at,
    execution: 'arn:run',
    plan,
    original: '503',
    release: '1.0.0',
  } as EnvironmentState['retirement'];
  ports.ledger.seed(liveEnvironment('1.0.0', 'Integration'), liveEnvironment('1.0.0', 'Production', { retirement }));
  const message = `the path is being retired, arn:owner asked for it at ${at}: moved away; submit a release when that has ended, ptl retire says where it is`;
  expect(await refused(ports)).toMatchObject({ code: 'Retiring', message });
});

test('an attempt closes what was asked about the one before, and leaves what was decided, and a contract that is asked about', async () => {
  const ports = inMemoryPorts(PLAN);
  publish(ports, BODY);
  await submit(ports, PIPELINE, BODY);
  const stopped = { ...((await ports.ledger.release('1.1.0')) as Release), status: 'stopped' as const };
  const about = { release: '1.1.0', digest: BODY.digest };
  ports.ledger.seed(stopped, opened({ ...about, status: 'refused' }), opened(about, 'goNoGo'), { ...opened(about, 'goNoGo'), gate: 'contract' });
  await submit(ports, PIPELINE, BODY);
  const gates = (await ports.ledger.gates('1.1.0')).map(({ gate, status }) => [gate, status]);
  expect(gates.sort()).toEqual([
    ['contract', 'open'],
    ['firebreak', 'refused'],
    ['goNoGo', 'void'],
  ]);
  expect(await ports.ledger.release('1.1.0')).toMatchObject({ attempt: 2, status: 'submitted' });
});

test('files are looked for, and templates read, in the environment that they are for', async () => {
  const ports = inMemoryPorts(PLAN);
  publish(ports, BODY);
  const looked = new Set<string>();
  const { seal } = ports.bundles;
  ports.bundles.seal = async (plan, file) => {
    looked.add(`${plan.environment}: ${file.key}`);
    return seal.call(ports.bundles, plan, file);
  };
  ports.templates.slotMetadata = async (plan, file) => {
    looked.add(`${plan.environment}: template ${file.key}`);
    return undefined;
  };
  await submit(ports, PIPELINE, BODY);
  const wanted = BODY.bundle.stacks.flatMap(({ environment, template, assets }) => [
    ...[template, ...assets].map(({ key }) => `${environment}: ${key}`),
    `${environment}: template ${template.key}`,
  ]);
  expect([...looked].sort()).toEqual([...new Set(wanted)].sort());
  expect((await ports.ledger.release('1.1.0'))?.migrations).toBeUndefined();
});

test('what is live is not started again by who submits it once more', async () => {
  const ports = inMemoryPorts(PLAN);
  publish(ports, BODY);
  await submit(ports, PIPELINE, BODY);
  const { digest } = BODY;
  ports.ledger.seed({ ...((await ports.ledger.release('1.1.0')) as Release), status: 'live' });
  for (const { environment } of PLAN) ports.ledger.seed(liveEnvironment('1.1.0', environment, { live: { colour: 'blue', version: '1.1.0', digest } }));
  ports.machines.away = new Error('nobody is to be called');
  expect(await submit(ports, PIPELINE, BODY)).toMatchObject({ status: 'live' });
});
