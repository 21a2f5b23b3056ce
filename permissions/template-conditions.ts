import type { StackTemplate } from './stack';

/**
 * The conditions of templates, under which resources are made and `Fn::If` chooses.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export class TemplateConditions {
  /** @param resolve carries out the functions in a value */
  constructor(private readonly resolve: (stack: StackTemplate, value: unknown) => unknown) {}

  /** @param name of the condition; one that the template does not have holds, so that nothing is overlooked */
  holds(stack: StackTemplate, name: string): boolean {
    const condition = stack.template.Conditions?.[name];
    return condition === undefined || this.isTrue(stack, condition);
  }

  private isTrue(stack: StackTemplate, expression: unknown): boolean {
    const [[name, argument] = ['', undefined]] = Object.entries((expression ?? {}) as object);
    const all = () => (argument as unknown[]).map((part) => this.isTrue(stack, part));
    switch (name) {
      case 'Condition':
        return this.holds(stack, String(argument));
      case 'Fn::Equals': {
        const [left, right] = (argument as unknown[]).map((part) => JSON.stringify(this.resolve(stack, part)));
        return left === right;
      }
      case 'Fn::Not':
        return !all()[0];
      case 'Fn::And':
        return all().every(Boolean);
      case 'Fn::Or':
        return all().some(Boolean);
      default:
        return true;
    }
  }
}
