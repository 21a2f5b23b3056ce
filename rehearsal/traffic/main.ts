/**
 * The traffic as a process of its own, so that nothing the story does delays it: `main.ts <log> <streams as JSON>`. It sends until its
 * standard input ends, and ends when the last answer is logged; it cannot outlive the story.
 */
import { appendFileSync } from 'node:fs';
import { type Stream, startStream } from './generator';

const [log, streams] = process.argv.slice(2) as [string, string];
const lines: string[] = [];
const write = () => appendFileSync(log, lines.splice(0).join(''));
const stops = (JSON.parse(streams) as Stream[]).map((stream) => startStream(stream, (response) => lines.push(`${JSON.stringify(response)}\n`)));
const timer = setInterval(write, 200);
process.stdin.resume();
process.stdin.once('end', async () => {
  await Promise.all(stops.map((stop) => stop()));
  clearInterval(timer);
  write();
});
