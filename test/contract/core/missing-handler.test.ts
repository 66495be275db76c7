import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

/** Handlers as `create-core.ts` merges them, but for what `change` leaves out or adds. */
function source(change: string): string {
  return `
import type { AllHandlers } from '#core/platform/dispatch.ts';

declare const all: AllHandlers;
${change}
export { merged };
`;
}

/** What the compiler says of such a file, in a folder of the repository so that its imports resolve. */
function compile(files: Record<string, string>): string {
  const folder = mkdtempSync(join(root, 'node_modules', '.missing-handler-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const configuration = {
      extends: join(root, 'tsconfig.node.json'),
      compilerOptions: {
        paths: { '#core/*': [`${root}/src/core/*`], '#shared/*': [`${root}/src/shared/*`] },
        types: ['node'],
        typeRoots: [join(root, 'node_modules/@types')],
      },
      include: [],
      files: Object.keys(files).map((name) => join(folder, name)),
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration));
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    const run = spawnSync(tsc, ['-p', join(folder, 'tsconfig.json')], {
      cwd: root,
      encoding: 'utf8',
    });
    return `${run.stdout}${run.stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the handlers', () => {
  it('compile when there is one for every call, and only then', () => {
    const output = compile({
      'complete.ts': source('const merged = { ...all } satisfies AllHandlers;'),
      'missing.ts': source(
        "const { 'users.get': _left, ...rest } = all;\nconst merged = { ...rest } satisfies AllHandlers;",
      ),
      'misshapen.ts': source(
        "const merged = { ...all, 'users.get': async () => 'no user' } satisfies AllHandlers;",
      ),
    });
    expect(output).not.toContain('complete.ts');
    expect(output).toMatch(
      /missing\.ts\(\d+,\d+\): error TS2741: Property '"users\.get"' is missing/,
    );
    expect(output).toMatch(/misshapen\.ts\(\d+,\d+\): error TS\d+/);
  }, 60_000);
});
