import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Application,
  type Context,
  Converter,
  type DeclarationReflection,
  PackageJsonReader,
  PageEvent,
  ReflectionKind,
} from 'typedoc';

const root = join(__dirname, '../..');
const pages = join(root, 'docs/api');

/** Generates the pages of docs/api from JSDoc, by the options in package.json. */
async function generate(out: string): Promise<void> {
  const app = await Application.bootstrapWithPlugins({ out }, [new PackageJsonReader()]);
  // After TypeDoc knows what a method implements, and before it groups the methods.
  app.converter.on(Converter.EVENT_RESOLVE_END, (context) => removeSharedMethods(context), -50);
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read src/. Run: npm run build');
  app.renderer.on(PageEvent.END, (page) => {
    // The signature has the type, and the class has a link to its interface and its base.
    const redundant = /^#+ (?:Returns|Overrides|Implementation of)\n\n.*\n\n?/gm;
    page.contents = (page.contents ?? '').replace(redundant, '');
  });
  app.validate(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error('TypeDoc has warnings. Correct the JSDoc that they name');
  }
}

/** One page describes the methods that every store has. The page of a store has the others. */
function removeSharedMethods({ project }: Context): void {
  const shared = /^(?:SharedStoreMethods|PromiseStore)\.(?!(?:on|once|off)$)/;
  for (const reflection of project.getReflectionsByKind(ReflectionKind.Method)) {
    const { parent, signatures = [] } = reflection as DeclarationReflection;
    const isShared = signatures.some(({ implementationOf, inheritedFrom }) =>
      [implementationOf, inheritedFrom].some((origin) => origin && shared.test(origin.name)),
    );
    if (parent?.kind === ReflectionKind.Class && isShared) project.removeReflection(reflection);
  }
}

/** Returns the files of a folder with their texts. */
function readPages(folder: string): Map<string, string> {
  const names = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        /\.md$/.test(name),
      )
    : [];
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Returns the pages of two folders that differ, or that only one of them has. */
function changedPages(folder: string, other: string): string[] {
  const [ours, theirs] = [readPages(folder), readPages(other)];
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  return [...names].filter((name) => ours.get(name) !== theirs.get(name));
}

/**
 * Usage: npx ts-node test/project/api-pages.ts [--check]
 * Writes docs/api. With --check, writes nothing, and fails if the pages are not current.
 */
async function main([flag]: readonly string[]): Promise<void> {
  process.chdir(root);
  if (flag !== '--check') return generate(pages);
  const current = await mkdtemp(join(tmpdir(), 'api-pages-'));
  try {
    await generate(current);
    const changed = changedPages(current, pages);
    if (changed.length > 0) {
      throw new Error(`docs/api is not current: ${changed.join(', ')}. Run: npm run docs:api`);
    }
  } finally {
    await rm(current, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
