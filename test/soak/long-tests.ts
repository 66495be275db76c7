import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { guideFiles } from '../guide-files.ts';
import type { Scenario } from './soak.ts';

const root = resolve(import.meta.dirname, '../..');

/** Runs files of tests whole, by other values than `npm test`; yields how many tests passed. */
async function runWhole(files: readonly string[], seed: number): Promise<{ tests: number }> {
  const runner = resolve(root, 'node_modules/vitest/vitest.mjs');
  const env = { ...process.env, PROOFS: String(seed), NO_COLOR: '1' };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [runner, 'run', '--testTimeout=3600000', ...files],
    { cwd: root, env, maxBuffer: 1 << 26 },
  ).catch((thrown: { stdout?: string }) => {
    throw new Error(thrown.stdout ?? String(thrown));
  });
  return { tests: Number(/Tests\s+(\d+) passed/.exec(stdout)?.[1]) };
}

const testFiles = globSync('test/{unit,contract,integration}/**/*.test.{ts,tsx}', { cwd: root });
const importers = (of: string): string[] =>
  testFiles.filter((file) => readFileSync(resolve(root, file), 'utf8').includes(`from '${of}'`));

const inPart = new Set([...importers('#test/part.ts'), ...guideFiles]);

/** Proofs of which `npm test` runs a part: here in full, each file by itself; and values it does not draw. */
export const longTests: Readonly<Record<string, Scenario>> = {
  ...Object.fromEntries(
    [...inPart]
      .sort()
      .map((file): [string, Scenario] => [
        `the whole of ${file}`,
        ({ random }) => runWhole([file], random.below(2 ** 31)),
      ]),
  ),
  'properties of other values': ({ random }) =>
    runWhole(importers('fast-check'), random.below(2 ** 31)),
};
