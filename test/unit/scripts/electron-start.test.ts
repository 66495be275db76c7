import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript without declarations: it runs before anything is installed
import * as runtime from '../../../scripts/lib/electron-runtime.js';
// @ts-expect-error plain JavaScript without declarations: it runs before anything is installed
import * as sandbox from '../../../scripts/lib/electron-sandbox.js';

const { endWhenStalled, installerEnvironment, runElectron } = runtime;
const { noSandboxReason } = sandbox;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'electron-start-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

describe('Electron’s sandbox before a start on Linux', () => {
  const restricted = 'proc/sys/kernel/apparmor_restrict_unprivileged_userns';

  it.each([
    [restricted, '1\n'],
    ['proc/sys/kernel/unprivileged_userns_clone', '0\n'],
    ['proc/sys/user/max_user_namespaces', '0\n'],
  ])('names the remedy where %s is %j', (path, content) => {
    const program = put('electron/electron', '');
    put(path, content);
    const reason = noSandboxReason(program, folder);
    expect(reason).toContain(`sudo chmod 4755 '${join(folder, 'electron', 'chrome-sandbox')}'`);
    expect(reason).not.toContain('\n');
  });

  it('has no objection where nothing is restricted', () => {
    put(restricted, '0\n');
    expect(noSandboxReason(put('electron/electron', ''), folder)).toBeNull();
  });

  it('has no objection where an AppArmor profile allows the program', () => {
    const program = put('electron/electron', '');
    put(restricted, '1\n');
    put('etc/apparmor.d/console', `profile console ${program} flags=(unconfined) {\n  userns,\n}`);
    expect(noSandboxReason(program, folder)).toBeNull();
  });

  it.runIf(process.getuid?.() === 0)('has no objection where the helper is SUID', () => {
    put(restricted, '1\n');
    chmodSync(put('electron/chrome-sandbox', ''), 0o4755);
    expect(noSandboxReason(put('electron/electron', ''), folder)).toBeNull();
  });
});

describe('a start of Electron', () => {
  const run = (script: string) => runElectron(process.execPath, [], put('application.cjs', script));

  it('tells an early death by its status', async () => {
    expect(await run('process.exit(127)')).toEqual({ diedEarly: 'status 127' });
    expect(await run('process.kill(process.pid, "SIGKILL")')).toEqual({ diedEarly: 'status 137' });
  });

  it('tells an early death of a program that does not run at all', async () => {
    expect(await runElectron(join(folder, 'none'), [])).toEqual({ diedEarly: 'ENOENT' });
  });

  it('yields the status of a console that had a window or said why it ends', async () => {
    const started = 'process.send("ostor-console:started", () => process.exit(1))';
    expect(await run(started)).toEqual({ status: 1 });
    expect(await run('process.exit(0)')).toEqual({ status: 0 });
  });
});

describe('the download of Electron', () => {
  it('goes through the proxy of the environment', () => {
    expect(installerEnvironment({ https_proxy: 'http://proxy:3128' })).toMatchObject({
      ELECTRON_GET_USE_PROXY: 'true',
    });
    expect(installerEnvironment({})).not.toHaveProperty('ELECTRON_GET_USE_PROXY');
  });

  it('is ended when nothing arrives', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const folders = { download: folder, extracted: join(folder, 'dist') };
    const end = endWhenStalled(child, folders, 45);
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
    end();
  });

  it('is left alone once its extraction has begun, however slow', async () => {
    const extracted = join(folder, 'dist');
    mkdirSync(extracted);
    // outlives many times the patience, by the watch's own clock: its timers run in this process
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => process.exit(7), 400)']);
    const end = endWhenStalled(child, { download: folder, extracted }, 15);
    expect(await once(child, 'exit')).toEqual([7, null]);
    end();
  });
});
