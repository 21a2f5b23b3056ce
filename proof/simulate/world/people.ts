import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { session } from '../../../test/lambda/example-gate';
import type { Chance } from '../chance';
import type { FunctionHub } from '../hub/function-hub';
import type { Timeline } from '../timeline';
import { textOf } from './attempts';

/** What the API answered; 502 where it did not. */
export interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly outcome?: string;
}

/** Something that a person asked of the API. What was asked counts, not what was answered: an answer may be lost. */
export interface Said {
  readonly at: number;
  readonly who: string;
  readonly route: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface AskOptions {
  /** Looked at before every try; where it is not so any more, nothing is asked. */
  readonly still?: () => boolean;
  readonly answered?: (answer: Answer) => void;
}

const MOST_TRIES = 12;

/** People and pipelines, who call the hub's API, and call again where it did not answer. */
export class People {
  readonly said: Said[] = [];

  constructor(
    private readonly hub: FunctionHub,
    private readonly timeline: Timeline,
    private readonly chance: Chance,
    private readonly tell: (who: string, what: () => string) => void,
  ) {}

  ask(role: string, route: string, body: object, { still = () => true, answered = () => undefined }: AskOptions = {}, nth = 1): void {
    if (!still()) return;
    const who = session(role);
    this.said.push({ at: this.timeline.now, who, route, body: body as Said['body'] });
    this.hub.invoke('api', eventOf(who, route, body), (ended) => {
      const answer = 'error' in ended ? { status: 502 } : answerOf(ended.output as APIGatewayProxyStructuredResultV2);
      this.tell(role, () => `${route} is answered ${answer.status} ${answer.code ?? answer.outcome ?? ''}`);
      // What is frozen is asked for again, when that may be over.
      const isBusy = answer.status >= 500 || answer.code === 'Conflict' || answer.code === 'Frozen';
      if (!isBusy || nth === MOST_TRIES) return answered(answer);
      this.timeline.after(this.chance.between(3_000, 40_000), () => this.ask(role, route, body, { still, answered }, nth + 1));
    });
  }

  /** Whether somebody of a role has asked for it since then. */
  has(role: string, route: string, since: number, wanted: Readonly<Record<string, unknown>>): boolean {
    const who = session(role);
    return this.said.some(
      (said) => said.who === who && said.route === route && said.at >= since && Object.entries(wanted).every(([field, value]) => said.body[field] === value),
    );
  }
}

function eventOf(userArn: string, route: string, body: object): object {
  const [method = '', path = ''] = route.split(' ');
  const requestContext = { stage: '$default', http: { method, path }, authorizer: { iam: { userArn } } };
  return { version: '2.0', rawPath: path, rawQueryString: '', headers: {}, requestContext, body: textOf(body), isBase64Encoded: false };
}

function answerOf({ statusCode = 0, body }: APIGatewayProxyStructuredResultV2): Answer {
  // Of what was done there is nothing to read but how a roll back went; a release's view is long.
  const isShort = statusCode !== 200 || body?.startsWith('{"outcome"');
  const { code, outcome } = isShort ? (JSON.parse(body ?? 'null') ?? {}) : {};
  return { status: statusCode, ...(typeof code === 'string' && { code }), ...(typeof outcome === 'string' && { outcome }) };
}
