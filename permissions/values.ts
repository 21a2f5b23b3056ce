import { type ResourceNames, resourceNames } from './resource-names';
import { partitionOf, type StackTemplate } from './stack';
import { TemplateConditions } from './template-conditions';

/**
 * Answers for what a template only knows at deployment, where somebody knows it: a stack that is deployed.
 *
 * @param attribute of `Fn::GetAtt`; undefined for `Ref`
 * @returns undefined where the made-up name is to be used
 */
export type Known = (stackName: string, logicalId: string, attribute: string | undefined) => string | undefined;

type Function = (argument: unknown, stack: StackTemplate) => unknown;

/**
 * The values of an assembly's templates with CloudFormation's functions carried out. What is only known at deployment is made up, always in the
 * same way: the ARN of a resource reads the same wherever it is used.
 */
export class Values {
  private readonly names = new Map<string, ResourceNames>();
  private readonly resolved = new WeakMap<StackTemplate, Map<string, Readonly<Record<string, unknown>>>>();
  private readonly functions: Readonly<Record<string, Function>>;
  private readonly conditions = new TemplateConditions((stack, value) => this.of(stack, value));
  private parameters?: ReadonlyMap<string, string>;
  private exports?: ReadonlyMap<string, { readonly stack: StackTemplate; readonly value: unknown }>;

  constructor(
    private readonly stacks: readonly StackTemplate[],
    private readonly known: Known = () => undefined,
  ) {
    this.functions = {
      Ref: (name, stack) => this.ref(String(name), stack),
      'Fn::GetAtt': (argument, stack) => this.attribute(argument, stack),
      'Fn::Join': (argument, stack) => this.join(argument as [string, unknown], stack),
      'Fn::Sub': (argument, stack) => this.substitute(argument, stack),
      'Fn::Select': (argument, stack) => this.select(argument as [unknown, unknown], stack),
      'Fn::Split': (argument, stack) => this.split(argument as [string, unknown], stack),
      'Fn::If': (argument, stack) => this.either(argument as [string, unknown, unknown], stack),
      'Fn::FindInMap': (argument, stack) => this.find(argument as unknown[], stack),
      'Fn::ImportValue': (argument, stack) => this.import(argument, stack),
      'Fn::Base64': (argument, stack) => this.of(stack, argument),
    };
  }

