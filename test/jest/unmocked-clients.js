const CLIENT = /[/\\]@aws-sdk[/\\](client|lib)-[^/\\]+[/\\]dist-cjs[/\\]index\.js$/;

/** Takes away what `mockClient` put in front of any SDK client's `send`: the clients are the worker's, so it would answer the next file, too. */
module.exports = function unmockClients() {
  const modules = Object.entries(require.cache).filter(([file]) => CLIENT.test(file));
  for (const [, { exports }] of modules) {
    for (const name of Object.keys(exports).filter((each) => each.endsWith('Client'))) {
      const { prototype } = exports[name];
      if (Object.hasOwn(prototype, 'send')) prototype.send.restore?.();
    }
  }
};
