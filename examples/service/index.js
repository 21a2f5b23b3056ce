// A service behind a load balancer: one function, no dependencies. It says which version and which slot answered, so that a
// switch can be watched from outside.
// Requests and answers: https://docs.aws.amazon.com/lambda/latest/dg/services-alb.html

const self = {
  version: process.env.PATH_TO_LIVE_VERSION,
  colour: process.env.PATH_TO_LIVE_COLOUR,
  environment: process.env.PATH_TO_LIVE_ENVIRONMENT,
};

const pages = {
  '/': () => ({ status: 200, body: { service: 'payments', ...self } }),
  '/health': () => ({ status: 200, body: { healthy: true, ...self } }),
  '/pay': () => ({ status: 200, body: { paid: true, ...self } }),
};

exports.handler = async ({ path }) => {
  const page = pages[path] ?? (() => ({ status: 404, body: { error: `there is no ${path}`, ...self } }));
  const { status, body } = page();
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-version': String(self.version) },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
};
