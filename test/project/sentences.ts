/** A sentence of a text. `offset` is where it starts. */
export interface Sentence {
  readonly text: string;
  readonly offset: number;
  readonly words: number;
}

/** A banned word in a text. `offset` is where it starts. */
export interface BannedWord {
  readonly word: string;
  readonly instead: string;
  readonly offset: number;
}

/**
 * What the prose of this project avoids: a pattern, and what to write instead. A space matches any
 * white space. The list has only what a pattern finds without false alarms.
 */
export const bannedWords: ReadonlyArray<readonly [pattern: string, instead: string]> = [
  ['whoever', 'the caller, the client, a DBA'],
  ['whatever', 'any, every'],
  ['nobody', 'no account, no caller, no client'],
  ['those that', 'the noun, as in "sessions that"'],
  ['those who', 'the noun, as in "callers that"'],
  ['such as may', 'which can'],
  ['so that', 'so, to'],
  ['told', 'notified, reported, known; "distinguish" for "told apart"'],
  ['taken', 'used, acquired, accepted, in use'],
  ['stands?', 'is, has, means'],
  ['(?:holds?|held|holding)(?: \\S+){0,3} against', 'compare with, check against'],
  ['what is there', 'the current state, what is installed'],
  ['the latter', 'the noun'],
  ['thereof', 'of it'],
  ['a moment ago', 'just, a second ago'],
  ["of (?:one['’]s|its|their) own", 'separate, its own, a private'],
  ['besides', 'also, in addition'],
  ['meanwhile', 'in that time, while it runs'],
  ['hither', 'here'],
  ['ahead of all else', 'first'],
  ['for ever', 'forever, without end'],
  ['at the least', 'at least'],
  // Only at the end of a clause: "as it is by default" is plain English.
  ['as it is(?=\\s*(?:[.,;:!?)]|$))', 'unchanged'],
  ['(?:is|are) to be', 'must be, should be'],
  ['is none', 'is no, if there is no, does not exist'],
];

const bannedWord = bannedWords.map(([pattern, instead]) => ({
  instead,
  pattern: new RegExp(
    `(?<![\\p{L}\\p{N}_-])(?:${pattern.replaceAll(' ', '\\s+')})(?![\\p{L}\\p{N}_-])`,
    'giu',
  ),
}));

/** Replaces a character of code. A code span counts as one word, and no word in it is banned. */
export const codeMark = '\uE000';

/** Replaces a character of markup, which counts as nothing. */
const markupMark = '\uE001';

const masks: ReadonlyArray<readonly [RegExp, mark: string]> = [
  [/(?<!`)(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, codeMark],
  [/\{@link[^}]*\}/g, codeMark],
  // The address of a link; its text remains.
  [/\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+"[^"]*")?\)|\]\[[^\]]*\]/g, markupMark],
  [/<?https?:\/\/[^\s<>)\]]*[^\s<>)\].,;:!?'"]>?/g, codeMark],
  [/<\/?[a-z][^<>\n]*>|\*\*/gi, markupMark],
];

/** Replaces code, addresses and markup by marks. Every other character keeps its offset. */
function mask(text: string): string {
  return masks.reduce(
    (masked, [pattern, mark]) => masked.replace(pattern, (found) => mark.repeat(found.length)),
    text,
  );
}

const word = new RegExp(`[\\p{L}\\p{N}${codeMark}]`, 'u');

function countWords(masked: string): number {
  const texts = masked.replaceAll(markupMark, '').split(/\s+/);
  return texts.filter((text) => word.test(text)).length;
}

const sentenceEnd = new RegExp(`[.!?]+["'”’)\\]*_${markupMark}]*(?=\\s|$)`, 'g');

const abbreviation = /(?:^|[\s(])(?:e\.g|i\.e|vs|cf)\.$/i;

/** What starts a sentence: an upper-case letter, a number, code, or a name such as `mysql2`. */
const sentenceStart = new RegExp(
  `^\\s+["'“‘([*_${markupMark}]*` +
    `(?:[\\p{Lu}\\p{N}@${codeMark}]|(?:knex|koa|npm|umzug)\\b|\\p{Ll}[\\p{L}./]*[-_\\p{N}\\p{Lu}])`,
  'u',
);

/** Splits a paragraph into sentences. A sentence ends with . ! or ?, or with the paragraph. */
export function sentencesOf(paragraph: string): Sentence[] {
  const masked = mask(paragraph);
  const sentences: Sentence[] = [];
  let start = 0;
  const add = (end: number) => {
    const offset = start + masked.slice(start, end).search(/\S|$/);
    const words = countWords(masked.slice(offset, end));
    if (words > 0) {
      sentences.push({
        text: paragraph.slice(offset, end).replace(/\s+/g, ' ').trim(),
        offset,
        words,
      });
    }
    start = end;
  };
  for (const { 0: mark, index } of masked.matchAll(sentenceEnd)) {
    const end = index + mark.length;
    if (sentenceStart.test(masked.slice(end)) && !abbreviation.test(masked.slice(start, end))) {
      add(end);
    }
  }
  add(masked.length);
  return sentences;
}

/** Returns the words of a text without its code, addresses and numbers. */
export function plainWordsOf(text: string): string[] {
  return mask(text).match(/\p{L}[\p{L}'’]*/gu) ?? [];
}

/** Finds the banned words of a text, in the order of the text. */
export function bannedWordsIn(text: string): BannedWord[] {
  const masked = mask(text);
  return bannedWord
    .flatMap(({ pattern, instead }) =>
      [...masked.matchAll(pattern)].map(({ 0: found, index }) => ({
        word: found.replace(/\s+/g, ' '),
        instead,
        offset: index,
      })),
    )
    .sort((one, other) => one.offset - other.offset);
}
