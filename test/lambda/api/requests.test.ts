import { Conflict, Retry } from '../../../lambda/domain/errors';
import { call } from '../api-call';
import { session } from '../example-gate';
import { snapshot } from '../example-path';
import { accept, acceptedByAll, atGate, BODY, decide, MANAGER, PIPELINE, shifted, TOKEN, world } from './world';

describe('the API', () => {
  test('believes the authorizer about who asks, and nothing in the request', async () => {
    const ports = await atGate(await world());
    const lie = { by: session('OnCall'), caller: session('OnCall'), userArn: session('OnCall') };
    const headers = { 'x-amzn-iam-user-arn': session('OnCall'), 'x-caller': session('OnCall') };
    const answer = await call(ports, session('Stranger'), 'POST /releases/1.1.0/decisions', { ...accept(), ...lie }, { headers });
    expect(answer).toMatchObject({ status: 403, body: { code: 'NotInParty' } });
  });

  test('answers on a named stage, and takes a body in base64', async () => {
    const ports = await atGate(await world());
    const { requestContext } = {
      requestContext: { stage: 'v1', http: { method: 'POST', path: '/v1/releases/1.1.0/decisions' }, authorizer: { iam: { userArn: session('OnCall') } } },
    };
    const given = {
      rawPath: '/v1/releases/1.1.0/decisions',
      requestContext,
      body: Buffer.from(JSON.stringify(accept())).toString('base64'),
      isBase64Encoded: true,
    };
    expect((await call(ports, undefined, 'POST /', undefined, given as never)).status).toBe(200);
  });

  test('takes a submission of more than 256 kB', async () => {
    const ports = await world();
    expect(await call(ports, PIPELINE, 'POST /releases', { ...BODY, padding: 'x'.repeat(300_000) })).toMatchObject({ status: 200 });
  });

  test.each([
    ['somebody else is faster every time', new Conflict('revision 3'), 409, 'Conflict'],
    ['a service is busy', new Retry('throttled'), 503, 'Busy'],
    ['something breaks', new Error('AccessDenied for role X'), 500, 'Unexpected'],
  ])('says so when %s, without what is inside, and logs it', async (_title, error, status, code) => {
    const ports = await atGate(await world());
    const before = snapshot(ports);
    const commit = jest.spyOn(ports.ledger, 'commit').mockRejectedValue(error);
    const answer = await decide(ports, session('OnCall'));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.message).not.toContain(error.message);
    expect(commit.mock.calls.length).toBe(error instanceof Conflict ? 5 : 1);
    expect(ports.log.lines.at(-1)).toMatchObject({ level: 'error', message: 'request failed' });
    expect(snapshot(ports)).toEqual(before);
  });

  test('never says or logs what a machine waits on', async () => {
    const ports = await acceptedByAll();
    const said = [
      await call(ports, MANAGER, 'POST /releases/1.1.0/resume', { environment: 'Production' }),
      await call(ports, PIPELINE, 'GET /releases/1.1.0'),
      await call(ports, PIPELINE, 'GET /releases'),
      await call(ports, PIPELINE, 'GET /status'),
      await call(await shifted(), MANAGER, 'POST /environments/Production/roll-back', { reason: 'slow' }),
    ];
    expect(said.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(JSON.stringify([said, ports.log.lines, ports.bus.published])).not.toContain(TOKEN);
  });
});
