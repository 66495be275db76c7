import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** File, import, whether the layers allow it. */
const cases: [file: string, line: string, allowed: boolean][] = [
  ['src/shared/a.ts', "import { x } from '#core/x.ts';", false],
  ['src/shared/b.ts', "import { x } from 'node:fs';", false],
  ['src/shared/c.ts', "import { x } from 'zod';", true],
  ['src/core/users/a.ts', "import { x } from 'electron';", false],
  ['src/core/users/b.ts', "import { x } from 'undici';", false],
  ['src/core/users/c.ts', "import { x } from 'node:tls';", false],
  ['src/core/users/d.ts', "import { x } from '../../main/window.ts';", false],
  ['src/core/users/e.ts', "import { x } from '#simulator/index.ts';", false],
  ['src/core/users/f.ts', "import { x } from '#shared/errors.ts';", true],
  ['src/core/gateway/a.ts', "import { x } from 'undici';", true],
  ['src/core/gateway/b.ts', "import { x } from 'electron';", false],
  ['src/main/a.ts', "import { ipcMain } from 'electron';", false],
  ['src/main/b.ts', "import { app } from 'electron';", true],
  ['src/main/c.ts', "import { x } from '../web/server.ts';", false],
  ['src/main/ipc-transport.ts', "import { ipcMain } from 'electron';", true],
  ['src/web/a.ts', "import { x } from '../main/window.ts';", false],
  ['src/web/b.ts', "import { x } from 'electron';", false],
  ['src/web/c.ts', "import { x } from '../collect/options.ts';", false],
  ['src/main/d.ts', "import { x } from '../collect/options.ts';", false],
  ['src/core/users/g.ts', "import { x } from '../../collect/options.ts';", false],
  ['src/collect/a.ts', "import { x } from '../main/window.ts';", false],
  ['src/collect/b.ts', "import { x } from '../web/options.ts';", false],
  ['src/collect/c.ts', "import { x } from '#core/create-core.ts';", true],
  ['src/preload/a.ts', "import { x } from '#core/platform/events.ts';", false],
  ['src/renderer/a.ts', "import { x } from '#core/platform/events.ts';", false],
  ['src/renderer/b.ts', "import { x } from '../preload/index.ts';", false],
  ['src/renderer/c.ts', "import { ipcRenderer } from 'electron';", false],
  ['src/renderer/d.ts', "import { x } from '#shared/contract/index.ts';", true],
  ['src/simulator/a.ts', "import { x } from '#core/gateway/model/gateway.ts';", false],
  ['src/simulator/b.ts', "import { x } from '@smithy/signature-v4';", false],
  ['src/simulator/d.ts', "import { x } from '../web/options.ts';", false],
  ['src/simulator/e.ts', "import { x } from '#shared/errors.ts';", false],
  ['src/simulator/c.ts', "import { x } from '#shared/wire/clusters.ts';", true],
];

interface Diagnostic {
  category: string;
  location: { path: string };
}

describe('the arrows between the layers', () => {
  let folder: string;
  let refused: Set<string>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'layers-'));
    const configuration = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
    delete configuration.vcs;
    delete configuration.$schema;
    writeFileSync(join(folder, 'biome.json'), JSON.stringify(configuration));
    for (const [file, line] of cases) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      const name = /\{ (\w+) \}/.exec(line)?.[1];
      writeFileSync(join(folder, file), `${line}\n/** Used. */\nexport const used = ${name};\n`);
    }
    const run = spawnSync(
      join(root, 'node_modules/.bin/biome'),
      ['lint', '--reporter=json', '--max-diagnostics=none', '.'],
      { cwd: folder, encoding: 'utf8' },
    );
    const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: Diagnostic[] };
    refused = new Set(
      diagnostics
        .filter(({ category }) => category === 'lint/style/noRestrictedImports')
        .map(({ location }) => location.path),
    );
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(cases)('%s: %s is allowed: %s', (file, _line, allowed) => {
    expect(refused.has(file)).toBe(!allowed);
  });
});
