import type { Known, StackTemplate } from '../../../permissions';
import { BOOTSTRAP, type Deployed } from './deployed';

/** Names as a deployment into one account and region settled them. */
export function knownFrom({ stacks, liveRules, bootstrap }: Deployed, templates: readonly StackTemplate[]): Known {
  const typeOf = new Map(
    templates.flatMap(({ stackName, template }) => Object.entries(template.Resources ?? {}).map(([id, { Type }]) => [`${stackName}/${id}`, Type])),
  );
  return (stackName, logicalId, attribute) => {
    const type = typeOf.get(`${stackName}/${logicalId}`);
    const id = stacks[stackName]?.[logicalId];
    if (stackName === BOOTSTRAP && type === undefined) return bootstrap.parameters[logicalId];
    // The emulator names log groups as AWS does not, and policies are about the names AWS makes up.
    if (type === 'AWS::Logs::LogGroup') return undefined;
    if (attribute === undefined || id === undefined || type === undefined) return id;
    return type === 'Custom::LiveRule' && attribute === 'RuleArn' ? liveRules[stackName] : undefined;
  };
}

/** The stack that `cdk bootstrap` makes, beside those of the assembly. */
export function bootstrapStack({ bootstrap }: Pick<Deployed, 'bootstrap'>, account: string, region: string): StackTemplate {
  return { stackName: BOOTSTRAP, account, region, template: bootstrap.template };
}
