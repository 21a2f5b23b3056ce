import type { SubmitBody } from '../../../lambda/contract';
import { executionName } from '../../../lambda/domain/release/submission';
import { submit } from '../../../lambda/handlers/submit';
import { examplePlan } from '../example-path';
import { type InMemoryPorts, inMemoryPorts } from '../in-memory-ports';
import { exampleBody, publish } from '../submission-body';

const PLAN = [examplePlan('Integration'), examplePlan('Production')];
const EXECUTION = 'arn:aws:states:eu-west-2:111111111111:execution:Payments-submit:build-7';
const body = exampleBody('1.1.0', PLAN);

/** A hub where everything of these bodies is published. */
function hub(...bodies: SubmitBody[]): InMemoryPorts {
  const ports = inMemoryPorts(PLAN);
  for (const each of bodies) publish(ports, each);
  return ports;
}

describe('a submission that did not come through the API', () => {
  test('is the release that it would be through the API, submitted by the execution', async () => {
    const ports = hub(body);
    const output = await submit(ports)({ execution: EXECUTION, body });
    expect(output).toEqual({
      outcome: 'submitted',
      release: '1.1.0',
      digest: body.digest,
      execution: ports.machines.executionArn(executionName('1.1.0', 1, ports.clock.now())),
    });
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ author: EXECUTION, digest: body.digest, status: 'submitted' });
    expect(ports.machines.started).toHaveLength(1);
  });

  test('that comes twice, as an event may, is one release', async () => {
    const ports = hub(body);
    const first = await submit(ports)({ execution: EXECUTION, body });
    expect(await submit(ports)({ execution: `${EXECUTION}-again`, body })).toEqual(first);
    expect(await ports.ledger.release('1.1.0')).toMatchObject({ author: EXECUTION, attempt: 1 });
    expect(ports.bus.published.map(({ what }) => what)).toEqual(['ReleaseSubmitted']);
  });

  test.each<[string, unknown, string, string, RegExp]>([
    ['no object', 'release 1.1.0', 'BadInput', 'unknown', /the body must be an object, got: "release 1.1.0"/],
    ['nothing', null, 'BadInput', 'unknown', /the body must be an object/],
    ['no bundle', { version: '1.1.0', digest: body.digest }, 'BadInput', '1.1.0', /bundle must be an object/],
    ['another digest', { ...body, digest: 'a'.repeat(64) }, 'DigestMismatch', '1.1.0', /the bundle of "1.1.0" has digest/],
    ['files that nobody published', exampleBody('1.2.0', PLAN), 'MissingFile', '1.2.0', /are not published/],
  ])('with %s is refused, in data and on the bus, and nothing is changed', async (_, wrong, code, release, message) => {
    const ports = hub(body);
    const output = await submit(ports)({ execution: EXECUTION, body: wrong });
    expect(output).toMatchObject({ outcome: 'refused', code, message: expect.stringMatching(message) });
    expect(ports.bus.published).toEqual([
      { at: expect.any(String), what: 'SubmissionRefused', release, who: EXECUTION, why: expect.stringMatching(message), detail: { code } },
    ]);
    expect(await ports.ledger.latestReleases(1)).toEqual([]);
    expect(ports.machines.started).toEqual([]);
  });

  test('is tried again when a service is busy: that is no refusal', async () => {
    const ports = hub(body);
    ports.machines.away = Object.assign(new Error('throttled'), { name: 'Retry' });
    await expect(submit(ports)({ execution: EXECUTION, body })).rejects.toMatchObject({ name: 'Retry' });
    ports.machines.away = undefined;
    expect(await submit(ports)({ execution: EXECUTION, body })).toMatchObject({ outcome: 'submitted' });
  });
});
