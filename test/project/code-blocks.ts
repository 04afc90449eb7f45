/** Returns the text of a section of a page. */
export function sectionOf(page: string, heading: string): string {
  return page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
}

/** Returns the code of a text in one language. */
export function codeOf(text: string, language: string): string {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))]
    .map(([, lines]) => lines)
    .join('');
}
