import { heading, type Section, table, text } from '../document/document';
import { exact, number, usd } from '../document/words';
import type { Facts } from '../facts/facts';

/** What it costs, item by item, with the prices and what is taken for granted. */
export function costSection({ cost: { bills, prices, notPriced, requestsPerSecond } }: Facts): Section {
  const { region, currency, date, note } = prices;
  return {
    id: 'cost',
    title: 'What it costs',
    blocks: [
      text(`An estimate in ${currency} by prices of ${region} of ${date}, from the templates; nothing was measured. ${note}`),
      ...(requestsPerSecond === 0 ? [text('Users’ requests are not in it; --requests-per-second <n> adds them.')] : []),
      table(
        'Totals',
        ['what', `${currency}`],
        bills.map((bill) => [bill.title, usd(bill.usd)]),
        [1],
      ),
      ...bills.flatMap((bill) => [
        heading(bill.title),
        text(bill.about),
        table(
          `${bill.title}, item by item`,
          ['item', 'so much', 'per', `${currency} each`, currency, 'price'],
          [
            ...bill.items.map(({ what, quantity, per, usdEach, usd: all, status }) => [
              what,
              number(Number(quantity.toPrecision(6))),
              per,
              usd(usdEach),
              usd(all),
              status,
            ]),
            ['Total', '', '', '', usd(bill.usd), ''],
          ],
          [1, 3, 4],
        ),
      ]),
      ...(notPriced.length === 0 ? [] : [text(`Not in it: ${notPriced.map(({ type, count }) => `${count} ${type}`).join(', ')}.`)]),
      heading('Prices'),
      table(
        'Prices',
        ['price', currency, 'per', 'status', 'source or basis'],
        Object.entries(prices.prices).map(([name, price]) => [name, exact(price.usd), price.per, price.status, price.source]),
        [1],
      ),
      heading('Taken for granted'),
      table(
        'Assumptions',
        ['assumption', 'value', 'unit', 'basis'],
        Object.entries(prices.assumptions).map(([name, { value, unit, basis }]) => [name, number(value), unit, basis]),
        [1],
      ),
    ],
  };
}
