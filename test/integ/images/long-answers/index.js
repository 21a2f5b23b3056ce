// The example's service, which beside its pages answers one request for as long as it is asked to: a line every 100 ms, to the one with the file's name as its query
// until there is that file, to the other without an end.
const { existsSync } = require('node:fs');
const http = require('node:http');

const createServer = http.createServer;
http.createServer = (answer) =>
  createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://service');
    if (pathname !== '/long') return answer(request, response);
    const { PATH_TO_LIVE_VERSION: version } = process.env;
    response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-store' });
    const timer = setInterval(() => {
      response.write(`${version}\n`);
      if (existsSync(searchParams.get('until') ?? '')) response.end();
    }, 100);
    response.once('close', () => clearInterval(timer));
  });

require('../../../../examples/fargate-service/service');
