/** A device on which a user is signed in. */
export interface Device {
  /** Identifies the device on pages, in place of the session id. */
  readonly handle: string;
  readonly name: string;
  readonly lastSeen: Date;
  readonly signedInAt: Date;
  /** Whether the request comes from it. */
  readonly isOwn: boolean;
}

const browsers = [
  // First the browsers that also call themselves Chrome or Safari.
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /(?:Chrome|Chromium|CriOS)\//],
  ['Safari', /\bSafari\//],
] as const;

const systems = [
  // Android also calls itself Linux, and an iPhone "like Mac OS X".
  ['Windows', /\bWindows\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
] as const;

/** The longest name of a device, in characters. */
export const longestDeviceName = 60;

/** Names a device by its User-Agent. An unknown User-Agent is the name itself, shortened. */
export function deviceName(userAgent = ''): string {
  const browser = firstMatch(browsers, userAgent);
  const system = firstMatch(systems, userAgent);
  if (browser !== undefined && system !== undefined) {
    return `${browser} on ${system}`;
  }
  return shortened(userAgent.replace(/[\s\p{C}]+/gu, ' ').trim()) || 'Unknown device';
}

/** Numbers repeated names: "Safari on iPad", "Safari on iPad (2)". */
export function numberNames(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

function firstMatch(
  patterns: ReadonlyArray<readonly [string, RegExp]>,
  text: string,
): string | undefined {
  return patterns.find(([, pattern]) => pattern.test(text))?.[0];
}

function shortened(text: string): string {
  return text.length > longestDeviceName ? `${text.slice(0, longestDeviceName - 1)}…` : text;
}
