import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { HubFunctionMaker } from '../hub/hub-function-maker';
import { Ledger } from '../hub/ledger';
import { object, optional } from '../kinds/kind';
import { REMOVAL_POLICY, requireConstructed, STRING } from '../kinds/kinds';
import type { HandlerFunction } from '../private/handler-function';
import { claimHubNames } from '../private/name-claims';
import { PathNames } from '../private/names';
import { DecisionApi } from './decision-api';
import { DECISION_FUNCTIONS } from './functions-table';
import { requireMachineName } from './machine-name';
import { PipelineNet } from './pipeline-net';

export interface DecisionHubProps {
  /** Id of the path to live; part of the names of policies. */
  readonly path: string;
  /** Name of the state machine that waits at the firebreaks: what answers it, and watches it, must know it before it is made. */
  readonly machineName: string;
  /**
   * What happens to the ledger when it leaves the template. With anything but `RETAIN` it is not protected against deletion either.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

const PROPS = object<DecisionHubProps>({ path: STRING, machineName: STRING, removalPolicy: optional(REMOVAL_POLICY) });

/**
 * Where people decide about the releases of a state machine of a team's own: the ledger, and an HTTP API for signed calls. No path to live, no console, no command
 * line; `curl --aws-sigv4` is enough. Who somebody is comes from the signature.
 *
 * The machine waits at a `FirebreakStep`. It deploys, tests and moves traffic by its own means; of a release the hub knows the version and the digest.
 *
 * @example
 * const decisions = new DecisionHub(this, 'Decisions', { path: 'Shop', machineName: 'ShopPipeline' });
 */
export class DecisionHub extends Construct {
  readonly path: string;
  readonly apiUrl: string;
  /** Where everything that happens is an event. */
  readonly bus: events.IEventBus;
  /** Looking, which the other two include. */
  readonly readPolicy: IManagedPolicy;
  /** Accepting and refusing: for the members of parties. */
  readonly decidePolicy: IManagedPolicy;
  /** Resuming and aborting: for release managers. */
  readonly managePolicy: IManagedPolicy;

  /** @internal */
  readonly _functions: { readonly openFirebreak: HandlerFunction; readonly finish: HandlerFunction };

  constructor(scope: Construct, id: string, props: DecisionHubProps) {
    requireConstructed('DecisionHub', scope, id, props, PROPS);
    super(scope, id);
    const { path, machineName, removalPolicy } = props;
    requireMachineName(this, machineName);
    claimHubNames(this, new PathNames(path), Stack.of(this).account);
    this.path = path;
    const ledger = new Ledger(this, 'Ledger', { removalPolicy });
    const bus = new events.EventBus(this, 'Bus', { eventBusName: `${path}-path-to-live` });
    this.bus = bus;
    const known = { path, plans: [], ledger, bus, machine: machineName };
    const nobody = { writer: () => undefined, keeper: () => undefined, remover: () => undefined };
    const maker = new HubFunctionMaker(new Construct(this, 'Functions'), known, {}, nobody);
    const make = (functionId: string, handler: keyof typeof DECISION_FUNCTIONS) => maker.make(functionId, handler, DECISION_FUNCTIONS[handler]);
    this._functions = { openFirebreak: make('OpenFirebreak', 'open-firebreak'), finish: make('Finish', 'finish') };
    const api = new DecisionApi(this, 'Api', { path, calls: make('Decisions', 'decisions') });
    this.apiUrl = api.url;
    this.readPolicy = api.read;
    this.decidePolicy = api.decide;
    this.managePolicy = api.manage;
    new PipelineNet(this, 'Net', { machineName, ended: make('PipelineEnded', 'pipeline-ended').function, sweep: make('Sweep', 'sweep').function });
  }
}
