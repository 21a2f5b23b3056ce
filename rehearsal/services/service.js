// The service that is released: a payment page behind the load balancer, as a function. Each version is this file and an index.js that
// says how the version behaves; see services.ts.

/**
 * @param {{ failsIn?: string }} behaviour `failsIn`: environment in which a payment is answered with 500. Its health is fine all the
 * same, and so is every other environment: no test before live traffic can find it.
 */
exports.service = ({ failsIn } = {}) => {
  const { PATH_TO_LIVE_VERSION: version, PATH_TO_LIVE_COLOUR: colour, PATH_TO_LIVE_ENVIRONMENT: environment } = process.env;
  const answer = (statusCode, body) => ({
    statusCode,
    isBase64Encoded: false,
    headers: { 'content-type': 'application/json', 'x-service-version': version, 'x-service-colour': colour },
    body: JSON.stringify({ ...body, version, colour }),
  });
  return async ({ path }) => {
    if (path === '/health') return answer(200, { healthy: true });
    if (path === '/pay' && environment === failsIn) return answer(500, { error: 'the payment provider refuses our certificate' });
    return answer(200, { path });
  };
};
