const blank = 0x20;
const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

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

/**
 * Returns the JSON text of each value of an object, by its key. Returns undefined for the text of
 * another value. Parses nothing but keys with escapes, so a text that is no JSON gives any result.
 */
export function splitObject(json: string): Map<string, string> | undefined {
  const members = new Map<string, string>();
  let index = skipBlanks(json, 0);
  if (json.charCodeAt(index) !== openBrace) {
    return undefined;
  }
  index = skipBlanks(json, index + 1);
  while (json.charCodeAt(index) === quote) {
    const endOfKey = endOfString(json, index);
    const name = json.slice(index, endOfKey + 1);
    const key: string = name.includes('\\') ? JSON.parse(name) : name.slice(1, -1);
    const start = skipBlanks(json, skipBlanks(json, endOfKey + 1) + 1);
    const end = endOfValue(json, start);
    members.set(key, json.slice(start, end).trimEnd());
    index = skipBlanks(json, end + 1);
  }
  return members;
}

/**
 * Returns whether two JSON texts differ only in white space, which the second must not have. Texts
 * with the same value can differ in more, such as the order of keys.
 */
export function equalsWithoutBlanks(json: string, compact: string): boolean {
  let isInString = false;
  let isNextEscaped = false;
  let compactIndex = 0;
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (code === compact.charCodeAt(compactIndex)) {
      compactIndex++;
      if (code === quote && !isNextEscaped) {
        isInString = !isInString;
      }
      isNextEscaped = code === backslash && !isNextEscaped;
    } else if (isInString || code > blank) {
      return false;
    }
  }
  return compactIndex === compact.length;
}

/** Returns the index of the comma or bracket that follows a value of an object or array. */
function endOfValue(json: string, start: number): number {
  let depth = 0;
  for (let index = start; index < json.length; index++) {
    switch (json.charCodeAt(index)) {
      case quote:
        index = endOfString(json, index);
        break;
      case openBrace:
      case openBracket:
        depth++;
        break;
      case closeBrace:
      case closeBracket:
        if (depth === 0) {
          return index;
        }
        depth--;
        break;
      case comma:
        if (depth === 0) {
          return index;
        }
    }
  }
  return json.length;
}

/** Returns the index of the first character that is no white space. */
function skipBlanks(json: string, start: number): number {
  let index = start;
  // JSON has four characters of white space. All other characters before "!" are invalid here.
  while (index < json.length && json.charCodeAt(index) <= blank) {
    index++;
  }
  return index;
}

/** Returns the index of the quotation mark that ends a string. */
function endOfString(json: string, start: number): number {
  // indexOf skips a long text many times faster than a loop.
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) {
    end = json.indexOf('"', end + 1);
  }
  return end === -1 ? json.length : end;
}

/** Returns whether an odd number of backslashes precedes the index. */
function isEscaped(json: string, index: number): boolean {
  let start = index;
  while (json.charCodeAt(start - 1) === backslash) {
    start--;
  }
  return (index - start) % 2 === 1;
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
