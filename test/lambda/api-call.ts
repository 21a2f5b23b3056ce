import type { APIGatewayProxyEventV2WithIAMAuthorizer } from 'aws-lambda';
import { api } from '../../lambda/handlers/api';
import type { InMemoryPorts } from './in-memory-ports';

/** What the API answered. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
  readonly body: any;
}

/** Calls an API as `caller`, the way the gateway does. */
export function callOf(handler: typeof api) {
  return async (
    ports: InMemoryPorts,
    caller: string | undefined,
    route: string,
    body?: unknown,
    given: Partial<APIGatewayProxyEventV2WithIAMAuthorizer> = {},
  ): Promise<Answer> => {
    const [method = '', path = ''] = route.split(' ');
    const event = {
      version: '2.0',
      routeKey: '$default',
      rawPath: path,
      rawQueryString: '',
      headers: { 'content-type': 'application/json' },
      requestContext: { stage: '$default', http: { method, path }, ...(caller === undefined ? {} : { authorizer: { iam: { userArn: caller } } }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      isBase64Encoded: false,
      ...given,
    } as unknown as APIGatewayProxyEventV2WithIAMAuthorizer;
    const { statusCode, body: text } = await handler(ports)(event);
    return { status: statusCode ?? 0, body: JSON.parse(text ?? 'null') };
  };
}

/** Calls the hub's API. */
export const call = callOf(api);
