import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import GithubSlugger from 'github-slugger';

/** Returns the text without code, in which brackets are no links and `#` begins no heading. */
export function proseOf(root: string, page: string): string {
  return readFileSync(join(root, page), 'utf8').replace(/^```.*?^```/gms, '');
}

/** Returns the anchors of a page: GitHub makes one of each heading, and HTML can add more. */
function anchorsOf(root: string, page: string): string[] {
  const slugger = new GithubSlugger();
  const prose = proseOf(root, page);
  const headings = [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    slugger.slug(heading.replace(/`|\[([^\]]*)\]\([^)]*\)/g, '$1')),
  );
  return [...headings, ...[...prose.matchAll(/<a id="([^"]*)">/g)].map(([, id = '']) => id)];
}

/** Returns the links of a page to files and headings under `root` that do not exist. */
export function brokenLinks(root: string, page: string): string[] {
  const links = [...proseOf(root, page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : relative(root, join(root, dirname(page), path));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(root, target).includes(anchor);
    })
    .map((link) => `${page}: ${link}`);
}
