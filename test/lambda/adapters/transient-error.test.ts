import { inDomainErrors } from '../../../lambda/adapters/domain-errors';
import { JsonLog } from '../../../lambda/adapters/json-log';
import { isTransient } from '../../../lambda/adapters/transient-error';
import { Conflict, Retry } from '../../../lambda/domain/errors';

const error = (fields: object) => Object.assign(new Error('x'), fields);

test.each([
  ['a throttle', error({ name: 'ThrottlingException' })],
  ['a throttle of CloudFormation', error({ name: 'Throttling', $metadata: { httpStatusCode: 400 } })],
  ['a service that failed', error({ name: 'Whatever', $metadata: { httpStatusCode: 503 } })],
  ['what the SDK says can be tried again', error({ $retryable: {} })],
  ['a connection that broke', error({ code: 'ECONNRESET' })],
  ['an answer that did not come', error({ name: 'TimeoutError' })],
])('%s may pass', (_, thrown) => expect(isTransient(thrown)).toBe(true));

test.each([
  ['a missing permission', error({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } })],
  ['a wrong request', error({ name: 'ValidationError', $metadata: { httpStatusCode: 400 } })],
  ["the domain's own conflict", new Conflict('x')],
  ['a string', 'Throttling'],
  ['nothing', undefined],
])('%s stays', (_, thrown) => expect(isTransient(thrown)).toBe(false));

describe('a port in domain errors', () => {
  class Port {
    constructor(private readonly thrown: unknown) {}
    async ask(): Promise<string> {
      if (this.thrown) throw this.thrown;
      return 'answer';
    }
    name(suffix: string): string {
      return `name${suffix}`;
    }
  }

  test('answers as before, at once where it did', async () => {
    const port = inDomainErrors(new Port(undefined));
    expect(await port.ask()).toBe('answer');
    expect(port.name('-1')).toBe('name-1');
  });

  test('turns what may pass into Retry, and keeps the cause', async () => {
    const busy = error({ name: 'Throttling', message: 'Rate exceeded' });
    const asked = inDomainErrors(new Port(busy)).ask();
    await expect(asked).rejects.toThrow(Retry);
    await expect(asked).rejects.toMatchObject({ message: 'Rate exceeded', cause: busy });
  });

  test('leaves every other error as it is', async () => {
    const conflict = new Conflict('stale');
    await expect(inDomainErrors(new Port(conflict)).ask()).rejects.toBe(conflict);
  });
});

test('a log line is one line of JSON, without tokens and secrets at any depth', () => {
  const lines: string[] = [];
  const log = new JsonLog({ path: 'Payments' }, (line) => lines.push(line));
  log.info('a\nb', { release: '1.0.0', token: 'top', nested: { taskToken: 'deep', secret: 's', kept: undefined, count: 1 } });
  log.error('gone wrong', {});
  expect(lines[0]).not.toContain('\n');
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    message: 'a\nb',
    path: 'Payments',
    release: '1.0.0',
    token: '(withheld)',
    nested: { taskToken: '(withheld)', secret: '(withheld)', count: 1 },
  });
  expect(JSON.parse(lines[1] ?? '')).toEqual({ level: 'error', message: 'gone wrong', path: 'Payments' });
});
