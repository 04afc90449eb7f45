/** How many levels the arrays and objects of a JSON text are nested: 0 for a bare value, 1 for `{}`. */
export function jsonDepth(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '{' || token === '[') {
      depth++;
      deepest = Math.max(deepest, depth);
    } else if (token === '}' || token === ']') {
      depth--;
    }
  }
  return deepest;
}

const escapes = /\\(?:ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|u[0-9a-f]{4}|.)/gis;

/**
 * Whether a JSON text holds half of a surrogate pair, which `JSON.stringify` writes as an escape.
 * https://tc39.es/ecma262/#sec-quotejsonstring
 */
export function hasLoneSurrogate(json: string): boolean {
  return [...json.matchAll(escapes)].some(([text]) => /^\\ud[89a-f]..$/i.test(text));
}
