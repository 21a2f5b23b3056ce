// A test function of a team's own: sends requests to the slot it is told about and judges how they were answered. The SDK is the runtime's.
// What it is told and what it answers: TestRequest and TestAnswer in lambda/contract.
const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager');

const REQUESTS = 20;
const SLOWEST_MS = 3000;
const secrets = new SecretsManagerClient({});

async function secretValue(name) {
  return (await secrets.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
}

async function timed(url, headers) {
  const started = performance.now();
  const { status } = await fetch(url, { headers, signal: AbortSignal.timeout(SLOWEST_MS) });
  return { status, milliseconds: performance.now() - started };
}

exports.handler = async ({ slot }) => {
  const keys = await Promise.all(Object.entries(slot.secretHeaders).map(async ([header, name]) => [header, await secretValue(name)]));
  const headers = { ...slot.headers, ...Object.fromEntries(keys) };
  const answers = [];
  for (let request = 0; request < REQUESTS; request++) answers.push(await timed(`${slot.url}/pay`, headers));

  const failed = answers.filter(({ status }) => status !== 200).length;
  const slowest = Math.round(Math.max(...answers.map(({ milliseconds }) => milliseconds)));
  return {
    verdict: failed === 0 && slowest <= SLOWEST_MS ? 'passed' : 'failed',
    expected: `${REQUESTS} answers with status 200, the slowest within ${SLOWEST_MS} ms`,
    actual: `${failed} with another status, the slowest after ${slowest} ms`,
  };
};
