const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,3})?)?(?:Z|[+-](\d\d):(\d\d))$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * What is wrong with an instant as somebody has written it.
 *
 * @returns undefined where there is such an instant, for example `2026-12-01T06:00Z`
 */
export function wrongInstant(text: string): string | undefined {
  const [matched, year = '', ...parts] = INSTANT.exec(text) ?? [];
  if (matched === undefined) return 'must be an instant with its zone';
  const [month, day, hour, minute, second, zoneHours, zoneMinutes] = parts.map((part = '0') => Number(part)) as [number, ...number[]];
  const isShort = month === 2 && (Number(year) % 4 !== 0 || (Number(year) % 100 === 0 && Number(year) % 400 !== 0));
  const days = isShort ? 28 : (DAYS[month - 1] ?? 0);
  const allowed = {
    hour: [hour, 23],
    minute: [minute, 59],
    second: [second, 59],
    'hour of its zone': [zoneHours, 23],
    'minute of its zone': [zoneMinutes, 59],
  };
  if (month < 1 || month > DAYS.length || (day ?? 0) < 1 || (day ?? 0) > days) return 'is no day that there is';
  const [wrong] = Object.entries(allowed).filter(([, [value = 0, most = 0]]) => value > most);
  return wrong && `is no time of day that there is: its ${wrong[0]} is ${wrong[1][0]}, and must be 0 to ${wrong[1][1]}`;
}
