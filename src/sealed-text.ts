/** The parts of a sealed text, each as it was found. */
export interface SealedParts {
  /** The version of the form. */
  readonly v: unknown;
  /** What the text was sealed with, as base64: never the same twice. */
  readonly iv: unknown;
  /** The id of the key. */
  readonly key: unknown;
  /** What tells whether any of it was changed, as base64. */
  readonly tag: unknown;
  /** The encrypted text, as base64. */
  readonly data: unknown;
}

/** In the order in which MySQL keeps them, so that the beginning of a text tells on every server. */
const names = ['v', 'iv', 'key', 'tag', 'data'] as const;

/** JSON, as the column is. */
export function sealedText(parts: SealedParts): string {
  return JSON.stringify(parts, [...names]);
}

/** Undefined where the text is not of the form of a sealed one. */
export function sealedParts(text: string): SealedParts | undefined {
  if (!isLikelySealed(text)) {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isSealed(value) ? value : undefined;
}

// Most texts are told from a sealed one without reading them.
function isLikelySealed(text: string): boolean {
  return /^\s*\{\s*"v"\s*:\s*\d/.test(text);
}

function isSealed(value: unknown): value is SealedParts {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === names.length &&
    names.every((name) => Object.hasOwn(value, name))
  );
}
