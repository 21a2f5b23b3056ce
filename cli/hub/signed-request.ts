import { AwsV4Signer } from 'aws4fetch';
import type { ErrorView } from '../../lambda/contract';
import { oneLine } from '../report/one-line';
import type { Surroundings } from '../surroundings';
import { UserError } from '../user-error';
import type { HubAddress } from './address';
import type { Identity } from './aws';
import { notAllowed } from './refused';

export interface HubRequest {
  readonly method: 'GET' | 'POST';
  /** Below the API's URL, for example `/status`. */
  readonly path: string;
  readonly body?: unknown;
  /** Fields that the hub's answer has, whatever it says; or that it is a list. */
  readonly holds: readonly string[] | 'list';
  /** Whether asking again after a lost answer is the same as asking once. */
  readonly repeatable: boolean;
}

const ATTEMPTS = 5;
const THROTTLED = 429;
const FIRST_PAUSE_MS = 400;
/** An HTTP API answers within 30 s or not at all. */
const ANSWER_TIMEOUT_MS = 35_000;

/**
 * Asks the hub, signed with the caller's credentials: who is asking is decided there, from the signature.
 * What can be repeated is, a few times, when the network or the hub failed for a moment; and whatever was throttled.
 *
 * @throws UserError with the hub's own code and message when it refuses
 */
export async function askHub(hub: HubAddress, identity: Identity, surroundings: Surroundings, request: HubRequest): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const answer = await send(hub, identity, request);
    const mayBeDone = !request.repeatable && !isThrottled(answer);
    if (!answer.passing || mayBeDone || attempt >= ATTEMPTS) return finish(answer, hub, identity, request);
    await surroundings.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
  }
}

/** What came back; `passing`: asking again may help. */
type Answer = { readonly passing: boolean } & ({ readonly status: number; readonly text: string } | { readonly lost: Error });

/** The gateway has not let it through: nothing was done, whatever it asks for. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html */
function isThrottled(answer: Answer): boolean {
  return 'status' in answer && answer.status === THROTTLED;
}

async function send(hub: HubAddress, identity: Identity, { method, path, body }: HubRequest): Promise<Answer> {
  const signer = new AwsV4Signer({
    ...(await identity.credentials()),
    method,
    url: `${hub.url}${path}`,
    service: 'execute-api',
    region: hub.region,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const signed = await signer.sign();
  try {
    const response = await fetch(signed.url, { ...signed, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return { status: response.status, text: await response.text(), passing: response.status >= 500 || response.status === THROTTLED };
  } catch (error) {
    return { lost: error as Error, passing: true };
  }
}

async function finish(answer: Answer, hub: HubAddress, identity: Identity, { method, path, holds }: HubRequest): Promise<unknown> {
  if ('lost' in answer) {
    const cause = answer.lost.cause as { code?: string; message?: string } | undefined;
    const why = cause?.code ?? cause?.message ?? answer.lost.message;
    const code = answer.lost.name === 'TimeoutError' ? 'NoAnswer' : 'Unreachable';
    throw new UserError(code, `the hub's API at ${hub.url} does not answer (${why}); check the network, and PTL_API_URL if you set it`, {
      cause: answer.lost,
    });
  }
  const body = parsed(answer.text);
  const asked = `${method} ${path}`;
  if (answer.status >= 200 && answer.status < 300 && body !== undefined) {
    if (isAnswer(body, holds)) return body;
    throw notTheHub(answer, hub, asked);
  }
  if (isErrorView(body)) throw new UserError(body.code, oneLine(body.message));
  if (answer.status === 401 || answer.status === 403) {
    throw notAllowed({ asked, who: await identity.who(hub.region), path: hub.path, answer: `${answer.status} ${shown(answer.text)}` });
  }
  throw notOurs(answer, hub, asked);
}

function isAnswer(body: unknown, holds: HubRequest['holds']): boolean {
  if (holds === 'list') return Array.isArray(body);
  return typeof body === 'object' && body !== null && holds.every((field) => field in body);
}

/** Whatever says yes to everything has done nothing that was asked for. */
function notTheHub({ status, text }: { readonly status: number; readonly text: string }, hub: HubAddress, asked: string): UserError {
  return new UserError(
    'ApiUrl',
    `what answers ${asked} at ${hub.url} is not the hub: ${status} ${shown(text)}; check the network, and PTL_API_URL if you set it`,
  );
}

/** What a gateway answers when its time is up: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const GAVE_UP = [503, 504];

/** Answers that come from the gateway in front of the API, or from something else altogether. */
function notOurs({ status, text }: { readonly status: number; readonly text: string }, hub: HubAddress, asked: string): UserError {
  const said = shown(text);
  if (status === 404) {
    return new UserError(
      'ApiUrl',
      `there is no ${asked} at ${hub.url}: it answered 404 ${said}; is this the URL of the hub's API, and the hub as new as this ptl?`,
    );
  }
  if (GAVE_UP.includes(status)) {
    return new UserError('NoAnswer', `the API gave up waiting for the hub to answer ${asked}: ${status} ${said}; it may be done all the same, see ptl status`);
  }
  return new UserError(
    'HubFailed',
    `the hub could not answer ${asked}: ${status} ${said}; try again, and look at the log of the hub's api function if it goes on`,
  );
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller reports an answer that is not JSON, with its text
  }
}

function isErrorView(body: unknown): body is ErrorView {
  const { code, message } = (body ?? {}) as Partial<ErrorView>;
  return typeof code === 'string' && typeof message === 'string';
}
