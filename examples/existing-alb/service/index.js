// What the team's service becomes here: one function behind the team's own listener, below the paths that are the service's there. It says which
// version answered, so that a switch can be watched from outside.
// Requests and answers: https://docs.aws.amazon.com/lambda/latest/dg/services-alb.html

const version = process.env.PATH_TO_LIVE_VERSION;
/** Where it is on the listener. */
const base = process.env.BASE_PATH ?? '/pay';

exports.handler = async ({ path }) => {
  const found = [base, `${base}/health`, '/partners'].includes(path);
  return {
    statusCode: found ? 200 : 404,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-service-version': version },
    body: JSON.stringify(found ? { version } : { error: `there is no ${path}`, version }),
    isBase64Encoded: false,
  };
};
