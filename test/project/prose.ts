import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Text } from './paragraphs';
import { readingEase } from './reading-ease';
import { bannedWordsIn, type Sentence, sentencesOf } from './sentences';
import { textsOf } from './texts';

export const limits = { columns: 100, sentence: 25, average: 14, readingEase: 50 } as const;

/**
 * Results of measures that are no longer made, which stay unchanged, and pages that TypeDoc makes
 * from JSDoc.
 */
const skipped = /^docs\/(?:benchmarks\/(?:attributes|layout)\.md$|api\/)/;

/** A file with prose. */
export interface Document {
  readonly file: string;
  readonly texts: readonly Text[];
  readonly lines: ReadonlyArray<{ readonly line: number; readonly text: string }>;
}

/** What a writer has to change. An average has no line. */
export interface Finding {
  readonly group: string;
  readonly place: string;
  readonly message: string;
}

/** Reads what git tracks or would add. `paths` are the first characters of the files to read. */
export function readDocuments(root: string, paths: readonly string[] = ['']): Document[] {
  // In a container the files may belong to another account, which git refuses by default.
  const list = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others'];
  const files = execFileSync('git', [...list, '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  }).split('\0');
  return [...new Set(files)]
    .filter((file) => paths.some((path) => file.startsWith(path)) && !skipped.test(file))
    .filter((file) => /\.(?:[cm]?ts|sql|md)$/.test(file) && existsSync(join(root, file)))
    .flatMap((file) => documentOf(file, readFileSync(join(root, file), 'utf8')) ?? []);
}

export function documentOf(file: string, content: string): Document | undefined {
  const found = textsOf(file, content);
  const lines = content.split('\n').map((text, index) => ({ line: index + 1, text }));
  return (
    found && { file, texts: found.texts, lines: lines.filter(({ line }) => found.lines.has(line)) }
  );
}

export function findBannedWords(documents: readonly Document[]): Finding[] {
  return eachText(documents, ({ file }, text) =>
    bannedWordsIn(text.text).map(({ word, instead, offset }) => ({
      group: text.group,
      place: placeOf(file, text, offset),
      message: `"${word}", write ${instead}: ${excerpt(text.text, offset)}`,
    })),
  );
}

/** Finds the lines that are too wide. A line that is one link can't be broken. */
export function findWideLines(documents: readonly Document[]): Finding[] {
  const link = /^\W*(?:@see\s+)?(?:<?https?:\S+|!?\[[^\]]*\](?:\(\S*\)|:\s+\S+))\W*$/;
  return documents.flatMap(({ file, texts, lines }) =>
    lines
      .filter(({ text }) => [...text].length > limits.columns && !link.test(text))
      .map(({ line, text }) => ({
        group: proseGroup(texts),
        place: `${file}:${line}`,
        message: `${[...text].length} columns, at most ${limits.columns}: ${text.trim()}`,
      })),
  );
}

export function findLongSentences(documents: readonly Document[]): Finding[] {
  return eachText(documents, ({ file }, text) =>
    proseOf(text)
      .filter(({ words }) => words > limits.sentence)
      .map((sentence) => ({
        group: text.group,
        place: placeOf(file, text, sentence.offset),
        message: `${sentence.words} words, at most ${limits.sentence}: ${sentence.text}`,
      })),
  );
}

export function findHighAverages(documents: readonly Document[]): Finding[] {
  return measure(documents)
    .filter(({ average }) => average > limits.average)
    .map(({ group, average }) => ({
      group,
      place: group,
      message: `${average.toFixed(1)} words a sentence on average, at most ${limits.average}`,
    }));
}

/** Finds the Markdown pages that are hard to read. */
export function findHardPages(documents: readonly Document[]): Finding[] {
  return measure(documents)
    .filter((page) => page.readingEase !== undefined && page.readingEase < limits.readingEase)
    .map((page) => ({
      group: page.group,
      place: page.group,
      message: `the reading ease is ${page.readingEase?.toFixed(1)}, at least ${limits.readingEase}`,
    }));
}

export function findAll(documents: readonly Document[]): Finding[] {
  return [
    findBannedWords,
    findWideLines,
    findLongSentences,
    findHighAverages,
    findHardPages,
  ].flatMap((find) => find(documents));
}

/** A row of the table: a kind of comment, message or title, or a document. */
export interface Measure {
  readonly group: string;
  readonly words: number;
  readonly sentences: number;
  readonly average: number;
  readonly longest: number;
  readonly wideLines: number;
  readonly bannedWords: number;
  /** Only of Markdown: a comment has too few words that are not code. */
  readonly readingEase: number | undefined;
}

export function measure(documents: readonly Document[]): Measure[] {
  const texts = documents.flatMap((document) => document.texts);
  const wideLines = findWideLines(documents);
  const banned = findBannedWords(documents);
  return [...new Set(texts.map(({ group }) => group))].sort().map((group) => {
    const ofGroup = (found: { group: string }) => found.group === group;
    const sentences = texts.filter(ofGroup).flatMap(proseOf);
    const counts = sentences.map(({ words }) => words);
    const words = counts.reduce((sum, count) => sum + count, 0);
    return {
      group,
      words,
      sentences: counts.length,
      average: words / Math.max(counts.length, 1),
      longest: Math.max(0, ...counts),
      wideLines: wideLines.filter(ofGroup).length,
      bannedWords: banned.filter(ofGroup).length,
      readingEase:
        group.endsWith('.md') && counts.length > 0
          ? readingEase(sentences.map(({ text }) => text))
          : undefined,
    };
  });
}

/** Returns the sentences that count. A label of one or two words would only lower the average. */
function proseOf({ text, isProse }: Text): Sentence[] {
  return isProse ? sentencesOf(text).filter(({ words }) => words > 2) : [];
}

function proseGroup(texts: readonly Text[]): string {
  return (texts.find(({ isProse }) => isProse) ?? texts[0])?.group ?? '';
}

function eachText(
  documents: readonly Document[],
  find: (document: Document, text: Text) => Finding[],
): Finding[] {
  return documents.flatMap((document) => document.texts.flatMap((text) => find(document, text)));
}

function placeOf(file: string, { line, text }: Text, offset: number): string {
  return `${file}:${line + text.slice(0, offset).split('\n').length - 1}`;
}

function excerpt(text: string, offset: number): string {
  return text
    .slice(Math.max(0, offset - 40), offset + 60)
    .replace(/\s+/g, ' ')
    .trim();
}

function tableOf(measures: readonly Measure[]): string {
  const rows = [
    ['group', 'words', 'sentences', 'average', 'longest', 'lines > 100', 'banned words', 'ease'],
    ...measures.map((of) => [
      of.group,
      ...[of.words, of.sentences, of.average.toFixed(1), of.longest, of.wideLines].map(String),
      String(of.bannedWords),
      of.readingEase?.toFixed(1) ?? '',
    ]),
  ];
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

/**
 * Usage: npx ts-node test/project/prose.ts [PATH]...
 * Prints the table of all prose, or with paths the findings and the table of the files that start
 * with a path. Run it in the root of the repository. The exit code is 1 if there are findings.
 */
function main(paths: readonly string[]): void {
  const documents = readDocuments(process.cwd(), paths.length > 0 ? paths : undefined);
  const findings = findAll(documents);
  if (paths.length > 0) {
    for (const { place, message } of findings) console.log(`${place}: ${message}`);
  }
  console.log(tableOf(measure(documents)));
  console.log(`${findings.length} findings in ${documents.length} files`);
  process.exitCode = findings.length > 0 || documents.length === 0 ? 1 : 0;
}

if (require.main === module) {
  main(process.argv.slice(2));
}
