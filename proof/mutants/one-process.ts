/**
 * A test runner for Stryker: jest's own circus, with every test file loaded once into one process. Stryker's runner for jest loads the files anew for
 * each mutant, which takes a minute where the tests that reach the mutant take less than a second.
 */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'expect';
import * as circus from 'jest-circus';
import { ModuleMocker } from 'jest-mock';
import type { DryRunOptions, DryRunResult, MutantCoverage, MutantRunOptions, MutantRunResult, TestResult, TestRunner } from './stryker';

type Block = circus.State['rootDescribeBlock'];
type Entry = Extract<Block['children'][number], { readonly type: 'test' }>;

/** What the instrumented sources look at, and write their coverage into. */
interface Instrumented {
  activeMutant?: string;
  currentTestId?: string;
  hitCount?: number;
  hitLimit?: number;
  mutantCoverage?: MutantCoverage;
}

/**
 * Not the rules' tests: adapters are tried against the SDK, and what is bundled is no source any more. And those that go through every order and every
 * crash, which take more time than all others: what only they would find counts as survived.
 */
const LEFT_OUT = /^adapters|(?:bundle|rights|any-order|crashes)\.test\.ts$/;

function testFiles(root: string): string[] {
  return readdirSync(join(root, 'test/lambda'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !LEFT_OUT.test(file))
    .sort()
    .map((file) => join(root, 'test/lambda', file));
}

function entriesOf(block: Block): Entry[] {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : entriesOf(child)));
}

function nameOf(entry: Entry): string {
  const names: string[] = [entry.name];
  for (let block: Block | undefined = entry.parent; block?.parent; block = block.parent) names.unshift(block.name);
  return names.join(' ');
}

/** What a test file finds without an import. */
function becomeJest(): void {
  const { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } = circus;
  const mocker = new ModuleMocker(globalThis as never);
  const jest = {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    clearAllMocks: () => mocker.clearAllMocks(),
    restoreAllMocks: () => mocker.restoreAllMocks(),
  };
  Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, it, test, expect, jest });
}

class OneProcess implements TestRunner {
  private readonly instrumented: Instrumented;
  private readonly tests = new Map<Entry, { readonly id: string; readonly file: string }>();

  constructor() {
    const global = globalThis as { __stryker__?: Instrumented };
    global.__stryker__ ??= {};
    this.instrumented = global.__stryker__;
  }

  /** There is nothing to load anew, since what runs while files are loaded is not tried: a mutant that tests reach then, too, is on while they run only. */
  capabilities() {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    becomeJest();
    circus.addEventHandler((event) => {
      if (event.name === 'test_start') this.instrumented.currentTestId = this.tests.get(event.test)?.id;
      if (event.name === 'test_done' || event.name === 'test_skip') this.instrumented.currentTestId = undefined;
    });
  }

  async dryRun({ coverageAnalysis }: DryRunOptions): Promise<DryRunResult> {
    const { DryRunStatus } = await import('@stryker-mutator/api/test-runner');
    this.load();
    const tests = await this.run([...this.tests.keys()], false);
    this.quickestFirst();
    const mutantCoverage = coverageAnalysis === 'off' ? undefined : this.instrumented.mutantCoverage;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage && { mutantCoverage }) };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, disableBail }: MutantRunOptions): Promise<MutantRunResult> {
    const { DryRunStatus, determineHitLimitReached, toMutantRunResult } = await import('@stryker-mutator/api/test-runner');
    if (mutantActivation === 'static') throw new Error('a mutant of what runs while files are loaded is not tried: ignoreStatic must be set');
    this.load();
    this.instrumented.activeMutant = activeMutant.id;
    this.instrumented.hitLimit = hitLimit;
    this.instrumented.hitCount = hitLimit === undefined ? undefined : 0;
    const wanted = testFilter && new Set(testFilter);
    const entries = [...this.tests].filter(([, { id }]) => !wanted || wanted.has(id)).map(([entry]) => entry);
    // A run that finds no test would have found no fault either.
    if (wanted && entries.length !== wanted.size) throw new Error(`of ${wanted.size} tests ${entries.length} are there`);
    const tests = await this.run(entries, !disableBail);
    return toMutantRunResult(determineHitLimitReached(this.instrumented.hitCount, hitLimit) ?? { status: DryRunStatus.Complete, tests });
  }

  private load(): void {
    if (this.tests.size > 0) return;
    const root = process.cwd();
    require(join(root, 'test/setup.ts'));
    for (const file of testFiles(root)) {
      const title = relative(root, file);
      // Hooks outside of any describe are this file's only.
      circus.describe(title, () => {
        require(file);
      });
      const names = new Set<string>();
      for (const entry of entriesOf(circus.getState().rootDescribeBlock).slice(this.tests.size)) {
        // Known by its name in the next run, too, whatever other tests there are by then.
        let id = nameOf(entry);
        while (names.has(id)) id += ', again';
        names.add(id);
        this.tests.set(entry, { id, file });
      }
    }
  }

  private quickestFirst(): void {
    const { children } = circus.getState().rootDescribeBlock;
    const time = new Map(
      children.map((child) => [child, child.type === 'test' ? 0 : entriesOf(child).reduce((sum, { duration }) => sum + (duration ?? 0), 0)]),
    );
    children.sort((a, b) => (time.get(a) ?? 0) - (time.get(b) ?? 0));
  }

  /** Mutants next to each other fail the same tests: the file that failed for one comes first for the next. */
  private firstAgain(failed: Entry | undefined): void {
    const { children } = circus.getState().rootDescribeBlock;
    const at = children.findIndex((child) => child.type === 'describeBlock' && failed && this.tests.get(failed)?.file.endsWith(child.name));
    if (at > 0) children.unshift(...children.splice(at, 1));
  }

  /** @param bail whether nothing more runs once one has failed */
  private async run(entries: readonly Entry[], bail: boolean): Promise<TestResult[]> {
    const { TestStatus } = await import('@stryker-mutator/api/test-runner');
    const wanted = new Set(entries);
    for (const entry of this.tests.keys()) Object.assign(entry, { errors: [], status: null, mode: wanted.has(entry) ? undefined : 'skip' });
    const stop = (event: circus.Event) => {
      if (event.name !== 'test_done' || event.test.errors.length === 0) return;
      for (const entry of wanted) if (entry !== event.test) entry.mode = 'skip';
    };
    circus.getState().unhandledErrors = [];
    if (bail) circus.addEventHandler(stop);
    try {
      await circus.run();
    } finally {
      if (bail) circus.removeEventHandler(stop);
    }
    this.firstAgain(entries.find(({ errors }) => errors.length > 0));
    return entries.flatMap((entry): TestResult[] => {
      const { id, file } = this.tests.get(entry) ?? { id: entry.name, file: '' };
      const told = { id, name: id, fileName: file, timeSpentMs: entry.duration ?? 0 };
      if (entry.errors.length > 0) return [{ ...told, status: TestStatus.Failed, failureMessage: entry.errors.map(inWords).join('\n') }];
      return entry.status === 'done' ? [{ ...told, status: TestStatus.Success }] : [{ ...told, status: TestStatus.Skipped }];
    });
  }
}

/** An error of circus is the error, or it and where it was asked for. */
function inWords(error: unknown): string {
  const [thrown] = Array.isArray(error) ? error : [error];
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'one-process', injectableClass: OneProcess }];
