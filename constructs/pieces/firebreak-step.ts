import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { FinishInput, FirebreakPlan, OpenFirebreakInput } from '../../lambda/contract';
import { object, optional } from '../kinds/kind';
import { made, requireConstructed, STRING } from '../kinds/kinds';
import { PathToLiveError } from '../private/errors';
import { requireEnvironmentName } from '../private/names';
import { Firebreak } from '../release/firebreak';
import { assignCaught, type Expectation } from '../release/fragments/failure';
import { GuardedStep } from '../release/fragments/guarded-step';
import { callTask, sentence, waitTask } from '../release/fragments/hub-task';
import { DIGEST, EXECUTION, jsonata, type Payload, RELEASE, tokenOfTry } from '../release/fragments/jsonata';
import { DecisionHub } from './decision-hub';
import { ownPlan } from './own-plan';

export interface FirebreakStepProps {
  readonly hub: DecisionHub;
  /** Name of the environment that the firebreak is in front of. */
  readonly environment: string;
  readonly firebreak: Firebreak;
  /**
   * JSONata expression for the version, 1-40 letters, digits, `.`, `_` and `-`.
   *
   * @default '{% $states.context.Execution.Input.release %}'
   */
  readonly release?: string;
  /**
   * JSONata expression for what tells the content of the version from any other, 8-200 characters without blanks: what people accept. It is the same for a
   * version whenever it comes by, or the firebreak refuses it.
   *
   * @default '{% $states.context.Execution.Input.digest %}'
   */
  readonly digest?: string;
  /**
   * JSONata expression for the list of declared changes, for a firebreak that is `when` there are some.
   *
   * @default '{% [] %}'
   */
  readonly changes?: string;
}

const PROPS = object<FirebreakStepProps>({
  hub: made(DecisionHub, 'new DecisionHub(…)'),
  environment: STRING,
  firebreak: made(Firebreak, 'Firebreak.parties([security])'),
  release: optional(STRING),
  digest: optional(STRING),
  changes: optional(STRING),
});

/**
 * The pause of a state machine of a team's own until every party has accepted the release and a release manager has resumed it.
 *
 * Hands on `{ "outcome": "accepted" }`, `{ "outcome": "refused", "failure": … }` or `{ "outcome": "timedOut", "failure": … }`: ask for it in a Choice. An
 * error is a refusal. What is refused or timed out has a ticket.
 *
 * @example
 * new FirebreakStep(this, 'Firebreak', { hub: decisions, environment: 'Production', firebreak: Firebreak.parties([security]) });
 */
export class FirebreakStep extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: FirebreakStepProps) {
    requireConstructed('FirebreakStep', scope, id, props, PROPS);
    super(scope, id);
    const { environment } = props;
    requireEnvironmentName(this.node.path, environment);
    const firebreak = this.plan(props);
    const where = `the firebreak in front of ${environment}`;
    const expectation: Expectation = { step: `Wait at ${where}`, subject: where, expected: 'accepted before its time is up' };
    const closed = this.end('Closed', `${sentenceCase(where)} stays closed`, { outcome: jsonata('$firebreak'), failure: jsonata('$failure') });
    const recorded = this.record(props, closed);
    const ask = this.ask(props, firebreak, expectation.step);
    ask.addCatch(recorded, { errors: [sfn.Errors.TIMEOUT], assign: { ...assignCaught(expectation), firebreak: 'timedOut' } });
    const asked = new GuardedStep(this, 'Answer', {
      task: ask,
      question: `Is ${where} open?`,
      goesOn: "$states.input.outcome in ['passed', 'notNeeded']",
      subject: expectation.subject,
      expected: expectation.expected,
      assign: { firebreak: 'refused' },
      otherwise: recorded,
    });
    const open = this.end('Open', `${sentenceCase(where)} is open`, { outcome: 'accepted' });
    asked.next(open);
    this.startState = asked.startState;
    this.endStates = [open, closed];
  }

  private plan({ firebreak }: FirebreakStepProps): FirebreakPlan {
    const plan = firebreak._bind();
    if (plan !== undefined) return plan;
    throw new PathToLiveError(
      'FirebreakNone',
      this.node.path,
      'there is no firebreak to wait at; leave the step out, or name parties with Firebreak.parties([…])',
    );
  }

  private ask({ hub, environment, ...given }: FirebreakStepProps, firebreak: FirebreakPlan, stateName: string) {
    const payload: Payload<OpenFirebreakInput> = {
      environment,
      release: given.release ?? jsonata(RELEASE),
      digest: given.digest ?? jsonata(DIGEST),
      changes: given.changes ?? [],
      execution: jsonata(EXECUTION),
      plan: ownPlan(this, hub.path, environment, { firebreak }),
      ...tokenOfTry(),
    };
    return waitTask(this, 'Ask', { stateName, calls: hub._functions.openFirebreak, payload, timeout: Duration.seconds(firebreak.timeoutSeconds) });
  }

  /** Closes what is open, and raises the ticket. The machine goes on without it all the same: nothing was accepted. */
  private record({ hub, environment, release }: FirebreakStepProps, next: sfn.Pass): sfn.IChainable {
    const payload: Payload<FinishInput> = {
      release: release ?? jsonata(RELEASE),
      execution: jsonata(EXECUTION),
      outcome: 'stopped',
      environment,
      failure: jsonata('$failure'),
    };
    const stateName = `Record that the release stopped in front of ${environment}`;
    const task = callTask(this, 'Stopped', { stateName, calls: hub._functions.finish, payload });
    task.addCatch(next);
    return task.next(next);
  }

  private end(id: string, stateName: string, outputs: object): sfn.Pass {
    return sfn.Pass.jsonata(this, id, { stateName: sentence(this, stateName), outputs });
  }
}

const sentenceCase = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
