import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackTemplate } from '../../../permissions';

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

/** Every stack of a cloud assembly, those of the assemblies in it too. */
export function readStacks(folder: string): StackTemplate[] {
  const { artifacts = {} } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  return Object.entries(artifacts).flatMap(([id, { type, environment = '', properties = {} }]) => {
    if (type === 'cdk:cloud-assembly') return readStacks(join(folder, properties.directoryName ?? ''));
    if (type !== 'aws:cloudformation:stack') return [];
    const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
    const template = JSON.parse(readFileSync(join(folder, properties.templateFile ?? ''), 'utf8')) as StackTemplate['template'];
    return [{ stackName: properties.stackName ?? id, account, region, template }];
  });
}
