const { TestEnvironment } = require('jest-environment-node');
const keepCompiled = require('./compiled-once.js');
const unmockClients = require('./unmocked-clients.js');

keepCompiled(require('node:vm'));

/**
 * Node, with the libraries that every test file would load anew loaded once by each worker: `shared-module.js` has their files ask here. They look at
 * the worker's own environment variables, and so do the tests; what a file changes of those, and of the SDK's clients, is undone when it ends.
 */
module.exports = class SharedLibraries extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.before = { ...process.env };
    this.global.requireShared = require;
    this.global.process.env = process.env;
  }

  async teardown() {
    unmockClients();
    for (const name of Object.keys(process.env)) if (!(name in this.before)) delete process.env[name];
    Object.assign(process.env, this.before);
    await super.teardown();
  }
};
