// Lets a plain Node process reach the local AWS by the names AWS gives: load balancers and HTTP APIs resolve to the
// emulator, and https to them is plain HTTP. For processes started with NODE_OPTIONS="--require <this file>" and
// GATEWAY_PORT; works below http, https and fetch alike, so that no client needs to know of it.
const net = require('node:net');
const tls = require('node:tls');

const AWS_NAMES = /(\.elb|\.execute-api\.[a-z0-9-]+)\.amazonaws\.com$/i;
const gateway = { host: '127.0.0.1', port: Number(process.env.GATEWAY_PORT ?? 4566) };

function isLocal(options) {
  return typeof options?.host === 'string' && AWS_NAMES.test(options.host);
}

// Every way to open a connection ends here, with (options), ([options, callback]) or (port, host).
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  const normalized = Array.isArray(given[0]) ? given[0] : given;
  if (isLocal(normalized[0])) {
    normalized[0] = { ...normalized[0], ...gateway };
  }
  return connect.apply(this, given);
};

const tlsConnect = tls.connect;
tls.connect = function (...given) {
  const options = given.find((argument) => argument !== null && typeof argument === 'object');
  if (!isLocal(options)) {
    return tlsConnect.apply(this, given);
  }
  const socket = net.connect({ ...options, ...gateway });
  // What a client reads of a TLS socket.
  Object.assign(socket, { encrypted: true, authorized: true, alpnProtocol: false, getSession: () => undefined });
  socket.once('connect', () => socket.emit('secureConnect'));
  const listener = given.find((argument) => typeof argument === 'function');
  if (listener) {
    socket.once('secureConnect', listener);
  }
  return socket;
};
