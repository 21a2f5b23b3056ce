import type { APIGatewayProxyEventV2WithIAMAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Routes, routeOf } from '../domain/commands/route';
import { Conflict, Refused, Retry } from '../domain/errors';
import type { Ports } from '../domain/ports';

/** Answers calls of an HTTP API. Who asks is what the authorizer says, never what the request says. */
export function signedCalls(ports: Ports, routes: Routes) {
  return async (event: APIGatewayProxyEventV2WithIAMAuthorizer): Promise<APIGatewayProxyStructuredResultV2> => {
    const asked = `${event.requestContext.http.method} ${event.rawPath}`;
    const caller = callerOf(event);
    try {
      if (!caller) throw new Refused('NoIdentity', 'the request carries no identity; sign it with AWS credentials (SigV4)', 403);
      const found = routeOf(routes, event.requestContext.http.method, pathOf(event));
      if (!found) throw new Refused('UnknownRoute', `there is no ${asked}; ptl --help says what there is`, 404);
      return answer(200, await found.command({ ports, caller, name: found.name, body: bodyOf(event), query: new URLSearchParams(event.rawQueryString) }));
    } catch (error) {
      return refusal(ports, error, { asked, caller });
    }
  };
}

function callerOf(event: APIGatewayProxyEventV2WithIAMAuthorizer): string | undefined {
  const { authorizer } = event.requestContext as Partial<APIGatewayProxyEventV2WithIAMAuthorizer['requestContext']>;
  return authorizer?.iam?.userArn || undefined;
}

/** Without the stage, which is part of the path unless it is the default one. */
function pathOf({ rawPath, requestContext: { stage } }: APIGatewayProxyEventV2WithIAMAuthorizer): string {
  return rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
}

function bodyOf({ body = '', isBase64Encoded }: APIGatewayProxyEventV2WithIAMAuthorizer): unknown {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refused('BadJson', `the body is not JSON: ${(error as Error).message}`, 400);
  }
}

function refusal(ports: Ports, error: unknown, about: Readonly<Record<string, unknown>>): APIGatewayProxyStructuredResultV2 {
  if (error instanceof Refused) {
    ports.log.info('refused', { ...about, code: error.code, why: error.message });
    return answer(error.status, { code: error.code, message: error.message });
  }
  ports.log.error('request failed', { ...about, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  if (error instanceof Conflict)
    return answer(409, { code: 'Conflict', message: 'somebody else changed the same thing at the same time; look at it again and repeat what you asked for' });
  if (error instanceof Retry) return answer(503, { code: 'Busy', message: 'a service the hub needs is busy; repeat what you asked for in a moment' });
  return answer(500, { code: 'Unexpected', message: `the hub could not do ${about.asked}; its log says why` });
}

function answer(statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
