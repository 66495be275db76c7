import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const root = import.meta.dirname;

/**
 * What runs on Node, each a file of its name in `out/main`: the shells, the collector, and every
 * worker thread (any `src/**\/*-worker.ts`, found here so that a new worker needs no entry). They lie
 * in one folder, chunks too, since a worker is found beside whichever file starts it.
 */
function mainEntries(): Record<string, string> {
  const programs = {
    index: 'src/main/index.ts',
    web: 'src/web/main.ts',
    collect: 'src/collect/main.ts',
    refresh: 'src/collect/refresh-main.ts',
    bill: 'src/collect/bill-main.ts',
    check: 'src/collect/check-main.ts',
    simulator: 'src/simulator/main.ts',
  };
  const workers = globSync('src/{core,simulator}/**/*-worker.ts', { cwd: root });
  return Object.fromEntries([
    ...Object.entries(programs).filter(([, path]) => existsSync(resolve(root, path))),
    ...workers.map((path) => [basename(path, '.ts'), path]),
  ]);
}

/** Paths of the interface are absolute, so that a page deep in the address still finds its files. */
const absoluteBase: Plugin = { name: 'absolute-base', config: () => ({ base: '/' }) };

/** Images that the shell hands to the system, beside its code. */
const shellImages: Plugin = {
  name: 'shell-images',
  generateBundle() {
    for (const name of globSync('*.png', { cwd: resolve(root, 'src/main/images') })) {
      const source = readFileSync(resolve(root, 'src/main/images', name));
      this.emitFile({ type: 'asset', fileName: `images/${name}`, source });
    }
  },
};

/** Native and found at run time: never bundled. Everything else is, so that starting reads few files. */
const external = ['keytar', '@duckdb/node-api'];

export default defineConfig({
  main: {
    plugins: [shellImages],
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: mainEntries(),
        external,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), absoluteBase],
    build: {
      minify: true,
      assetsInlineLimit: 0,
      // one page of one program, read from the same machine: splitting it would save nothing
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: 'src/renderer/index.html' },
    },
  },
});
