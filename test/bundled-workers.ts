import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';

const directory = join(import.meta.dirname, '../node_modules/.cache/bundled-workers');
const started = /workerEntry\(import\.meta\.url, '((?:archive|customers|snapshot)-worker)'\)/g;
const bundles = new Map<string, Promise<string>>();

/** Bundles an entry as the product does; yields the file, which is named by its content. */
async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: { ssr: entry, write: false, minify: false, target: 'node22' },
  });
  const output = Array.isArray(result) ? result[0] : result;
  if (!output || !('output' in output) || output.output.length > 1) {
    throw new Error(`${entry} is no single bundle`);
  }
  const { code } = output.output[0];
  const file = join(directory, `${createHash('sha256').update(code).digest('hex')}.js`);
  if (existsSync(file)) return file;
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

function bundleOnce(entry: string): Promise<string> {
  const known = bundles.get(entry) ?? bundle(entry);
  bundles.set(entry, known);
  return known;
}

/**
 * Database threads start from one bundled file, as they do in the product. Hundreds are started, and
 * one that reads its modules from source spends three times the processor time on it.
 */
export const bundledWorkers: Plugin = {
  name: 'bundled-workers',
  enforce: 'pre',
  // a module that names a bundle is not kept for the next run: the bundle may be another one then
  configureVitest: ({ defineCacheKeyGenerator }) =>
    defineCacheKeyGenerator(({ sourceCode }) => (sourceCode.search(started) < 0 ? null : false)),
  async transform(code, id) {
    const names = [...code.matchAll(started)].map(([, name]) => name as string);
    if (names.length === 0) return null;
    let replaced = code;
    for (const name of names) {
      const file = await bundleOnce(join(dirname(id), `${name}.ts`));
      const url = JSON.stringify(pathToFileURL(file).href);
      replaced = replaced.replace(`workerEntry(import.meta.url, '${name}')`, `new URL(${url})`);
    }
    return { code: replaced, map: null };
  },
};
