/** A jest transform: instead of a library's file, what the worker has loaded of it. */
module.exports = {
  process: (_source, file) => ({ code: `module.exports = requireShared(${JSON.stringify(file)});` }),
  getCacheKey: (_source, file) => `shared-1 ${file}`,
};
