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
    ...['sql', 'migrations'].flatMap((folder) => filesOf(folder, '.sql').flatMap(sqlStatements)),
    ...['src/install', 'src/routines'].flatMap((folder) => filesOf(folder, '.ts').flatMap(strings)),
  ];
}

function filesOf(folder: string, extension: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension))
    .map((file) => join(folder, file))
    .sort();
}

/** Returns the statements of a file. One of a routine's body counts as a statement. */
function sqlStatements(file: string): SqlText[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/^--.*\n/gm, '');
  return text.split(/(?<=;\n)/).map((statement) => ({ file, text: statement }));
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
  // Placeholders, comments for one server, and the names of character sets are no columns.
  const plain = withoutValues(text)
    .replace(/\{\{.*?\}\}|\/\*M?!.*?\*\//g, ' ')
    .replace(/\b(?:USING|COLLATE|SET) utf8mb4\w*/g, ' ');
  const tables = [...plain.matchAll(/\bFROM ((?:information_schema|mysql)\.\w+)/g)];
  const names = [...plain.matchAll(/(?<![\w.@])[a-z][a-z_0-9]+\b(?!\.)/g)].map(([name]) => name);
  const given = newNamesIn(plain);
  const columns = new Set(names.filter((name) => !given.has(name)));
  return tables.flatMap(([, table]) => (table ? [{ table, columns: [...columns] }] : []));
}

/** Returns the names that a statement gives: aliases, and the columns of JSON tables. */
function newNamesIn(plain: string): Set<string> {
  const forms = [/\bAS ([a-z]\w*)/g, /\b([a-z]\w*) [A-Z]\w+(?:\(\d+\))?(?: +\w+)* +PATH ''/g];
  return new Set(forms.flatMap((form) => [...plain.matchAll(form)].map(([, name = '']) => name)));
}
