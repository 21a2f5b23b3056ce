import {
  BatchGetBuildsCommand,
  type Build,
  type CodeBuildClient,
  ListBuildsForProjectCommand,
  StartBuildCommand,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild';
import { type BuildRunner, type EnvironmentPlan, MIGRATION_ENV, type MigrationRequest, migrationLogGroup } from '../contract';
import type { MigrationLook } from '../domain/ports';
import type { ClientFor } from './client-for';
import { toldOf } from './migration-variables';
import { refusedOr, unlessGone } from './refused';

/** https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetBuilds.html: as many as are asked for at once, and as many as a page lists. */
const PAGE = 100;

/** Migrations as builds of AWS CodeBuild, of a project in the slot of their release. */
export class CodeBuildMigrations {
  constructor(private readonly clientFor: ClientFor<CodeBuildClient>) {}

  /** CodeBuild knows the same token again for five minutes; a build that was started longer ago is found by its variables. */
  start(
    plan: EnvironmentPlan,
    { project }: BuildRunner,
    name: string,
    request: MigrationRequest,
  ): Promise<{ readonly id: string } | { readonly error: string }> {
    const environmentVariablesOverride = toldOf(request, name).map((variable) => ({ ...variable, type: 'PLAINTEXT' as const }));
    return refusedOr(async () => {
      const { build } = await this.clientFor(plan).send(new StartBuildCommand({ projectName: project, idempotencyToken: name, environmentVariablesOverride }));
      return build?.id === undefined ? { error: 'CodeBuild answered no id' } : { id: build.id };
    });
  }

  /** Among the project's latest builds, ended ones included. */
  async find(plan: EnvironmentPlan, { project }: BuildRunner, name: string): Promise<string | undefined> {
    const client = this.clientFor(plan);
    const listed = await unlessGone('ResourceNotFoundException', () =>
      client.send(new ListBuildsForProjectCommand({ projectName: project, sortOrder: 'DESCENDING' })),
    );
    const ids = listed?.ids ?? [];
    if (ids.length === 0) return undefined;
    const { builds = [] } = await client.send(new BatchGetBuildsCommand({ ids: ids.slice(0, PAGE) }));
    return builds.find(({ environment }) => environment?.environmentVariables?.some((each) => each.name === MIGRATION_ENV.run && each.value === name))?.id;
  }

  async look(plan: EnvironmentPlan, _runner: BuildRunner, id: string): Promise<MigrationLook> {
    const { builds } = await this.clientFor(plan).send(new BatchGetBuildsCommand({ ids: [id] }));
    const [build] = builds ?? [];
    if (build === undefined) return { state: 'gone' };
    if (build.buildStatus === 'IN_PROGRESS') return { state: 'running' };
    if (build.buildStatus === 'SUCCEEDED') return { state: 'done', said: `build ${id}` };
    const logs = build.logs?.deepLink ?? `${migrationLogGroup(plan.path, plan.environment)} in ${plan.account}, ${plan.region}`;
    return { state: 'failed', reason: reasonOf(build), logs };
  }

  async stop(plan: EnvironmentPlan, _runner: BuildRunner, id: string): Promise<void> {
    await this.clientFor(plan).send(new StopBuildCommand({ id }));
  }
}

/** The first phase that did not succeed says why. */
function reasonOf({ id, buildStatus, phases = [] }: Build): string {
  const phase = phases.find(({ phaseType, phaseStatus }) => phaseType !== 'COMPLETED' && phaseStatus !== undefined && phaseStatus !== 'SUCCEEDED');
  const contexts = phase?.contexts?.flatMap(({ statusCode, message }) => [[statusCode, message].filter(Boolean).join(': ')]) ?? [];
  const where = phase === undefined ? 'in no phase of its own' : `in its phase ${phase.phaseType} (${phase.phaseStatus})`;
  return [`the build ended ${buildStatus} ${where}`, ...contexts.filter(Boolean), `build ${id}`].join('; ');
}