  /** A value of a stack's template with its functions carried out. Objects and lists are walked through. `AWS::NoValue` is left out. */
  of(stack: StackTemplate, value: unknown): unknown {
    if (typeof value === 'string') return this.dynamic(value, stack);
    if (Array.isArray(value)) return value.map((item) => this.of(stack, item)).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const [only, ...others] = Object.entries(value);
    if (only !== undefined && others.length === 0) {
      const [name, argument] = only;
      const carryOut = this.functions[name];
      if (carryOut !== undefined) return carryOut(argument, stack);
      if (name.startsWith('Fn::')) return unknown(name, argument);
    }
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => {
        const resolved = this.of(stack, item);
        return resolved === undefined ? [] : [[key, resolved]];
      }),
    );
  }

  /** A value that is text, or is made to text. */
  text(stack: StackTemplate, value: unknown): string {
    const resolved = this.of(stack, value);
    return typeof resolved === 'string' ? resolved : JSON.stringify(resolved ?? null);
  }

  /** Properties of a resource, resolved; `{}` where there are none. */
  properties(stack: StackTemplate, logicalId: string): Readonly<Record<string, unknown>> {
    const ofStack = this.resolved.get(stack) ?? new Map<string, Readonly<Record<string, unknown>>>();
    this.resolved.set(stack, ofStack);
    const cached = ofStack.get(logicalId);
    if (cached !== undefined) return cached;
    const properties = this.resolve(stack, logicalId);
    ofStack.set(logicalId, properties);
    return properties;
  }

  private resolve(stack: StackTemplate, logicalId: string): Readonly<Record<string, unknown>> {
    return (this.of(stack, stack.template.Resources?.[logicalId]?.Properties) ?? {}) as Record<string, unknown>;
  }

  /** ARN of a resource, or what `Ref` gives where its type has none. */
  arn(stack: StackTemplate, logicalId: string): string {
    const ref = this.ref(logicalId, stack);
    return String(ref).startsWith('arn:') ? String(ref) : (this.attributeOf(stack, logicalId, 'Arn') ?? String(ref));
  }

  /** Whether a resource is made: it has no condition, or one that holds. */
  made(stack: StackTemplate, logicalId: string): boolean {
    const condition = stack.template.Resources?.[logicalId]?.Condition;
    return condition === undefined || this.conditions.holds(stack, condition);
  }

  private ref(name: string, stack: StackTemplate): unknown {
    const { account, region, stackName } = stack;
    const pseudo: Readonly<Record<string, string | undefined>> = {
      'AWS::Partition': partitionOf(region),
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::StackName': stackName,
      'AWS::StackId': `arn:${partitionOf(region)}:cloudformation:${region}:${account}:stack/${stackName}/made-up`,
      'AWS::URLSuffix': region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com',
    };
    if (name.startsWith('AWS::')) return pseudo[name];
    if (stack.template.Parameters?.[name] !== undefined) return this.parameter(name, stack);
    return this.known(stackName, name, undefined) ?? this.namesOf(stack, name)?.ref ?? `<${name}>`;
  }

  /** A value that is known, else the default. A list of them is a list. */
  private parameter(name: string, stack: StackTemplate): unknown {
    const { Type, Default } = stack.template.Parameters?.[name] ?? {};
    const value = this.known(stack.stackName, name, undefined) ?? (Default === undefined ? `<${name}>` : String(Default));
    return Type === 'CommaDelimitedList' ? value.split(',') : value;
  }

  private either([condition, then, otherwise]: [string, unknown, unknown], stack: StackTemplate): unknown {
    return this.of(stack, this.conditions.holds(stack, condition) ? then : otherwise);
  }

  private attribute(argument: unknown, stack: StackTemplate): string {
    const [logicalId = '', ...rest] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
    const attribute = rest.join('.');
    return this.attributeOf(stack, logicalId, attribute) ?? `<${stack.stackName}.${logicalId}.${attribute}>`;
  }

  private attributeOf(stack: StackTemplate, logicalId: string, attribute: string): string | undefined {
    return this.known(stack.stackName, logicalId, attribute) ?? this.namesOf(stack, logicalId)?.attributes[attribute];
  }

  private namesOf(stack: StackTemplate, logicalId: string): ResourceNames | undefined {
    const key = `${stack.stackName} ${stack.account} ${stack.region} ${logicalId}`;
    const found = this.names.get(key);
    const resource = stack.template.Resources?.[logicalId];
    if (found !== undefined || resource === undefined) return found;
    // Names of what names itself, as a circle of references would, stay made up.
    this.names.set(key, { ref: `<${logicalId}>`, attributes: {} });
    const id = this.known(stack.stackName, logicalId, undefined);
    const made = resourceNames(stack, logicalId, resource, this.resolve(stack, logicalId), id === undefined ? undefined : physicalName(id));
    const names = id === undefined ? made : withId(made, id);
    this.names.set(key, names);
    return names;
  }

  private join([separator, list]: [string, unknown], stack: StackTemplate): string {
    const items = this.of(stack, list);
    return Array.isArray(items) ? items.map(textOf).join(separator) : textOf(items);
  }

  private substitute(argument: unknown, stack: StackTemplate): string {
    const [text, own] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Record<string, unknown>];
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (name in own) return this.text(stack, own[name]);
      return String((name.includes('.') ? this.attribute(name, stack) : this.ref(name, stack)) ?? '');
    });
  }

  private select([index, list]: [unknown, unknown], stack: StackTemplate): unknown {
    const items = this.of(stack, list);
    const place = Number(this.of(stack, index));
    return Array.isArray(items) && place in items ? items[place] : `<item ${place} of ${textOf(items)}>`;
  }

  private split([separator, text]: [string, unknown], stack: StackTemplate): unknown {
    const resolved = this.of(stack, text);
    return typeof resolved === 'string' ? resolved.split(separator) : resolved;
  }

  private find(argument: unknown[], stack: StackTemplate): unknown {
    const [map = '', first = '', second = ''] = argument.map((item) => this.text(stack, item));
    return this.of(stack, stack.template.Mappings?.[map]?.[first]?.[second] ?? `<${map}.${first}.${second}>`);
  }

  /** What another stack of the same account and region exports. */
  private import(argument: unknown, stack: StackTemplate): unknown {
    const exported = this.allExports().get(keyOf(stack, this.text(stack, argument)));
    return exported === undefined ? unknown('Fn::ImportValue', argument) : this.of(exported.stack, exported.value);
  }

  private allExports() {
    this.exports ??= new Map(
      this.stacks.flatMap((stack) =>
        Object.values(stack.template.Outputs ?? {}).flatMap(({ Value, Export }) =>
          Export === undefined ? [] : [[keyOf(stack, this.text(stack, Export.Name)), { stack, value: Value }] as const],
        ),
      ),
    );
    return this.exports;
  }

  /** Parameters of Systems Manager that the assembly itself makes are read as CloudFormation reads them. */
  private dynamic(text: string, stack: StackTemplate): string {
    if (!text.includes('{{resolve:ssm:')) return text;
    return text.replace(/\{\{resolve:ssm:([^}:]+)(:\d+)?\}\}/g, (whole, name: string) => this.allParameters().get(keyOf(stack, name)) ?? whole);
  }

  private allParameters(): ReadonlyMap<string, string> {
    if (this.parameters !== undefined) return this.parameters;
    const found = new Map<string, string>();
    this.parameters = found;
    for (const stack of this.stacks) {
      for (const [logicalId, { Type }] of Object.entries(stack.template.Resources ?? {})) {
        if (Type !== 'AWS::SSM::Parameter') continue;
        const { Name, Value } = this.properties(stack, logicalId);
        found.set(keyOf(stack, String(Name)), String(Value));
      }
    }
    return found;
  }
}

/** The name in a physical id: an ARN says itself all there is to say, the id of a queue is its URL. */
function physicalName(id: string): string | undefined {
  if (id.startsWith('arn:')) return undefined;
  return /^https?:/.test(id) ? id.split('/').at(-1) : id;
}

function withId({ ref, attributes }: ResourceNames, id: string): ResourceNames {
  return { ref: id, attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value === ref ? id : value])) };
}

function keyOf({ account, region }: StackTemplate, name: string): string {
  return `${account} ${region} ${name}`;
}

/** Without quotation marks, because it may become part of a JSON text. */
function unknown(name: string, argument: unknown): string {
  return `<${name} ${JSON.stringify(argument).replaceAll('"', '')}>`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
