/**
 * Every test file has modules of its own, which jest compiles for it: 300 of the library's, the same for each, and those of `expect`. What V8 made of a source is
 * kept by the worker, and taken again for the next file.
 *
 * @param vm Node's module; its `compileFunction` is replaced
 */
module.exports = function keepCompiled(vm) {
  const compile = vm.compileFunction;
  const kept = new Map();
  vm.compileFunction = (source, parameters, options) => {
    const known = kept.get(options.filename);
    if (known?.source === source) return compile(source, parameters, { ...options, cachedData: known.cachedData });
    const compiled = compile(source, parameters, { ...options, produceCachedData: true });
    kept.set(options.filename, { source, cachedData: compiled.cachedData });
    return compiled;
  };
};
