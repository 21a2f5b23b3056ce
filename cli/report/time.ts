import { UserError } from '../user-error';

/** From one moment to another, in milliseconds since 1970, as `m:ss`, or `h:mm:ss` from an hour on. */
export function elapsed(from: number, to: number): string {
  const seconds = Math.max(0, Math.round((to - from) / 1000));
  const minutes = Math.floor(seconds / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** An instant for people: `2026-11-20 16:40 UTC`. */
export function instant(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** An instant to the second, under a heading that says UTC: `2026-11-20 16:40:07`. */
export function second(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const MOST_DAYS = 365;

/**
 * Seconds in `90s`, `30m`, `2h` or `1d`; at most a year, which no execution outlives.
 *
 * @throws UserError naming the option
 */
export function durationSeconds(text: string, option: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * SECONDS[unit as keyof typeof SECONDS];
  if (seconds > MOST_DAYS * SECONDS.d) throw new UserError('Duration', `${option} is ${JSON.stringify(text)}; it must be at most ${MOST_DAYS}d`);
  if (seconds > 0) return seconds;
  throw new UserError('Duration', `${option} is ${JSON.stringify(text)}; it must be a whole number above 0 with s, m, h or d, for example 90s, 30m or 2h`);
}
