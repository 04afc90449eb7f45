/** A report of more lines would hide the ones that follow it. */
const maxLines = 100;

/**
 * Returns what AVA printed of failures: a line for each, and then the reasons. A run on several
 * servers repeats it at the end.
 *
 * @param output what AVA printed
 */
export function failuresIn(output: string): string {
  const [list = '', ...reasons] = output.split(/^(?= +─$)/m);
  const failed = list.split('\n').filter((line) => /^ +✘ /.test(line));
  const lines = [...failed, ...reasons.join('').split('\n')];
  const left = lines.length - maxLines;
  return [...lines.slice(0, maxLines), ...(left > 0 ? [`  ${left} more lines`] : [])]
    .join('\n')
    .trimEnd();
}
