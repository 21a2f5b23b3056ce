import type { Block, Cell, Document, TableBlock } from './document';

/** The same in Markdown, with its pictures in `diagrams/`. */
export function asMarkdown({ title, sections }: Document): string {
  const contents = sections.map(({ title: name }) => `- [${escaped(name)}](#${anchor(name)})`).join('\n');
  const parts = sections.flatMap(({ title: name, blocks }) => [`## ${escaped(name)}`, ...blocks.map(block)]);
  return `${[`# ${escaped(title)}`, contents, ...parts].join('\n\n')}\n`;
}

function block(one: Block): string {
  switch (one.kind) {
    case 'text':
      return escaped(one.text);
    case 'heading':
      return `### ${escaped(one.text)}`;
    case 'list':
      return one.items.map((item) => `- ${escaped(item)}`).join('\n');
    case 'verdict':
      return `> **${one.good ? 'Holds' : 'Look here'}:** ${escaped(one.text)}`;
    case 'table':
      return table(one);
    case 'figure':
      return `**${escaped(one.title)}** ([Mermaid](diagrams/${one.file}.mmd))\n\n![${escaped(one.description)}](diagrams/${one.file}.svg)`;
  }
}

function table({ caption, columns, rows, numbers = [] }: TableBlock): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const marks = columns.map((_, column) => (numbers.includes(column) ? '---:' : '---'));
  return [`${escaped(caption)}:`, '', line(columns.map(escaped)), line(marks), ...rows.map((cells) => line(cells.map(cellOf)))].join('\n');
}

function cellOf(cell: Cell): string {
  return (typeof cell === 'string' ? [cell] : cell).map((one) => escaped(one).replaceAll('|', '\\|')).join('<br>');
}

/** As GitHub makes it of a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/([\\`*_[\]])/g, '\\$1');
}
