/** A paragraph, list item, message or title. Line breaks are kept, comment marks are not. */
export interface Text {
  readonly group: string;
  readonly line: number;
  readonly text: string;
  /** Whether its sentences are measured. Titles, messages, headings and rows may have none. */
  readonly isProse: boolean;
}

/** The texts of a file, and the numbers of the lines that have a limited width. */
export interface FileTexts {
  readonly texts: readonly Text[];
  readonly lines: ReadonlySet<number>;
}

const fence = /^\s*(?:```|~~~)/;
const listItem = /^\s*(?:[-*+]|\d+[.)])\s+/;
const title = /^\s*(?:#{1,6}\s|\||<\/?[a-z]+[\s>])/i;
/** Rules, blank lines, and the definitions of links. */
const noText = /^[\s|:=-]*$|^\s*\[[^\]]+\]:\s/;
/** A tag of JSDoc that has a name, with its type and the name. */
const namedTag = /^@(?:param|template|typeParam)\s+(?:\{[^}]*\}\s*)?\S+(?:\s+-)?\s*/;
const otherTag =
  /^@(?:returns?|throws|default|example|remarks|see|deprecated|internal)\b(?:\s*\{[^}]*\})?\s*/;
const directive = /^@ts-expect-error\s*/;
const tags = [namedTag, otherTag, directive];

/** Splits lines of Markdown or of a comment into paragraphs, without blocks of code. */
export function paragraphs(group: string, lines: readonly string[], firstLine: number): FileTexts {
  const texts: Text[] = [];
  let paragraph: string[] = [];
  let isInFence = false;
  let isInExample = false;
  let isInList = false;
  /** Ends the paragraph, and starts another one with the text that there is on the line. */
  const start = (line: number, first = '') => {
    if (paragraph.length > 0) {
      const text = paragraph.join('\n');
      texts.push({ group, line: line - paragraph.length, text, isProse: true });
    }
    paragraph = /\S/.test(first) ? [first] : [];
  };
  for (const [index, raw] of lines.entries()) {
    const line = firstLine + index;
    const text = raw.replace(/^\s*>\s?/, '');
    const isFence = fence.test(text);
    const isTag = !isInFence && tags.some((tag) => tag.test(text));
    isInFence = isInFence !== isFence;
    isInExample = isTag ? text.startsWith('@example') : isInExample;
    isInList = listItem.test(text) || (isInList && (paragraph.length > 0 || /^\s|^$/.test(text)));
    const isIndentedCode = /^ {4}/.test(text) && paragraph.length === 0 && !isInList;
    if (isFence || isInFence || isInExample || isIndentedCode || noText.test(text)) {
      start(line);
    } else if (title.test(text)) {
      start(line);
      texts.push({ group, line, text, isProse: false });
    } else if (isTag || listItem.test(text)) {
      start(
        line,
        [...tags, listItem].reduce((rest, mark) => rest.replace(mark, ''), text),
      );
    } else if (paragraph.length > 0) {
      paragraph.push(text);
    } else {
      start(line, text);
    }
  }
  start(firstLine + lines.length);
  return { texts, lines: new Set(lines.map((_, index) => firstLine + index)) };
}
