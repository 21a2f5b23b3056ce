import { resourcesOf, type TemplateResource } from '../../../permissions';
import type { ReviewedPath, ReviewedStack } from './reviewed-path';

/** A function of the assembly. */
export interface ReviewedFunction {
  readonly stack: ReviewedStack;
  readonly logicalId: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Construct path from its stack on, for example `Functions/MoveTraffic`. */
  readonly name: string;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

/** Every function of the stacks, in their order. */
export function functionsOf({ stacks, values }: Pick<ReviewedPath, 'stacks' | 'values'>): ReviewedFunction[] {
  return resourcesOf(stacks, 'AWS::Lambda::Function').map(({ stack, logicalId }) => {
    const reviewed = stack as ReviewedStack;
    const { Role, Description = '', MemorySize = 128, Timeout = 3 } = values.properties(stack, logicalId);
    return {
      stack: reviewed,
      logicalId,
      arn: values.arn(stack, logicalId),
      roleArn: String(Role),
      name: nameIn(reviewed, logicalId).replace(/\/(Handler\/)?Function$/, ''),
      description: String(Description),
      memoryMb: Number(MemorySize),
      timeoutSeconds: Number(Timeout),
    };
  });
}

/** Functions that a target group sends requests to, of those in its own stack. @param group its properties */
export function functionsBehind(
  reviewed: Pick<ReviewedPath, 'stacks' | 'values'>,
  stack: ReviewedStack,
  group: TemplateResource['Properties'],
): ReviewedFunction[] {
  const { Targets = [] } = group as { readonly Targets?: readonly { readonly Id?: string }[] };
  return functionsOf(reviewed).filter(({ arn, stack: own }) => own === stack && Targets.some(({ Id }) => Id === arn));
}

/** Construct path of a resource, from its stack on. */
export function nameIn(stack: ReviewedStack, logicalId: string): string {
  const path = stack.pathOf(logicalId);
  // The CDK itself leaves constructs named Default out of what people see.
  return (path.startsWith(`${stack.path}/`) ? path.slice(stack.path.length + 1) : path).replace(/(^|\/)Default\//g, '$1');
}
