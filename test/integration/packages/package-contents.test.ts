import { fork, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createPackageWithOptions, extractAll, listPackage } from '@electron/asar';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#test/fakes/eventually.ts';
// @ts-expect-error plain JavaScript without declarations: it runs before anything is installed
import { ensureBundle } from '../../../scripts/lib/bundle.js';
// @ts-expect-error plain JavaScript without declarations: it runs before anything is installed
import { thirdPartyNotices } from '../../../scripts/lib/notices.js';
// @ts-expect-error plain JavaScript without declarations: it runs before anything is installed
import { inRoot, nodePath } from '../../../scripts/lib/paths.js';

const configuration = createRequire(import.meta.url)('../../../build/electron-builder.cjs');
const packageJson = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));

let folder: string;
let archive: string;

/** The application as the packager takes it: its build, its manifest, its production dependencies. */
async function makeArchive(): Promise<void> {
  const application = join(folder, 'application');
  const isWanted = (path: string): boolean => !/\.stamp$|THIRD-PARTY-NOTICES\.txt$/.test(path);
  cpSync(inRoot('out'), join(application, 'out'), { recursive: true, filter: isWanted });
  cpSync(inRoot('package.json'), join(application, 'package.json'));
  for (const name of Object.keys(packageJson.dependencies)) {
    cpSync(inRoot('node_modules', name), join(application, 'node_modules', name), {
      recursive: true,
      filter: (path) => !/\/(src|script|binding\.gyp)(\/|$)/.test(path.slice(inRoot().length)),
    });
  }
  archive = join(folder, 'app.asar');
  await createPackageWithOptions(application, archive, { unpackDir: 'node_modules/keytar' });
}

