import { compileFunction } from 'node:vm';

type Compile = (source: string, parameters: string[], options: { filename: string; cachedData?: Buffer }) => (() => unknown) & { cachedDataRejected?: boolean };
const keepCompiled: (vm: { compileFunction: Compile }) => void = require('./compiled-once.js');

test('what V8 made of a source is taken again, and of another source under the same name it is not', () => {
  const given: (Buffer | undefined)[] = [];
  const vm: { compileFunction: Compile } = {
    compileFunction: (source, parameters, options) => {
      given.push(options.cachedData);
      return compileFunction(source, parameters, options) as ReturnType<Compile>;
    },
  };
  keepCompiled(vm);
  const run = (source: string) => {
    const compiled = vm.compileFunction(source, [], { filename: 'compiled-once-example.js' });
    return { answer: compiled(), rejected: compiled.cachedDataRejected };
  };
  expect(run('return (() => 1)();')).toMatchObject({ answer: 1 });
  expect(run('return (() => 1)();')).toEqual({ answer: 1, rejected: false });
  expect(run('return (() => 2)();')).toMatchObject({ answer: 2 });
  expect(given.map((data) => data !== undefined)).toEqual([false, true, false]);
});
