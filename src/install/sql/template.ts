/** Values by the name of their placeholder: `{{table}}` becomes `values.table`. */
export type TemplateValues = Readonly<Record<string, string>>;

/** A file of SQL with its includes in place. */
export interface SqlTemplate {
  /** The file without its extension: `sess_get`. */
  readonly name: string;
  /** The reasons behind the SQL and its includes: lines that start with `--`, or nothing. */
  readonly comment: string;
  readonly body: string;
}

const includeForm = /^( *)\{\{> (\w+)\}\}\n/gm;
const placeholderForm = /\{\{(.*?)\}\}/gs;

/**
 * Puts includes into files. A line `{{> check_sid}}` is replaced by the include of that name, with
 * the indentation of the line. The comment of an include joins the comment of the file.
 *
 * @param files texts by path, such as `routines/sess_get`
 * @param includes texts by name
 * @throws {Error} if an include does not exist, is never used, or includes another
 */
export function expandIncludes(
  files: ReadonlyMap<string, string>,
  includes: ReadonlyMap<string, string>,
): Map<string, SqlTemplate> {
  const used = new Set<string>();
  const expanded = [...files].map(([path, text]): [string, SqlTemplate] => {
    const own = splitComment(text);
    const comments = new Set([own.comment]);
    const body = own.body.replace(includeForm, (_, indentation: string, name: string) => {
      const included = splitComment(
        includes.get(name) ?? fail(`${path} includes ${name}, which does not exist`),
      );
      used.add(name);
      comments.add(included.comment);
      return included.body.replace(/^(?=.)/gm, indentation);
    });
    const name = path.slice(path.lastIndexOf('/') + 1);
    return [path, { name, comment: [...comments].join(''), body }];
  });
  for (const name of includes.keys()) {
    if (!used.has(name)) {
      fail(`No file includes ${name}`);
    }
  }
  return new Map(expanded);
}

/**
 * Replaces the placeholders of a text.
 *
 * @throws {Error} if a placeholder has no value, or has no end
 */
export function fillPlaceholders(text: string, values: TemplateValues): string {
  const [unpaired] = /^.*(?:\{\{|\}\}).*$/m.exec(text.replace(placeholderForm, '')) ?? [];
  if (unpaired !== undefined) {
    fail(`A placeholder has no beginning or no end: ${unpaired.trim()}`);
  }
  return text.replace(placeholderForm, (placeholder, name: string) =>
    Object.hasOwn(values, name)
      ? (values[name] ?? fail(`${placeholder} has no value`))
      : fail(`${placeholder} is no placeholder. Placeholders: ${Object.keys(values).join(', ')}`),
  );
}

// Comments are lines before a statement. The clients of some servers strip a comment from the body
// of a routine, and the routine would then differ from its file.
function splitComment(text: string): { comment: string; body: string } {
  const comment = /^(?:--.*\n)*/.exec(text)?.[0] ?? '';
  return { comment, body: text.slice(comment.length) };
}

function fail(message: string): never {
  throw new Error(`Broken SQL template: ${message}`);
}
