const visible = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => index + 0x21));

/** Ids that the store takes, and that would do harm if they were ever read as SQL, or not exactly. */
export const hostileIds: readonly string[] = [
  "'",
  '"',
  '`',
  '\\',
  "\\'",
  "';DELETE/**/FROM/**/sessions;--",
  '%',
  '??:sid',
  'i',
  'I',
  visible.padEnd(255, 'x'),
];

const texts = [
  '',
  "'",
  '"',
  '`',
  '\\',
  "\\'",
  "'; DELETE FROM sessions; -- ",
  "\\'; DELETE FROM sessions; -- ",
  '"; DELETE FROM sessions; #',
  '*/ DELETE FROM sessions; /*!50000 ',
  "X'27'",
  '% _ || ?? ? :name $1 $& {{name}}',
  '\0\b\t\n\r\x1a\x7f',
  // Characters whose last byte is a backslash or a quote in gbk, big5 or sjis, or would complete one.
  "表'",
  "縗'",
  "¿'",
  "許功蓋'",
  '¥‾＼～',
  'İıIi ŞşSs ßẞ',
  'Zoë 😀 \u{10ffff} \u2028\ufeff',
];

/** Data of a session with every such text as a value, and as a key. */
export const hostileData: Readonly<Record<string, unknown>> = {
  list: texts,
  keys: Object.fromEntries(texts.map((text, index) => [text, index])),
};
