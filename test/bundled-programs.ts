import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';

const root = join(import.meta.dirname, '..');
const directory = join(root, 'node_modules/.cache/bundled-programs');

const threadCalls =
  /workerEntry\(import\.meta\.url, '((?:archive|customers|keychain|pdf|snapshot)-worker)'\)/g;
const programCalls = /programPath\(\s*import\.meta\.url,\s*'([^']+)',?\s*\)/g;

/** What tests start as separate processes, besides the shells. */
const programs = [
  ...globSync('src/collect/{main,refresh-main,bill-main}.ts', { cwd: root }),
  ...globSync('test/{soak,integration}/**/*-{child,until-killed}.ts', { cwd: root }),
  'test/contract/secrets/run-session.ts',
  'test/fakes/list-users-process.ts',
];

/** Bundles entries as the product does; yields the files, whose folder is named by their content. */
async function bundle(entries: readonly string[]): Promise<Map<string, string>> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [bundledPrograms],
    // what runs here is a module, and knows the folder of CommonJS under another name
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      write: false,
      minify: false,
      target: 'node22',
      rolldownOptions: {
        input: Object.fromEntries(entries.map((path, index) => [`program-${index}`, path])),
        external: ['keytar'],
        // named `.mjs`, so that Node need not try them as CommonJS first
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  const { output } = (Array.isArray(result) ? result[0] : result) as Rolldown.RolldownOutput;
  const chunks = output.filter((file) => file.type === 'chunk');
  const hash = createHash('sha256');
  for (const { fileName, code } of chunks) hash.update(`${fileName}\0${code}\0`);
  const folder = join(directory, hash.digest('hex').slice(0, 32));
  if (!existsSync(folder)) writeWhole(folder, chunks);
  return new Map(entries.map((path, index) => [path, join(folder, `program-${index}.mjs`)]));
}

/** Another run may write the same at this moment: a folder is there with all its files, or not at all. */
function writeWhole(folder: string, files: readonly { fileName: string; code: string }[]): void {
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  for (const { fileName, code } of files) writeFileSync(join(unfinished, fileName), code);
  try {
    renameSync(unfinished, folder);
  } catch (thrown) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(folder)) throw thrown;
  }
}

const bundles = new Map<string, Promise<Map<string, string>>>();

/** The bundle of a thread's entry, or of a program, which are all bundled together: they share most. */
async function bundleOf(path: string): Promise<string> {
  const entry = relative(root, path);
  const entries = programs.includes(entry) ? programs : [entry];
  const key = entries.join();
  const bundled = bundles.get(key) ?? bundle(entries);
  bundles.set(key, bundled);
  return (await bundled).get(entry) as string;
}

/** Replaces each match of a pattern by what is found for its first group. */
async function replaceAll(
  code: string,
  pattern: RegExp,
  replacement: (name: string) => Promise<string>,
): Promise<string> {
  let replaced = code;
  for (const [whole, name = ''] of code.matchAll(pattern)) {
    const text = await replacement(name);
    replaced = replaced.replace(whole, () => text);
  }
  return replaced;
}

/**
 * Database threads and the programs that tests start run from bundles, as they do in the product.
 * Hundreds are started, and one that reads its modules from source spends three times the processor
 * time on it.
 */
export const bundledPrograms: Plugin = {
  name: 'bundled-programs',
  enforce: 'pre',
  // a module that names a bundle is not kept for the next run: the bundle may be another one then
  configureVitest: ({ defineCacheKeyGenerator }) =>
    defineCacheKeyGenerator(({ sourceCode }) =>
      sourceCode.search(threadCalls) < 0 && sourceCode.search(programCalls) < 0 ? null : false,
    ),
  async transform(code, id) {
    const inFolder = (path: string) => bundleOf(join(dirname(id), path));
    const withThreads = await replaceAll(code, threadCalls, async (name) => {
      const url = pathToFileURL(await inFolder(`${name}.ts`)).href;
      return `new URL(${JSON.stringify(url)})`;
    });
    const replaced = await replaceAll(withThreads, programCalls, async (path) =>
      JSON.stringify(await inFolder(path)),
    );
    return replaced === code ? null : { code: replaced, map: null };
  },
};
