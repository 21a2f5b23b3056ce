/** Draws a graph in Graphviz's language. Letters are measured by a table of its own, so that the picture is the same on every machine. */
export type Draw = (dot: string) => string;

/** Loads Graphviz, a megabyte of WebAssembly; a review needs it, other commands do not. */
export async function graphviz(): Promise<Draw> {
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  return (dot) => {
    const svg = viz
      .renderString(dot, { format: 'svg', engine: 'dot' })
      // What comes before the picture names the program's version.
      .replace(/^[\s\S]*?(?=<svg )/, '')
      .replace(/<!--[\s\S]*?-->\n?/g, '')
      .trim();
    return svg.replace(/<g id="node\d+" class="node">[\s\S]*?<\/g>/g, centred);
  };
}

/** Texts of a box start where Graphviz thinks they must; where the reader's letters are wider, they are better kept to its middle. */
function centred(box: string): string {
  const places = [...box.matchAll(/ (?:d|points)="([^"]*)"/g)].flatMap(([, points = '']) =>
    [...points.matchAll(/(-?[\d.]+),-?[\d.]+/g)].map(([, x]) => Number(x)),
  );
  if (places.length === 0) return box;
  const middle = (Math.min(...places) + Math.max(...places)) / 2;
  return box.replace(/(<text [^>]*?)text-anchor="\w+" x="-?[\d.]+"/g, `$1text-anchor="middle" x="${middle.toFixed(2)}"`);
}

/** What letters are set in: close to what Graphviz measured. */
export const FONT = 'Helvetica,Arial,Liberation Sans,sans-serif';

/** A text in Graphviz's quotes. */
export function quoted(content: string): string {
  return `"${content.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** A text in a label of HTML. */
export function label(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A text in lines of about so many characters. */
export function wrapped(content: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
