// A service in a container: no dependencies. It says which version and which slot answered, so that a switch can be watched from outside, and
// it stops when it is told to, after the requests it has.
const { createServer } = require('node:http');

const self = {
  version: process.env.PATH_TO_LIVE_VERSION,
  colour: process.env.PATH_TO_LIVE_COLOUR,
  environment: process.env.PATH_TO_LIVE_ENVIRONMENT,
};

const pages = {
  '/': { service: 'orders', ...self },
  '/health': { healthy: true, ...self },
};

const server = createServer((request, response) => {
  const page = pages[new URL(request.url, 'http://service').pathname];
  response.writeHead(page ? 200 : 404, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-service-version': String(self.version),
    'x-service-colour': String(self.colour),
  });
  response.end(JSON.stringify(page ?? { error: `there is no ${request.url}`, ...self }));
});

server.listen(Number(process.env.PORT ?? 8080));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