beforeAll(async () => {
  await ensureBundle();
  folder = mkdtempSync(join(tmpdir(), 'ostor-console-package-'));
  await makeArchive();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * What a package has in `resources`, with the archive as a folder: Electron reads the archive in place,
 * Node can't. What is unpacked is next to it, as in a package.
 */
function unpacked(resources: string, into: string): { application: string } {
  const application = join(into, 'app.asar');
  extractAll(join(resources, 'app.asar'), application);
  const native = join('node_modules', 'keytar');
  rmSync(join(application, native), { recursive: true });
  cpSync(join(resources, 'app.asar.unpacked'), `${application}.unpacked`, { recursive: true });
  symlinkSync(join(`${application}.unpacked`, native), join(application, native));
  return { application };
}

/** Everything below a folder, with its size and when it was changed. */
function inventory(path: string): string {
  return spawnSync('find', [path, '-printf', '%p %s %T@\\n']).stdout.toString();
}

/** Starts the packaged desktop shell under the stand-in. */
function launch(application: string, dataDir: string, environment: Record<string, string>) {
  const shell = fork(
    inRoot('test', 'electron-stand-in', 'launch.ts'),
    [join(application, 'out', 'main', 'index.js'), '--data-dir', dataDir],
    {
      execPath: nodePath(),
      execArgv: [],
      cwd: folder,
      env: { ...process.env, STAND_IN_PACKAGED: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const output = Promise.all([text(shell.stdout as Readable), text(shell.stderr as Readable)]);
  const ended = once(shell, 'exit').then(async ([status]) => ({
    status: status as number | null,
    output: (await output).join(''),
  }));
  const ask = (question: string): Promise<unknown> =>
    new Promise((resolve) => {
      shell.on('message', (message: { id?: string; answer?: unknown }) => {
        if (message.id === question) resolve(message.answer);
      });
      shell.send({ id: question, question });
    });
  return { shell, ended, ask };
}

/** The packaged program opens its own page, whatever a developer's environment says, and writes nothing where it is installed. */
async function startDesktop(application: string, dataDir: string): Promise<void> {
  const before = inventory(application);
  const { shell, ended, ask } = launch(application, dataDir, {
    ELECTRON_RENDERER_URL: 'http://127.0.0.1:1/',
  });
  shell.on('message', async (message) => {
    if (message !== 'ostor-console:started') return;
    // on a busy machine its window is still empty then
    await expect.poll(() => ask('pages')).toEqual(['app://console/']);
    expect(await ask('menuLabels')).toContain('File');
    await ask('requestQuit');
  });
  expect(await ended).toEqual({ status: 0, output: '' });
  expect(inventory(application)).toBe(before);
}

/** Bytes of a folder with all below it. */
function sizeOf(path: string): number {
  return Number(spawnSync('du', ['-sb', path]).stdout.toString().split('\t')[0]);
}

describe('what a package contains', () => {
  it('has the build, and no sources, tests or maps', () => {
    const files = listPackage(archive, { isPack: false }).map((path) => path.replaceAll('\\', '/'));
    for (const name of ['main/index.js', 'preload/index.cjs', 'renderer/index.html']) {
      expect(files).toContain(`/out/${name}`);
    }
    expect(files).toContain('/out/main/images/tray.png');
    const own = files.filter((path) => !path.startsWith('/node_modules/'));
    expect(own.filter((path) => !/^\/(out(\/|$)|package\.json$|node_modules$)/.test(path))).toEqual(
      [],
    );
    expect(
      files.filter((path) => /\.(ts|tsx|map|test\.\w+)$/.test(path.replace(/\.d\.ts$/, ''))),
    ).toEqual([]);
  });

  it('names no folder of the machine it was built on', () => {
    expect(readFileSync(archive).includes(inRoot())).toBe(false);
  });

  it('carries keytar alone besides the build, and takes less than 40 MB without Electron', () => {
    expect(Object.keys(packageJson.dependencies)).toEqual(['keytar']);
    expect(sizeOf(archive) + sizeOf(`${archive}.unpacked`)).toBeLessThan(40_000_000);
  });

  it('names the licence of everything that travels', () => {
    const notices = thirdPartyNotices();
    for (const name of ['react ', 'undici ', 'keytar ', '@mantine/core ', 'fastify ', 'zod ']) {
      expect(notices).toContain(`\n${name}`);
    }
    expect(notices).not.toContain('Licence: see the package');
  });
});

describe('the configuration of the packages', () => {
  it('keeps the sandbox and runs as Node nowhere', () => {
    expect(configuration.toolsets.appimage).toBe('1.0.3');
    expect(configuration.electronFuses.runAsNode).toBe(false);
    expect(configuration.linux.executableArgs).toBeUndefined();
  });

  it('gives the desktop entry the name under which the program runs', () => {
    expect(packageJson.desktopName).toBe(`${configuration.linux.executableName}.desktop`);
    expect(configuration.linux.syncDesktopName).toBe(true);
  });

  it('signs on macOS in any case, ad hoc without a certificate', () => {
    expect(configuration.mac.identity).toBe('-');
  });
});

/** A feed of updates on the loopback interface. */
async function startFeed() {
  const program = `#!/bin/sh\necho started > "${folder}/updated"\n`;
  const good = createHash('sha512').update(program).digest('base64');
  const feed = { sha512: good, redirect: null as string | null };
  const server = createServer((request, response) => {
    if (feed.redirect) response.writeHead(302, { location: feed.redirect }).end();
    else if (!request.url?.includes('.yml')) response.end(program);
    else {
      const file = { url: 'console-9.9.9.AppImage', sha512: feed.sha512, size: program.length };
      // YAML takes JSON
      response.end(JSON.stringify({ version: '9.9.9', files: [file], releaseDate: '2026-01-01' }));
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { feed, good, program, server, url: `http://127.0.0.1:${port}/` };
}

describe('updates of the packaged program', () => {
  it('are asked for only where a feed is named, verified, and installed when the console has closed', async () => {
    const { feed, good, program, server, url } = await startFeed();
    const { application } = unpacked(folder, join(folder, 'to-update'));
    writeFileSync(
      join(application, '..', 'app-update.yml'),
      'updaterCacheDirName: console-updater',
    );
    const installed = join(folder, 'console.AppImage');
    writeFileSync(installed, 'the old one');
    const { ask, ended } = launch(application, join(folder, 'update-data'), {
      APPIMAGE: installed,
      XDG_CACHE_HOME: join(folder, 'cache'),
    });
    const browser = await chromium.connectOverCDP(String(await ask('debuggingAddress')));
    const page = await eventually(() => {
      const found = browser
        .contexts()[0]
        ?.pages()
        .find((one) => one.url().includes('console.app'));
      if (!found) throw new Error('The window is not there yet.');
      return found;
    });
    await page.waitForFunction(() => 'ostorConsole' in globalThis);
    const call = async (name: string, input: object = {}) =>
      (await page.evaluate(
        ([asked, given]) => Reflect.get(globalThis, 'ostorConsole').call(asked, given),
        [name, input] as const,
      )) as { ok: boolean; value: { state: string; error: { message: string } | null } };
    const settled = (state: string) =>
      eventually(async () => {
        const { value } = await call('app.updates');
        expect(value.state).toBe(state);
        return value;
      });

    expect((await call('app.updates')).value).toMatchObject({ state: 'off', reason: null });
    expect(await ask('requestedAddresses')).toEqual([]);
    expect(await call('app.setUpdateFeed', { feedUrl: 'http://10.0.0.1/' })).toMatchObject({
      ok: false,
    });

    feed.redirect = 'http://10.0.0.1/latest-linux.yml';
    await call('app.setUpdateFeed', { feedUrl: url });
    await eventually(async () => {
      const { value } = await call('app.updates');
      expect(value.error?.message).toContain('leads to an address that is not https');
    });

    feed.redirect = null;
    feed.sha512 = createHash('sha512').update('another file').digest('base64');
    await call('app.checkForUpdates');
    await settled('available');
    await call('app.downloadUpdate');
    await eventually(async () => {
      const { value } = await call('app.updates');
      expect(value.error?.message).toContain('its SHA-512 checksum differs');
    });
    expect(await call('app.installUpdate')).toMatchObject({ ok: false });

    feed.sha512 = good;
    await call('app.checkForUpdates');
    await call('app.downloadUpdate');
    await settled('ready');
    expect(readFileSync(installed, 'utf8')).toBe('the old one');
    // refused while the demo is still being refreshed; then the page goes with the console
    await eventually(async () => {
      const reply = await call('app.installUpdate').catch(() => ({ ok: true }));
      expect(reply.ok).toBe(true);
    });
    expect(await ended).toMatchObject({ status: 0 });
    await eventually(() => expect(existsSync(join(folder, 'updated'))).toBe(true));
    expect(readFileSync(installed, 'utf8')).toBe(program);
    const log = readFileSync(join(folder, 'update-data', 'log', 'console.log'), 'utf8');
    expect(log).toContain('update begins');
    await browser.close().catch(() => undefined);
    server.close();
  });
});

describe("a broken administrator's policy", () => {
  it('keeps every shell and command of the console from starting, and is named', async () => {
    const policy = join(folder, 'policy.json');
    writeFileSync(policy, '{"version":1,"settings":{"plainHtpp":"forbidden"}}', { mode: 0o644 });
    const { application } = unpacked(folder, join(folder, 'with-policy'));
    const environment = { OSTOR_CONSOLE_POLICY: policy };
    const said = `The administrator's policy ${policy} can't be used: settings.plainHtpp: no such setting.`;
    const dataDir = join(folder, 'policy-data');
    const desktop = await launch(application, dataDir, environment).ended;
    expect(desktop.status).toBe(1);
    expect(desktop.output).toContain(`[dialog] Ostor Console could not start: ${said}`);
    for (const [program, ...args] of [
      ['web.js'],
      ['refresh.js', '--connection', 'a'],
      ['collect.js', '--connection', 'a'],
      ['bill.js', '--connection', 'a', '--period', '2026-10'],
    ]) {
      const path = join(application, 'out', 'main', program ?? '');
      const { status, stdout, stderr } = spawnSync(
        nodePath(),
        [path, ...args, '--data-dir', dataDir],
        {
          env: { ...process.env, ...environment },
        },
      );
      expect(status, program).toBe(1);
      expect(`${stdout}${stderr}`).toContain(said);
    }
    expect(existsSync(join(dataDir, 'connections'))).toBe(false);
  });
});

describe.runIf(existsSync('/usr/bin/dpkg-deb') && process.getuid?.() === 0)(
  'a Debian package',
  () => {
    let tree: string;
    let installed: string;

    const dpkg = (...args: string[]) =>
      spawnSync('dpkg', [
        ...[`--root=${installed}`, '--force-depends', '--force-script-chrootless'],
        ...['--log=/dev/null', ...args],
      ]);

    beforeAll(() => {
      tree = join(folder, 'deb');
      installed = join(folder, 'root');
      const resources = join(tree, 'opt', 'Ostor Console', 'resources');
      mkdirSync(resources, { recursive: true });
      mkdirSync(join(tree, 'DEBIAN'), { mode: 0o755 });
      cpSync(archive, join(resources, 'app.asar'));
      cpSync(`${archive}.unpacked`, join(resources, 'app.asar.unpacked'), { recursive: true });
      const control = {
        Package: packageJson.name,
        Version: packageJson.version,
        Architecture: 'all',
        Maintainer: configuration.linux.maintainer,
        Depends: configuration.deb.depends.join(', '),
        Recommends: configuration.deb.recommends.join(', '),
        Description: packageJson.description,
      };
      const lines = Object.entries(control).map(([name, value]) => `${name}: ${value}\n`);
      writeFileSync(join(tree, 'DEBIAN', 'control'), lines.join(''));
      mkdirSync(join(installed, 'var', 'lib', 'dpkg', 'updates'), { recursive: true });
      mkdirSync(join(installed, 'var', 'lib', 'dpkg', 'info'), { recursive: true });
      writeFileSync(join(installed, 'var', 'lib', 'dpkg', 'status'), '');
      writeFileSync(join(installed, 'var', 'lib', 'dpkg', 'available'), '');
    });

    it('installs, starts from what was installed, and is removed without a trace', async () => {
      const file = join(folder, 'console.deb');
      expect(spawnSync('dpkg-deb', ['--build', '-Znone', tree, file]).status).toBe(0);
      const install = dpkg('--install', file);
      expect(install.stderr.toString()).not.toContain('error processing');
      const resources = join(installed, 'opt', 'Ostor Console', 'resources');
      expect(statSync(join(resources, 'app.asar')).size).toBe(statSync(archive).size);

      const { application } = unpacked(resources, join(folder, 'installed'));
      const shell = spawn(
        nodePath(),
        [join(application, 'out', 'main', 'web.js'), '--data-dir', join(folder, 'data')],
        { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const [address] = await once(createInterface({ input: shell.stdout }), 'line');
      expect(String(address)).toMatch(/^http:\/\/127\.0\.0\.1:/);
      const ended = once(shell, 'exit');
      shell.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      await startDesktop(application, join(folder, 'desktop-data'));

      expect(dpkg('--remove', packageJson.name).status).toBe(0);
      expect(existsSync(join(installed, 'opt', 'Ostor Console'))).toBe(false);
    });
  },
);
