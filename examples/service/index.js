// A service behind a load balancer: one function, with what Lambda's runtime brings. It says which version and which slot answered, so that a
// switch can be watched from outside; and it keeps payments in a table that every version uses, where it is given one.
// Requests and answers: https://docs.aws.amazon.com/lambda/latest/dg/services-alb.html

const self = {
  version: process.env.PATH_TO_LIVE_VERSION,
  colour: process.env.PATH_TO_LIVE_COLOUR,
  environment: process.env.PATH_TO_LIVE_ENVIRONMENT,
};

const pages = {
  '/': async () => ({ status: 200, body: { service: 'payments', ...self } }),
  '/health': async () => ({ status: 200, body: { healthy: true, ...self } }),
  '/pay': async () => ({ status: 200, body: { paid: true, ...(process.env.TABLE && (await pay(process.env.TABLE))), ...self } }),
};

/** Writes a payment, and reads it back as anybody would. */
async function pay(table) {
  const { DynamoDBClient, GetItemCommand, PutItemCommand } = require('@aws-sdk/client-dynamodb');
  const dynamo = new DynamoDBClient({});
  const id = { S: `payment-${Date.now()}` };
  await dynamo.send(new PutItemCommand({ TableName: table, Item: { id, amount: { N: '1250' }, currency: { S: 'GBP' }, by: { S: String(self.version) } } }));
  const { Item } = await dynamo.send(new GetItemCommand({ TableName: table, Key: { id } }));
  return { amount: Number(Item.amount.N), currency: Item.currency.S };
}

exports.handler = async ({ path }) => {
  const page = pages[path] ?? (async () => ({ status: 404, body: { error: `there is no ${path}`, ...self } }));
  const { status, body } = await page();
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-version': String(self.version) },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
};
