// Keeps what V8 made of the CDK's command line, one file of 16 MB, for the next process that loads it: to compile it is half of what most commands take. For processes
// started with NODE_OPTIONS="--require <this file>" and CDK_CODE_CACHE, a folder. Newer Nodes can do that by themselves.
//
// What comes out of the cache cannot `import()`. The command line does so in two places: for credentials of a machine, which are not asked for here, and for `node:async_hooks`.
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join } = require('node:path');
const vm = require('node:vm');

const COMMAND_LINE = /[/\\]aws-cdk[/\\]lib[/\\]index\.js$/;
const folder = process.env.CDK_CODE_CACHE;

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** With the functions that were compiled by then. */
function keepAtTheEnd(script, file) {
  process.once('exit', () => {
    const unfinished = `${file}.${process.pid}`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(unfinished, script.createCachedData());
    renameSync(unfinished, file);
  });
}

function requireOf(module) {
  const require = (id) => module.require(id);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  return Object.assign(require, { main: process.mainModule, cache: Module._cache, extensions: Module._extensions });
}

if (Module.enableCompileCache) Module.enableCompileCache(folder);
else {
  const compile = Module.prototype._compile;
  Module.prototype._compile = function compileOnce(content, filename) {
    if (!COMMAND_LINE.test(filename)) return compile.call(this, content, filename);
    const { size, mtimeMs } = statSync(filename);
    const file = join(
      folder,
      createHash('sha256')
        .update(JSON.stringify([filename, size, mtimeMs, process.version]))
        .digest('hex'),
    );
    const cachedData = read(file);
    const script = new vm.Script(Module.wrap(content), { filename, cachedData });
    if (cachedData === undefined || script.cachedDataRejected) keepAtTheEnd(script, file);
    return script.runInThisContext().call(this.exports, this.exports, requireOf(this), this, filename, dirname(filename));
  };
}
