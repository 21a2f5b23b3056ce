import type { Block, Cell, Document, FigureBlock, Section, TableBlock } from './document';
import { STYLE } from './style';

/** One page with everything in it: it needs no network, no script, and prints. */
export function asHtml({ title, sections }: Document): string {
  const contents = sections.map(({ id, title: name }) => `<li><a href="#${id}">${escaped(name)}</a></li>`);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<a class="skip" href="#content">Skip to content</a>',
    `<header><h1>${escaped(title)}</h1></header>`,
    `<nav aria-label="Contents"><ol>${contents.join('')}</ol></nav>`,
    '<main id="content">',
    ...sections.map(section),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function section({ id, title, blocks }: Section): string {
  return [`<section aria-labelledby="${id}">`, `<h2 id="${id}">${escaped(title)}</h2>`, ...blocks.map(block), '</section>'].join('\n');
}

function block(one: Block): string {
  switch (one.kind) {
    case 'text':
      return `<p>${escaped(one.text)}</p>`;
    case 'heading':
      return `<h3>${escaped(one.text)}</h3>`;
    case 'list':
      return `<ul>${one.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
    case 'verdict':
      return `<p class="verdict ${one.good ? 'good' : 'bad'}"><strong>${one.good ? 'Holds' : 'Look here'}:</strong> ${escaped(one.text)}</p>`;
    case 'table':
      return table(one);
    case 'figure':
      return figure(one);
  }
}

function table({ caption, columns, rows, numbers = [] }: TableBlock): string {
  const heads = columns.map((name, column) => `<th scope="col"${numbers.includes(column) ? ' class="number"' : ''}>${escaped(name)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell, column) => cellOf(cell, column, numbers)).join('')}</tr>`);
  return `<div class="wide" role="region" tabindex="0" aria-label="${escaped(caption)}"><table><caption>${escaped(caption)}</caption><thead><tr>${heads}</tr></thead>\n<tbody>${body.join('\n')}</tbody></table></div>`;
}

function cellOf(cell: Cell, column: number, numbers: readonly number[]): string {
  const lines = (typeof cell === 'string' ? [cell] : cell).map(breakable).join('<br>');
  if (column === 0) return `<th scope="row">${lines}</th>`;
  return `<td${numbers.includes(column) ? ' class="number"' : ''}>${lines}</td>`;
}

function figure({ file, title, description, svg, mermaid }: FigureBlock): string {
  // The picture has its own words in it; who cannot see it is told what it shows.
  const picture = svg.replace('<svg ', `<svg role="img" aria-label="${escaped(description)}" `);
  return [
    `<figure id="${file}"><figcaption>${escaped(title)}</figcaption><div class="wide">${picture}</div>`,
    `<details><summary>As Mermaid</summary><pre>${escaped(mermaid)}</pre></details></figure>`,
  ].join('\n');
}

/** Long names may be broken where they have a sign, so that a table stays on its page. */
function breakable(line: string): string {
  return line
    .split(' ')
    .map((word) =>
      word.length > 20
        ? word
            .split(/(?<=[/:._-])(?=.)/)
            .map(escaped)
            .join('<wbr>')
        : escaped(word),
    )
    .join(' ');
}

export function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
