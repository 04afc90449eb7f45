import { type Construct, constructs, type Support } from './sql-constructs';
import { catalogsIn, type SqlText, variablesIn, withoutValues, wordsIn } from './sql-texts';
import { catalogs, oldSql, otherWords, tooNew, variables } from './sql-vocabulary';

/** Returns the SQL that neither docs/servers.md nor the vocabulary lists, with its files. */
export function findUnlisted(texts: readonly SqlText[]): string[] {
  const found = new Map<string, Set<string>>();
  const add = (item: string, file: string) => {
    found.set(item, (found.get(item) ?? new Set()).add(file));
  };
  for (const { file, text } of texts) {
    const plain = withoutValues(text);
    const rest = withoutConstructs(plain);
    for (const word of wordsIn(rest)) {
      if (!oldSql.has(word) && !otherWords.has(word)) add(word, file);
    }
    for (const [comment] of rest.matchAll(/\/\*M?!.*?\*\//g)) add(comment, file);
    for (const [form, why] of tooNew) {
      const [match] = form.exec(plain) ?? [];
      if (match !== undefined) add(`${match} (${why})`, file);
    }
    for (const name of variablesIn(text)) {
      if (!variables.has(name) && !isSetting(name)) add(`@@${name}`, file);
    }
    const uses = catalogsIn(text);
    for (const { table, columns } of uses) {
      // In a statement that reads several, the column can be of another.
      const known = uses.map((use) => catalogs[use.table]);
      for (const column of columns) {
        const isKnown = catalogs[table] && known.some((one) => one?.has(column));
        if (!isKnown) add(`${table}.${column}`, file);
      }
    }
  }
  return [...found].map(([item, files]) => `${item} in ${[...files].join(', ')}`).sort();
}

/** Returns what docs/servers.md and the vocabulary list, and no SQL uses. */
export function findUnused(texts: readonly SqlText[]): string[] {
  const plain = texts.map(({ text }) => withoutValues(text));
  const words = new Set(plain.flatMap((text) => wordsIn(withoutConstructs(text))));
  const names = new Set(texts.flatMap(({ text }) => variablesIn(text)));
  const columns = new Set(
    texts.flatMap(({ text }) =>
      catalogsIn(text).flatMap((use) => use.columns.map((column) => `${use.table}.${column}`)),
    ),
  );
  const forms = constructs.flatMap((construct) => construct.forms);
  return [
    ...forms.filter((form) => !plain.some((text) => form.test(text))).map(String),
    ...[...oldSql, ...otherWords].filter((word) => !words.has(word)),
    ...[...variables].filter((name) => !names.has(name)).map((name) => `@@${name}`),
    ...Object.entries(catalogs)
      .flatMap(([table, known]) => [...known].map((column) => `${table}.${column}`))
      .filter((column) => !columns.has(column)),
  ];
}

const allForms = constructs.flatMap(({ forms }) => forms.map((form) => new RegExp(form, 'g')));

function withoutConstructs(plain: string): string {
  return allForms.reduce((text, form) => text.replace(form, ' '), plain);
}

// A construct of the table can be a variable, too.
function isSetting(name: string): boolean {
  return constructs.some(({ title }) => title === `\`${name}\``);
}

/** Returns the oldest release of a server that has all constructs that the package needs. */
export function oldestRelease(server: 'mariadb' | 'mysql'): string {
  const releases = constructs.flatMap((construct) => {
    const support = construct[server];
    const isNeeded = typeof support === 'object' && construct.otherwise === undefined;
    return isNeeded && support.since !== 'each' ? [support.since] : [];
  });
  return releases.toSorted(compareReleases).at(-1) ?? '';
}

function compareReleases(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

/** Returns the table of docs/servers.md. */
export function formatConstructs(): string {
  const rows = constructs.map(({ title, mariadb, mysql, otherwise }) => [
    title,
    formatSupport(mariadb),
    [formatSupport(mysql), ...(otherwise === undefined ? [] : [otherwise])].join('; '),
  ]);
  return [
    ['SQL', 'MariaDB since', 'MySQL since'],
    ['---', '---', '---'],
    ...rows,
    catalogRow(
      'information_schema',
      'https://mariadb.com/kb/en/information-schema-tables/',
      'https://dev.mysql.com/doc/refman/8.0/en/information-schema.html',
    ),
    catalogRow(
      'mysql',
      'https://mariadb.com/kb/en/the-mysql-database-tables/',
      'https://dev.mysql.com/doc/refman/8.0/en/grant-tables.html',
    ),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`.replaceAll(' --- ', '---'))
    .join('\n');
}

function catalogRow(database: string, ...pages: readonly string[]): string[] {
  const tables = Object.keys(catalogs).flatMap((table) =>
    table.startsWith(`${database}.`) ? [`\`${table.slice(database.length + 1)}\``] : [],
  );
  return [`\`${database}\`: ${tables.join(', ')}`, ...pages.map((page) => `[each](${page})`)];
}

function formatSupport(support: Construct['mariadb']): string {
  if (support === 'comment') return 'a comment';
  return support === 'none' ? '–' : link(support);
}

function link({ since, page }: Support): string {
  return `[${since}](${page})`;
}

if (require.main === module) {
  console.log(formatConstructs());
}
