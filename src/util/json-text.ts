const quote = 0x22;
const backslash = 0x5c;

/**
 * Returns how deep the arrays and objects of a JSON text nest: 0 for a bare value, 1 for `{}`.
 * Takes linear time and no memory, because a text may have 64 MB.
 */
export function jsonDepth(json: string): number {
  let depth = 0;
  let maxDepth = 0;
  for (let index = 0; index < json.length; index++) {
    switch (json[index]) {
      case '"':
        index = endOfString(json, index);
        break;
      case '{':
      case '[':
        depth++;
        maxDepth = Math.max(maxDepth, depth);
        break;
      case '}':
      case ']':
        depth--;
    }
  }
  return maxDepth;
}

/** Returns the index of the quotation mark that ends a string. */
function endOfString(json: string, start: number): number {
  for (let index = start + 1; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (code === quote) {
      return index;
    }
    if (code === backslash) {
      index++;
    }
  }
  return json.length;
}

/**
 * Returns whether a JSON text has half of a surrogate pair. `JSON.stringify` writes it as an
 * escape. Takes linear time and no memory.
 * https://tc39.es/ecma262/#sec-quotejsonstring
 */
export function hasLoneSurrogate(json: string): boolean {
  let index = json.indexOf('\\');
  while (index !== -1) {
    let next = index + 2;
    if (json[index + 1] === 'u') {
      next = index + 6;
      if (isEscapeIn(json, index, 0xd800, 0xdbff) && isEscapeIn(json, next, 0xdc00, 0xdfff)) {
        next += 6;
      } else if (isEscapeIn(json, index, 0xd800, 0xdfff)) {
        return true;
      }
    }
    index = json.indexOf('\\', next);
  }
  return false;
}

/** Returns whether the text has an escape at the index, with a code in a range. */
function isEscapeIn(json: string, index: number, first: number, last: number): boolean {
  const code = Number.parseInt(json.slice(index + 2, index + 6), 16);
  return json.startsWith('\\u', index) && code >= first && code <= last;
}
