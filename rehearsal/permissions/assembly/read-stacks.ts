import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MADE_UP, type StackTemplate } from '../../../permissions';

interface Manifest {
  readonly artifacts?: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly environment?: string;
        readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly directoryName?: string };
      }
    >
  >;
}

/** Every stack of a cloud assembly, those of the assemblies in it and those nested in stacks too. */
export function readStacks(folder: string): StackTemplate[] {
  const { artifacts = {} } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  return Object.entries(artifacts).flatMap(([id, { type, environment = '', properties = {} }]) => {
    if (type === 'cdk:cloud-assembly') return readStacks(join(folder, properties.directoryName ?? ''));
    if (type !== 'aws:cloudformation:stack') return [];
    const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
    const template = JSON.parse(readFileSync(join(folder, properties.templateFile ?? ''), 'utf8')) as StackTemplate['template'];
    return withNested({ stackName: properties.stackName ?? id, account, region, template }, folder);
  });
}

/** A stack, and those nested in it, which are of the same release. */
function withNested(stack: StackTemplate, folder: string): StackTemplate[] {
  const nested = Object.entries(stack.template.Resources ?? {}).flatMap(([logicalId, { Type, Metadata }]) => {
    if (Type !== 'AWS::CloudFormation::Stack') return [];
    const template = JSON.parse(readFileSync(join(folder, String(Metadata?.['aws:asset:path'])), 'utf8')) as StackTemplate['template'];
    const named = { ...stack, stackName: `${stack.stackName}-${logicalId}-${MADE_UP}`, template: { ...template, Metadata: stack.template.Metadata } };
    return withNested(named, folder);
  });
  return [stack, ...nested];
}
