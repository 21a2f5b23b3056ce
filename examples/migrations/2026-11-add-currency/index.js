// Payments get a currency. Those that are there are in pounds; so are those that the version before this one writes, which knows of none: what a
// payment without a currency is in stands in the table, too. Run twice, it changes nothing the second time.
// Requests and answers: MigrationRequest and MigrationAnswer of path-to-live/contract.
const { DynamoDBClient, PutItemCommand, ScanCommand, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');

const CURRENCY = { S: 'GBP' };
/** Payments looked at in one call: a call must end within its time. */
const PAGE = 500;

const table = process.env.TABLE;
const dynamo = new DynamoDBClient({});

exports.handler = async ({ next }) => {
  await dynamo.send(new PutItemCommand({ TableName: table, Item: { id: { S: 'settings' }, currency: CURRENCY } }));
  const page = await dynamo.send(
    new ScanCommand({
      TableName: table,
      Limit: PAGE,
      ExclusiveStartKey: next?.after && { id: { S: next.after } },
      FilterExpression: 'attribute_not_exists(currency)',
      ProjectionExpression: 'id',
    }),
  );
  for (const { id } of page.Items) await convert(id);
  const converted = (next?.converted ?? 0) + page.Items.length;
  if (page.LastEvaluatedKey) return { done: false, next: { after: page.LastEvaluatedKey.id.S, converted } };
  return { done: true, said: `${converted} payments are in pounds now` };
};

/** Only what has none, and is still there: the live version goes on writing meanwhile. */
async function convert(id) {
  try {
    await dynamo.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id },
        UpdateExpression: 'SET currency = :currency',
        ConditionExpression: 'attribute_exists(id) AND attribute_not_exists(currency)',
        ExpressionAttributeValues: { ':currency': CURRENCY },
      }),
    );
  } catch (error) {
    if (error.name !== 'ConditionalCheckFailedException') throw error;
  }
}
