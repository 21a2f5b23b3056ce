import { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { TestPlan } from '../../lambda/contract';
import { object, optional, requireKind } from '../kinds/kind';
import { DURATION, FUNCTION, NUMBER, STRING } from '../kinds/kinds';
import { requireHttpPath, requireLiteral, requireMatch, requireSeconds, requireWhole } from '../private/validate';

export interface HttpTestOptions {
  /**
   * What the test is called in the audit trail, in tickets and in the state machine. 1-40 letters, digits, spaces, `/`, `_`, `.` and `-`.
   *
   * @default - `GET` and the path
   */
  readonly name?: string;
  /**
   * The only status that passes, 100-599.
   *
   * @default 200
   */
  readonly expectStatus?: number;
  /**
   * 1-60 seconds.
   *
   * @default Duration.seconds(10)
   */
  readonly timeout?: Duration;
}

export interface LambdaTestOptions {
  /**
   * What the test is called in the audit trail, in tickets and in the state machine. 1-40 letters, digits, spaces, `/`, `_`, `.` and `-`.
   *
   * @default - the construct id of the function
   */
  readonly name?: string;
  /**
   * How long the function may take, 1-840 seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly timeout?: Duration;
}

const HTTP_OPTIONS = object<HttpTestOptions>({ name: optional(STRING), expectStatus: optional(NUMBER), timeout: optional(DURATION) });
const LAMBDA_OPTIONS = object<LambdaTestOptions>({ name: optional(STRING), timeout: optional(DURATION) });

/**
 * A test of the version in the shadow, run inside the environment's account and against the slot's own address.
 *
 * @example
 * new Environment('Integration', { env, tests: [EnvironmentTest.http('/health')] });
 */
export abstract class EnvironmentTest {
  /** One GET request. */
  static http(path: string, options: HttpTestOptions = {}): EnvironmentTest {
    return new HttpTest(path, options);
  }

  /**
   * A function of yours, in the environment's account and region. It is told which slot to test and how to reach it (`TestRequest`
   * of the contract), and answers with a verdict (`TestAnswer`). Where the hub is in another account or region the function needs a
   * `functionName`: nothing else can be referred to from there.
   */
  static lambda(testFunction: IFunction, options: LambdaTestOptions = {}): EnvironmentTest {
    return new LambdaTest(testFunction, options);
  }

  /**
   * Unique within an environment.
   *
   * @internal
   */
  abstract readonly _name: string;

  /** @internal */
  abstract _bind(): TestPlan;

  /**
   * Who needs the key of the environment's test rules, beside the probe.
   *
   * @internal
   */
  _grantee(): IGrantable | undefined {
    return undefined;
  }

  /**
   * Where it runs; undefined: wherever the environment is.
   *
   * @internal
   */
  _place(): { readonly account: string; readonly region: string } | undefined {
    return undefined;
  }
}

class HttpTest extends EnvironmentTest {
  readonly _name: string;
  private readonly plan: TestPlan;

  constructor(path: string, options: HttpTestOptions) {
    super();
    const where = 'EnvironmentTest.http';
    requireKind(where, 'options', options, HTTP_OPTIONS);
    requireHttpPath(where, path);
    this._name = requireTestName(where, options.name ?? `GET ${path.replace(/[^A-Za-z0-9/_.-].*$/, '')}`.slice(0, 40));
    const expectStatus = options.expectStatus ?? 200;
    requireWhole({ code: 'HttpStatus', where, what: 'the expected status' }, expectStatus, 100, 599);
    const timeoutSeconds = requireSeconds({ code: 'HttpTimeout', where, what: 'the timeout' }, options.timeout ?? Duration.seconds(10), 1, 60);
    this.plan = { kind: 'http', name: this._name, path, expectStatus, timeoutSeconds };
  }

  _bind(): TestPlan {
    return this.plan;
  }
}

class LambdaTest extends EnvironmentTest {
  readonly _name: string;
  private readonly timeoutSeconds: number;

  constructor(
    private readonly testFunction: IFunction,
    options: LambdaTestOptions,
  ) {
    super();
    const where = 'EnvironmentTest.lambda';
    requireKind(where, 'testFunction', testFunction, FUNCTION);
    requireKind(where, 'options', options, LAMBDA_OPTIONS);
    this._name = requireTestName(where, options.name ?? testFunction.node.id);
    // The hub's function that waits for the answer runs 15 minutes at most, and needs the last of them to record it.
    this.timeoutSeconds = requireSeconds({ code: 'TestTimeout', where, what: 'the timeout' }, options.timeout ?? Duration.minutes(5), 1, 840);
  }

  override _place(): { readonly account: string; readonly region: string } {
    return this.testFunction.env;
  }

  _bind(): TestPlan {
    return { kind: 'lambda', name: this._name, functionArn: this.testFunction.functionArn, timeoutSeconds: this.timeoutSeconds };
  }

  override _grantee(): IGrantable {
    return this.testFunction;
  }
}

function requireTestName(where: string, name: string): string {
  const subject = { code: 'TestName', where, what: 'the name of the test' };
  requireLiteral(subject, name);
  requireMatch(subject, name, /^[A-Za-z][A-Za-z0-9 /_.-]{0,39}$/, '1-40 letters, digits, spaces, "/", "_", "." or "-", starting with a letter');
  return name;
}
