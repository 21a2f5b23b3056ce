import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { CONTRACT_VERSION, keptOfParent, type OwnPathInput } from '../../lambda/contract';
import { object, optional } from '../kinds/kind';
import { CHAINABLE, made, requireConstructed, STRING } from '../kinds/kinds';
import { requireMatch } from '../private/validate';
import { sentence } from '../release/fragments/hub-task';
import { EXECUTION, jsonata, literal, type Payload } from '../release/fragments/jsonata';
import { ThroughEnvironment } from '../release/fragments/through-environment';
import { EnvironmentHub } from './environment-hub';

export interface ThroughEnvironmentStepProps {
  readonly hub: EnvironmentHub;
  /** Name of the environment. */
  readonly environment: string;
  /**
   * JSONata expression for what the release is submitted with: the object that `ptl bundle` prints, whose files are published by now. The same in all
   * steps of an execution.
   *
   * @default '{% $states.context.Execution.Input %}'
   */
  readonly submission?: string;
  /**
   * Where it leads when the release does not go live there: refused, stopped or rolled back. The environment is as it was before, a ticket says why, and the
   * release has ended: no other environment lets it in. The variable `$failure` has `step`, `subject`, `expected`, `actual` and `logs`.
   */
  readonly otherwise: sfn.IChainable;
}

const PROPS = object<ThroughEnvironmentStepProps>({
  hub: made(EnvironmentHub, 'new EnvironmentHub(…)'),
  environment: STRING,
  submission: optional(STRING),
  otherwise: CHAINABLE,
});

const FOUND = "$states.input.outcome & ', and the ticket ' & $states.input.ticket & ' says why'";

/**
 * Takes a release through one environment, as one state of a machine of a team's own: registered, past the firebreak, deployed to the shadow, migrated, tested,
 * asked for go/no-go, shifted step by step while health gates watch, accepted; or stopped, or rolled back. Goes on when it is live there, at once where it was
 * already, with `{ "outcome": "live", "environment": "…", "release": "…" }`.
 *
 * The release has ended when the machine has: live, where that has succeeded and every environment it went through has the release live. A machine that is
 * stopped, or dies, has what is under way taken back, and leaves one ticket.
 *
 * @example
 * const otherwise = sfn.Fail.jsonata(this, 'NotLive', { cause: '{% $failure.actual %}' });
 * new ThroughEnvironmentStep(this, 'ThroughProduction', { hub: shop, environment: 'Production', otherwise });
 */
export class ThroughEnvironmentStep extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, props: ThroughEnvironmentStepProps) {
    requireConstructed('ThroughEnvironmentStep', scope, id, props, PROPS);
    super(scope, id);
    const { hub, environment, otherwise } = props;
    const workflow = hub._workflow(this.node.path, environment);
    const name = jsonata(`$substring($states.context.Execution.Name, 0, ${keptOfParent(environment)}) & ${literal(`-${environment}`)}`);
    const through = new ThroughEnvironment(this, 'Through', { environment, workflow, name, input: this.input(props), otherwise, found: FOUND });
    // A machine may end here, which it cannot at a question.
    const live = sfn.Pass.jsonata(this, 'Live', { stateName: sentence(this, `The release is live in ${environment}`) });
    through.next(live);
    this.startState = through.startState;
    this.endStates = [live];
  }

  private input({ submission = jsonata('$states.context.Execution.Input') }: ThroughEnvironmentStepProps): Payload<OwnPathInput> {
    const subject = { code: 'SubmissionExpression', where: this.node.path, what: 'submission' };
    requireMatch(subject, submission, /^\{%.+%\}$/s, "a JSONata expression, for example '{% $submission %}'");
    const version = jsonata(`(${submission.slice(2, -2).trim()}).version`);
    return { contract: CONTRACT_VERSION, release: version, path: jsonata(EXECUTION), submission };
  }
}
