import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DefaultTheme, defineConfig, type MarkdownOptions, type Plugin } from 'vitepress';

const docs = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Returns the pages that the index lists, in its order, under its headings. */
function sidebarOf(index: string): DefaultTheme.SidebarItem[] {
  return index
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      text: section.split('\n')[0],
      items: [...section.matchAll(/^\| \[[^\]]+\]\(([^)]+)\)/gm)].map(([, page = '']) => ({
        text: titleOf(page),
        link: `/${page.replace(/README\.md$/, '').replace(/\.md$/, '')}`,
      })),
    }));
}

function titleOf(page: string): string {
  return /^# (.*)$/m.exec(readFileSync(join(docs, page), 'utf8'))?.[1]?.replaceAll('`', '') ?? page;
}

/**
 * A page imports Vue, whose package is not in a folder above the page. The rendered pages are
 * written into this folder, so Node.js finds it.
 */
const leaveVueToNode: Plugin = {
  name: 'leave-vue-to-node',
  enforce: 'pre',
  resolveId(source, _importer, { ssr }) {
    return ssr && /^vue(?:$|\/)/.test(source) ? { id: source, external: true } : undefined;
  },
};

type MarkdownIt = Parameters<NonNullable<MarkdownOptions['config']>>[0];

/** Makes a link to a file outside docs/ a text: the site does not have that file. */
function unlinkOtherFiles(markdown: MarkdownIt): void {
  markdown.core.ruler.push('unlink_other_files', ({ tokens, env }) => {
    const folder = dirname(env.relativePath);
    const isOutside = (href: string) =>
      !/^(?:[a-z]+:|#)/.test(href) && normalize(join(folder, href)).startsWith('..');
    for (const { children } of tokens) {
      const links = (children ?? []).filter(({ type }) => type === 'link_open');
      for (const link of links) {
        if (!isOutside(link.attrGet('href') ?? '')) continue;
        const end = children
          ?.slice(children.indexOf(link))
          .find(({ type }) => type === 'link_close');
        for (const token of [link, end]) {
          if (token) Object.assign(token, { type: 'html_inline', content: '', tag: '' });
        }
      }
    }
  });
}

export default defineConfig({
  title: 'knex-mysql-session',
  description: 'Express sessions in MySQL or MariaDB, through stored procedures.',
  cleanUrls: true,
  lastUpdated: false,
  ignoreDeadLinks: 'localhostLinks',
  rewrites: (page) => page.replace(/README\.md$/, 'index.md'),
  markdown: { config: unlinkOtherFiles },
  vite: { plugins: [leaveVueToNode] },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: sidebarOf(readFileSync(join(docs, 'README.md'), 'utf8')),
    nav: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'API', link: '/api/' },
    ],
  },
});
