const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const TWO = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
const THREE = Array.from({ length: SECOND }, (_, value) => String(value).padStart(3, '0'));

let day = -1;
let date = '';

/** An instant as ports tell it: ISO 8601, UTC, milliseconds; what `Date` makes of it, which takes longer. @param at milliseconds since 1970 */
export function isoOf(at: number): string {
  const today = Math.floor(at / DAY);
  if (today !== day) {
    day = today;
    date = new Date(today * DAY).toISOString().slice(0, 11);
  }
  const left = Math.floor(at) - today * DAY;
  const hours = Math.floor(left / HOUR);
  const minutes = Math.floor(left / MINUTE) % 60;
  return `${date}${TWO[hours]}:${TWO[minutes]}:${TWO[Math.floor(left / SECOND) % 60]}.${THREE[left % SECOND]}Z`;
}
