import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../cli/assembly/synthesize';

// An app that puts what it was told into its assembly, without the construct library: that is somebody else's to test.
const APP = `
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const context = JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}');
if (context.fail) throw new Error('the database of this app is missing');
mkdirSync(process.env.CDK_OUTDIR, { recursive: true });
const stack = { type: 'aws:cloudformation:stack', environment: 'aws://111111111111/eu-west-2', properties: { templateFile: 'stack.json' } };
writeFileSync(join(process.env.CDK_OUTDIR, 'stack.json'), '{}');
writeFileSync(join(process.env.CDK_OUTDIR, 'manifest.json'), JSON.stringify({ version: '40.0.0', artifacts: { Stack: stack } }));
writeFileSync(join(process.env.CDK_OUTDIR, 'told.json'), JSON.stringify({ ...context, built: readFileSync('built', 'utf8') }));
`;

let project: string;

// The CDK CLI takes a second or two to start, and longer beside everything else that is tested.
jest.setTimeout(60_000);

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'ptl-synth-'));
  writeFileSync(join(project, 'app.js'), APP);
  writeFileSync(join(project, 'cdk.json'), JSON.stringify({ app: 'node app.js', build: 'echo yes > built' }));
  symlinkSync(join(__dirname, '../../node_modules'), join(project, 'node_modules'));
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

function options(more: Partial<Parameters<typeof synthesize>[0]> = {}): Parameters<typeof synthesize>[0] {
  return {
    version: '1.4.2',
    project,
    output: join(project, 'out'),
    context: [],
    env: { ...process.env, AWS_EC2_METADATA_DISABLED: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true' },
    ...more,
  };
}

test("the project's own CDK CLI synthesizes its app for the version, with the given context, and builds before if cdk.json says so", async () => {
  await synthesize(options({ context: ['colour=amber'] }));
  expect(JSON.parse(readFileSync(join(project, 'out', 'told.json'), 'utf8'))).toMatchObject({ release: '1.4.2', colour: 'amber', built: 'yes\n' });
});

test('an app that fails: what it said, and that nothing can be released', async () => {
  const output = join(project, 'failed');
  await expect(synthesize(options({ output, context: ['fail=yes'] }))).rejects.toThrow(
    /cdk synth failed \(1\), so there is nothing to release yet[\s\S]*the database of this app is missing/,
  );
  expect(existsSync(join(output, 'told.json'))).toBe(false);
});

test('a project without CDK CLI', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'ptl-no-cdk-'));
  await expect(synthesize(options({ project: elsewhere }))).rejects.toThrow(/has no CDK CLI of its own: the package aws-cdk is not installed/);
  rmSync(elsewhere, { recursive: true });
});
