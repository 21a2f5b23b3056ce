// Lets a Node process that listens on every address listen on the one address of its task only, so that many tasks can have the same port.
// For processes started with NODE_OPTIONS="--require <this file>" and LOCAL_AWS_ADDRESS.
const net = require('node:net');

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...given) {
  const [first, second] = given;
  if (first !== null && typeof first === 'object') return listen.call(this, { ...first, host: process.env.LOCAL_AWS_ADDRESS }, ...given.slice(1));
  const rest = typeof second === 'string' ? given.slice(2) : given.slice(1);
  return listen.call(this, { port: Number(first ?? 0), host: process.env.LOCAL_AWS_ADDRESS }, ...rest.filter((one) => typeof one === 'function'));
};
