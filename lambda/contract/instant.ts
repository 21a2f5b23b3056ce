const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,3})?)?(?:Z|[+-](\d\d):(\d\d))$/;

/**
 * What is wrong with an instant as somebody has written it.
 *
 * @returns undefined where there is such an instant, for example `2026-12-01T06:00Z`
 */
export function wrongInstant(text: string): string | undefined {
  const [matched, ...parts] = INSTANT.exec(text) ?? [];
  if (matched === undefined) return 'must be an instant with its zone';
  const [year = 0, month = 0, day = 0, hour, minute, second, zoneHours, zoneMinutes] = parts.map((part = '0') => Number(part));
  // A day that there is not becomes one of another month.
  const date = new Date(Date.UTC(year, month - 1, day));
  const allowed = {
    hour: [hour, 23],
    minute: [minute, 59],
    second: [second, 59],
    'hour of its zone': [zoneHours, 23],
    'minute of its zone': [zoneMinutes, 59],
  };
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return 'is no day that there is';
  const [wrong] = Object.entries(allowed).filter(([, [value = 0, most = 0]]) => value > most);
  return wrong && `is no time of day that there is: its ${wrong[0]} is ${wrong[1][0]}, and must be 0 to ${wrong[1][1]}`;
}
