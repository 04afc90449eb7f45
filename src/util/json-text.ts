/** Returns how deep the arrays and objects of a JSON text nest: 0 for a bare value, 1 for `{}`. */
export function jsonDepth(json: string): number {
  let depth = 0;
  let maxDepth = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '{' || token === '[') {
      depth++;
      maxDepth = Math.max(maxDepth, depth);
    } else if (token === '}' || token === ']') {
      depth--;
    }
  }
  return maxDepth;
}

const escapeSequence = /\\(?:ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|u[0-9a-f]{4}|.)/gis;

/**
 * Returns whether a JSON text has half of a surrogate pair. `JSON.stringify` writes it as an
 * escape.
 * https://tc39.es/ecma262/#sec-quotejsonstring
 */
export function hasLoneSurrogate(json: string): boolean {
  return [...json.matchAll(escapeSequence)].some(([text]) => /^\\ud[89a-f]..$/i.test(text));
}
