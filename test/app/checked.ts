import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';

/** What a check found, or would have found had nobody acknowledged it. */
export interface Finding {
  readonly ruleName: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
  readonly acknowledgedAt?: string;
  readonly acknowledgedId?: string;
}

export interface Checked {
  readonly assembly: CloudAssembly;
  /** `<check>: <rule> at <construct>` of everything nobody acknowledged. */
  readonly open: string[];
  /** Acknowledgements of a check's findings that nothing needs, as `<construct> <rule>`. */
  readonly unused: string[];
}

/** Key of CDK's metadata, https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Validations.html. */
const ACKNOWLEDGED = 'aws:cdk:acknowledged-rules';

/** Synthesizes an app with cdk-nag's AwsSolutions pack, over all of its stacks, those in nested stages included. */
export function checked(app: App): Checked {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const assembly = app.synth();
  const { pluginReports } = JSON.parse(readFileSync(join(assembly.directory, 'validation-report.json'), 'utf8')) as {
    pluginReports: { pluginName: string; violations: Finding[]; suppressedViolations?: Finding[] }[];
  };
  const open = pluginReports.flatMap(({ pluginName, violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) => violatingConstructs.map(({ constructPath }) => `${pluginName}: ${ruleName} at ${constructPath}`)),
  );
  const used = new Set(
    pluginReports.flatMap(({ suppressedViolations = [] }) => suppressedViolations).map((finding) => `${finding.acknowledgedAt} ${finding.acknowledgedId}`),
  );
  const acknowledgements = app.node
    .findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === ACKNOWLEDGED).flatMap(({ data }) => Object.keys(data).map((id) => `${node.path} ${id}`)))
    .filter((acknowledgement) => acknowledgement.includes(' AwsSolutions::'));
  return { assembly, open, unused: acknowledgements.filter((acknowledgement) => !used.has(acknowledgement)) };
}
