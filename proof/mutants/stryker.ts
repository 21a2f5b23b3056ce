/** Stryker's types. It is all ES modules, which this project's files may ask for such only. */
type Core = typeof import('@stryker-mutator/core', { with: { 'resolution-mode': 'import' }});

export type MutantResult = Awaited<ReturnType<InstanceType<Core['Stryker']>['runMutationTest']>>[number];
export type MutantCoverage = import('@stryker-mutator/api/core', { with: { 'resolution-mode': 'import' }}).MutantCoverage;
export type TestRunner = import('@stryker-mutator/api/test-runner', { with: { 'resolution-mode': 'import' }}).TestRunner;
export type TestResult = import('@stryker-mutator/api/test-runner', { with: { 'resolution-mode': 'import' }}).TestResult;
export type DryRunOptions = import('@stryker-mutator/api/test-runner', { with: { 'resolution-mode': 'import' }}).DryRunOptions;
export type DryRunResult = import('@stryker-mutator/api/test-runner', { with: { 'resolution-mode': 'import' }}).DryRunResult;
export type MutantRunOptions = import('@stryker-mutator/api/test-runner', { with: { 'resolution-mode': 'import' }}).MutantRunOptions;
export type MutantRunResult = import('@stryker-mutator/api/test-runner', { with: { 'resolution-mode': 'import' }}).MutantRunResult;
