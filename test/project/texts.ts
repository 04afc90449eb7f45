import ts from 'typescript';
import { type FileTexts, paragraphs, type Text } from './paragraphs';
import { codeMark } from './sentences';

interface Range {
  readonly start: number;
  readonly end: number;
}

const typeScriptFile = /^(?:src|test|examples|bench|migrations)\/.*\.[cm]?ts$/;

/** Extracts the texts of a file by its name. Returns `undefined` for a file without prose. */
export function textsOf(file: string, content: string): FileTexts | undefined {
  if (typeScriptFile.test(file)) return typeScriptTexts(file, content);
  if (/^(?:sql|migrations)\/.*\.sql$/.test(file)) return sqlTexts(content);
  return file.endsWith('.md') ? markdownTexts(file, content) : undefined;
}

/** Extracts comments, the messages of src and the titles of tests. */
function typeScriptTexts(file: string, content: string): FileTexts {
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest);
  const literals: Range[] = [];
  const texts: Text[] = [];
  const add = (group: string, node: ts.Node) => {
    const text = literalText(source, node);
    if (/\s/.test(text) && /\p{L}/u.test(text)) {
      texts.push({ group, line: lineAt(content, node.getStart(source)), text, isProse: false });
    }
  };
  const visit = (node: ts.Node, isTitle: boolean) => {
    if (ts.isLiteralExpression(node) || isTemplatePart(node)) {
      literals.push({ start: node.getStart(source), end: node.end });
    }
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      if (file.startsWith('src/')) add('src messages', node);
      if (isTitle) add('test titles', node);
    }
    const title = file.startsWith('test/') ? titleOf(source, node) : undefined;
    ts.forEachChild(node, (child) =>
      visit(child, child === title || (isTitle && !ts.isFunctionLike(child))),
    );
  };
  visit(source, false);
  const code = replaced(content, literals, ' ');
  const comments = joinLines(code, [...code.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*/g)].map(rangeOf));
  return merged(
    { texts, lines: new Set() },
    commentTexts(`${file.split('/')[0]} comments`, content, comments),
  );
}

function isTemplatePart(node: ts.Node): boolean {
  return ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

/** Returns the first argument of `test(…)`, `test.serial(…)` and the like, if it can be a title. */
function titleOf(source: ts.SourceFile, node: ts.Node): ts.Node | undefined {
  if (!ts.isCallExpression(node) || !/^test(?:\.\w+)*$/.test(node.expression.getText(source))) {
    return undefined;
  }
  const [first] = node.arguments;
  return first && !ts.isFunctionLike(first) ? first : undefined;
}

/** Returns the text between the quotes. Expressions of a template become code. */
function literalText(source: ts.SourceFile, node: ts.Node): string {
  const start = node.getStart(source) + 1;
  const text = source.text.slice(start, node.end - 1).replace(/\\[nrt]/g, '  ');
  if (!ts.isTemplateExpression(node)) return text;
  const expressions = node.templateSpans.map(({ expression, literal }) => ({
    start: expression.pos - 2 - start,
    end: literal.getStart(source) + 1 - start,
  }));
  return replaced(text, expressions, codeMark);
}

// A comment, a name in backticks, or a string. `/*!` and `/*M!` start code that some servers run.
const sqlToken = new RegExp(
  [
    /--(?=\s|$).*/,
    /\/\*(?!M?!)[\s\S]*?\*\//,
    /`[^`]*`/,
    /'(?:[^'\\]|''|\\[\s\S])*'/,
    /"(?:[^"\\]|""|\\[\s\S])*"/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** Extracts `--` comments, COMMENT strings and the messages of errors. */
function sqlTexts(content: string): FileTexts {
  const comments: Range[] = [];
  const found: FileTexts[] = [];
  for (const match of content.matchAll(sqlToken)) {
    const { 0: text, index } = match;
    const line = lineAt(content, index);
    const string = text.slice(1, -1).replaceAll("''", "'");
    if (/^[-/]/.test(text)) {
      comments.push(rangeOf(match));
    } else if (/\bCOMMENT\s*=?\s*$/i.test(content.slice(0, index))) {
      found.push(paragraphs('SQL comments', string.split('\n'), line));
    } else if (/^'.*\s/s.test(text)) {
      const texts = [{ group: 'SQL messages', line, text: string, isProse: false }];
      found.push({ texts, lines: new Set() });
    }
  }
  return merged(...found, commentTexts('SQL comments', content, joinLines(content, comments)));
}

/** Extracts paragraphs and list items, and headings and table rows as titles. */
function markdownTexts(file: string, content: string): FileTexts {
  const withoutComments = content.replace(/<!--[\s\S]*?-->/g, (comment) =>
    comment.replace(/./g, ' '),
  );
  const { texts } = paragraphs(file, withoutComments.split('\n'), 1);
  const lines = texts.flatMap(({ isProse, line, text }) => (isProse ? linesFrom(line, text) : []));
  return { texts, lines: new Set(lines) };
}

function commentTexts(group: string, content: string, comments: readonly Range[]): FileTexts {
  const found = comments.map(({ start, end }) => {
    const lines = content.slice(start, end).split('\n').map(withoutMarks);
    return paragraphs(group, lines, lineAt(content, start));
  });
  return merged(...found);
}

function withoutMarks(line: string): string {
  return line.replace(/\s*\*\/$/, '').replace(/^\s*(?:\/\*\*?|\/\/+|\*|--) ?/, '');
}

/** Joins comments on successive lines into one, if nothing else is on these lines. */
function joinLines(code: string, comments: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const comment of comments) {
    const last = joined.at(-1);
    const isLineComment = /^(?:\/\/|--)/.test(code.slice(comment.start));
    const isContinued =
      last !== undefined &&
      isLineComment &&
      code.startsWith(code.slice(comment.start, comment.start + 2), last.start) &&
      /(?:^|\n)[ \t]*$/.test(code.slice(0, last.start)) &&
      /^\r?\n[ \t]*$/.test(code.slice(last.end, comment.start));
    if (isContinued) {
      joined.splice(-1, 1, { start: last.start, end: comment.end });
    } else {
      joined.push(comment);
    }
  }
  return joined;
}

/** Replaces each character of the ranges, which are in order, except for line breaks. */
function replaced(text: string, ranges: readonly Range[], character: string): string {
  let end = 0;
  const pieces = ranges.map((range) => {
    const kept = text.slice(end, range.start);
    end = range.end;
    return kept + text.slice(range.start, range.end).replace(/./g, character);
  });
  return pieces.join('') + text.slice(end);
}

function merged(...all: readonly FileTexts[]): FileTexts {
  return {
    texts: all.flatMap(({ texts }) => texts),
    lines: new Set(all.flatMap(({ lines }) => [...lines])),
  };
}

function rangeOf({ 0: text, index }: RegExpExecArray): Range {
  return { start: index, end: index + text.length };
}

function linesFrom(line: number, text: string): number[] {
  return text.split('\n').map((_, index) => line + index);
}

function lineAt(content: string, offset: number): number {
  return content.slice(0, offset).split('\n').length;
}
