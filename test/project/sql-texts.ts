import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '../..');

/** SQL of one file, or one string of a TypeScript file. */
export interface SqlText {
  readonly file: string;
  readonly text: string;
}

/** Replaces each expression of a template string. */
export const gap = '§';

/** Returns the SQL of `sql/` and `migrations/`, and the strings of the folders that send SQL. */
export function readSqlTexts(): SqlText[] {
  return [
    ...filesOf('sql', '.sql').map(sqlFile),
    ...filesOf('migrations', '.sql').map(sqlFile),
    ...['src/install', 'src/routines'].flatMap((folder) => filesOf(folder, '.ts').flatMap(strings)),
  ];
}

function filesOf(folder: string, extension: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension))
    .map((file) => join(folder, file))
    .sort();
}

function sqlFile(file: string): SqlText {
  const text = readFileSync(join(root, file), 'utf8').replace(/^--.*\n/gm, '');
  return { file, text };
}

function strings(file: string): SqlText[] {
  const content = readFileSync(join(root, file), 'utf8');
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest);
  const texts: SqlText[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push({ file, text: node.text });
    if (ts.isTemplateExpression(node)) {
      const parts = node.templateSpans.map(({ literal }) => literal.text);
      texts.push({ file, text: [node.head.text, ...parts].join(gap) });
    }
    if (!ts.isImportDeclaration(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

/** Empties strings and quoted names, and puts one blank between words. */
export function withoutValues(text: string): string {
  return (
    text
      // The apostrophe of a word, as in "the server's", starts no string.
      .replace(/(?<!\w)'(?:[^']|'')*'/g, "''")
      .replace(/`[^`]*`/g, '``')
      .replace(/\s+/g, ' ')
  );
}

/** Returns the words in capitals. The name of a function or a type with a length ends with `(`. */
export function wordsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w$])[A-Z][A-Z_0-9]+\b\(?/g)].map(([word]) => word);
}

/** Returns the system variables that a text reads or sets by their name. */
export function variablesIn(text: string): string[] {
  const forms = [
    /@@(?:\w+\.)?([a-z]\w+)/g,
    /\bSET (?:SESSION |GLOBAL )?(?!v_)([a-z][a-z_]+) = /g,
    /\bVARIABLES LIKE '(\w+)'/g,
  ];
  return forms.flatMap((form) => [...text.matchAll(form)].flatMap(([, name]) => name ?? []));
}

/** A table of the server, and the columns that a statement uses. */
export interface CatalogUse {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Returns the tables of the server that a statement reads, each with all names in lower case. */
export function catalogsIn(text: string): CatalogUse[] {
  const plain = withoutValues(text);
  const tables = [...plain.matchAll(/\bFROM ((?:information_schema|mysql)\.\w+)/g)];
  const columns = [...plain.matchAll(/(?<![\w.@])[a-z][a-z_]+\b(?!\.)/g)].map(([name]) => name);
  return tables.flatMap(([, table]) => (table ? [{ table, columns: [...new Set(columns)] }] : []));
}
