// The table, as one version uses it. The old shape of a payment is an amount; the new one has a currency, too. A version that knows of currencies takes a
// payment without one to be in what the table's settings say, and does not work without them: they are what its migration adds.
const { DynamoDBClient, GetItemCommand, PutItemCommand } = require('@aws-sdk/client-dynamodb');

/** Payments that each slot writes over and over; every version reads those of both. */
const TILLS = 4;
const COLOURS = ['blue', 'green'];

exports.Payments = class Payments {
  constructor(table, { version, colour, knowsCurrency }) {
    Object.assign(this, { table, version, colour, knowsCurrency, dynamo: new DynamoDBClient({}), count: 0 });
  }

  /** That the table is what this version needs. */
  async check() {
    if (this.knowsCurrency) await this.currency();
  }

  /** Writes a payment in this version's shape, and reads one that some version has written. */
  async writeAndRead() {
    const till = await this.writeNext();
    return this.read(`${COLOURS[Math.floor(this.count / TILLS) % COLOURS.length]}-${till}`);
  }

  /** Writes a payment in this version's shape. @returns which till it is of */
  async writeNext() {
    this.count += 1;
    const till = this.count % TILLS;
    await this.write({ id: `${this.colour}-${till}`, amount: this.count });
    return till;
  }

  async write({ id, amount }) {
    const currency = this.knowsCurrency && { currency: { S: 'EUR' } };
    const Item = { id: { S: id }, amount: { N: String(amount) }, by: { S: this.version }, ...currency };
    await this.dynamo.send(new PutItemCommand({ TableName: this.table, Item }));
  }

  async read(id) {
    const item = await this.item(id);
    if (!item) return undefined;
    const amount = Number(item.amount?.N);
    if (!Number.isInteger(amount)) throw new Error(`payment ${id} has no amount that ${this.version} can read`);
    const currency = this.knowsCurrency && { currency: item.currency?.S ?? (await this.currency()) };
    return { id, amount, by: item.by.S, ...currency };
  }

  /** What a payment is in that says nothing. */
  async currency() {
    this.settings ??= await this.item('settings');
    const currency = this.settings?.currency?.S;
    if (!currency) throw new Error(`the table has no settings that say what old payments are in, as ${this.version} needs`);
    return currency;
  }

  async item(id) {
    return (await this.dynamo.send(new GetItemCommand({ TableName: this.table, Key: { id: { S: id } } }))).Item;
  }
};
