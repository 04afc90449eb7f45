const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

const relative = new Intl.RelativeTimeFormat('en');
// The browser's time zone is known to scripts alone.
const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** How long ago a moment was: "5 minutes ago". */
export function ago(moment: Date, now = Date.now()): string {
  const passed = now - moment.getTime();
  const [unit, length] = units.find(([, length]) => passed >= length) ?? [];
  return unit === undefined ? 'just now' : relative.format(-Math.floor(passed / length), unit);
}

/** When a moment was: "8 October 2025 at 14:03 UTC". */
export function momentOf(moment: Date): string {
  return `${absolute.format(moment)} UTC`;
}
