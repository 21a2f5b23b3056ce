import { resourcesOf } from '../../../permissions';
import { UserError } from '../../user-error';
import { functionsOf } from '../read/functions';
import type { ReviewedPath, ReviewedStack } from '../read/reviewed-path';
import type { DefinitionJson, StateJson } from './graph';
import type { Act } from './proof';

/** A state machine of the path. */
export interface Machine {
  readonly name: string;
  readonly arn: string;
  readonly logicalId: string;
  /** `path` takes a release through its environments, `environment` through one of them; `other` through none. */
  readonly kind: 'path' | 'environment' | 'other';
  /** The environment it takes releases through; undefined for the others. */
  readonly environment?: string;
  readonly definition: DefinitionJson;
  /** What a state does to live traffic; undefined: nothing. */
  actOf(state: string): Act | undefined;
}

/**
 * The state machines of the hub: the path's, then the environments' in order, then others.
 *
 * @throws UserError for a definition that cannot be read
 */
export function machinesOf(reviewed: ReviewedPath): Machine[] {
  const hub = reviewed.stacks.filter(({ kind }) => kind === 'hub');
  const called = new Map(functionsOf(reviewed).map((one) => [one.arn, one.name]));
  const found = resourcesOf(hub, 'AWS::StepFunctions::StateMachine').map(({ stack, logicalId }) =>
    machine(reviewed, stack as ReviewedStack, logicalId, called),
  );
  const place = ({ kind, environment }: Machine) =>
    kind === 'other' ? reviewed.plans.length : reviewed.plans.findIndex((plan) => plan.environment === environment);
  return found.sort((one, other) => place(one) - place(other));
}

function machine({ path, plans, values }: ReviewedPath, stack: ReviewedStack, logicalId: string, called: ReadonlyMap<string, string>): Machine {
  const { StateMachineName, DefinitionString } = values.properties(stack, logicalId);
  const name = String(StateMachineName ?? logicalId);
  const definition = parsed(String(DefinitionString), name);
  const environment = plans.find((plan) => name === `${path}-${plan.environment}`)?.environment;
  return {
    name,
    arn: values.arn(stack, logicalId),
    logicalId,
    ...(environment !== undefined && { environment }),
    definition,
    kind: environment !== undefined ? 'environment' : name === `${path}-path` ? 'path' : 'other',
    actOf: (state) => actOf(definition.States[state], called),
  };
}

function parsed(text: string, name: string): DefinitionJson {
  try {
    const definition = JSON.parse(text) as DefinitionJson;
    if (typeof definition.States === 'object' && definition.StartAt in definition.States) return definition;
  } catch {
    // Said below.
  }
  throw new UserError('UnreadableDefinition', `the definition of the state machine ${JSON.stringify(name)} cannot be read; synthesize the assembly again`);
}

/** Known by the function it calls, and by what the function is told, as the contract has it: only a shift says a percentage, only an outage that it is one. */
function actOf(state: StateJson | undefined, called: ReadonlyMap<string, string>): Act | undefined {
  const { FunctionName, Payload } = (state?.Arguments ?? {}) as { readonly FunctionName?: string; readonly Payload?: Record<string, unknown> };
  const name = called.get(String(FunctionName).replace(/:\d+$/, ''))?.split('/').at(-1);
  if (name === 'MoveTraffic' && Payload?.outage !== undefined) return Payload.outage === 'begins' ? 'shift' : undefined;
  if (name === 'MoveTraffic') return Payload?.percent === undefined ? 'rollBack' : 'shift';
  return name === 'Accept' ? 'accept' : undefined;
}
