const browsers = [
  // Most say that they are Chrome or Safari besides.
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /(?:Chrome|Chromium|CriOS)\//],
  ['Safari', /\bSafari\//],
] as const;

const systems = [
  // Android says that it is Linux, and an iPhone that it is like Mac OS X.
  ['Windows', /\bWindows\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
] as const;

/** The most characters that a device's name has. */
export const longestDevice = 60;

/** What people call the device that sends this User-Agent; its own words, cut short, where it is not known. */
export function deviceOf(userAgent = ''): string {
  const browser = firstIn(browsers, userAgent);
  const system = firstIn(systems, userAgent);
  if (browser !== undefined && system !== undefined) {
    return `${browser} on ${system}`;
  }
  return cut(userAgent.replace(/[\s\p{C}]+/gu, ' ').trim()) || 'Unknown device';
}

function firstIn(names: ReadonlyArray<readonly [string, RegExp]>, text: string): string | undefined {
  return names.find(([, pattern]) => pattern.test(text))?.[0];
}

function cut(text: string): string {
  return text.length > longestDevice ? `${text.slice(0, longestDevice - 1)}…` : text;
}
