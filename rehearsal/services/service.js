// The service that is released: payments behind the load balancer, as a function, and a table of them that every version uses. Each version is these
// files and an index.js that says how the version behaves; see services.ts.
const { Payments } = require('./payments');

/**
 * @param {{ failsIn?: string, knowsCurrency?: boolean }} behaviour `failsIn`: environment in which a payment is answered with 500. Its health is fine all
 * the same, and so is every other environment: no test before live traffic can find it. `knowsCurrency`: whether it is a version that needs what the
 * migration adds to the table.
 */
exports.service = ({ failsIn, knowsCurrency = false } = {}) => {
  const { PATH_TO_LIVE_VERSION: version, PATH_TO_LIVE_COLOUR: colour, PATH_TO_LIVE_ENVIRONMENT: environment, TABLE: table } = process.env;
  const payments = table && new Payments(table, { version, colour, knowsCurrency });
  const answer = (statusCode, body, headers = {}) => ({
    statusCode,
    isBase64Encoded: false,
    headers: { 'content-type': 'application/json', 'x-service-version': version, 'x-service-colour': colour, ...headers },
    body: JSON.stringify({ ...body, version, colour }),
  });
  const pages = {
    '/health': async () => {
      await payments?.check();
      return answer(200, { healthy: true });
    },
    '/pay': async () => {
      if (environment !== failsIn) return answer(200, { paid: true });
      // Written before it fails, as payments are: what raises the alarm leaves something for the version before to go on with.
      await payments?.writeNext();
      return answer(500, { error: 'the payment provider refuses our certificate' });
    },
    '/payments': async () => {
      const read = await payments?.writeAndRead();
      return answer(200, { read }, read && { 'x-payment-by': read.by });
    },
  };
  return async ({ path }) => {
    try {
      return await (pages[path] ?? (async () => answer(200, { path })))();
    } catch (error) {
      return answer(500, { error: error.message });
    }
  };
};
