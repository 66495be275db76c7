import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(?<=^|\s)\/\/.*$/gm, '');
const shell = globSync('src/{main,preload}/**/*.ts', { cwd: root })
  .map((path) => withoutComments(read(path)))
  .join('\n');

describe("Electron's security checklist", () => {
  it('windows keep Node away from pages', () => {
    for (const setting of [
      'sandbox: true',
      'contextIsolation: true',
      'nodeIntegration: false',
      'nodeIntegrationInWorker: false',
    ]) {
      expect(shell).toContain(setting);
    }
    // One window, one place: another BrowserWindow would have its own settings.
    expect(shell.match(/new BrowserWindow\(/g)).toHaveLength(1);
    expect(shell).not.toMatch(/nodeIntegration\w*: true|(sandbox|contextIsolation): false/);
  });

  it('nothing weakens the browser', () => {
    expect(shell).toContain('webSecurity: true');
    expect(shell).toContain('webviewTag: false');
    expect(shell).not.toMatch(
      /webSecurity: false|allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|allowpopups|webviewTag: true|setCertificateVerifyProc|ignore-certificate-errors|no-sandbox/,
    );
  });

  it('pages have no way out', () => {
    for (const guard of [
      /'will-attach-webview', \(event\) => event.preventDefault\(\)/,
      /'will-navigate'/,
      /'will-redirect'/,
      /'will-frame-navigate'/,
      /action: 'deny'/,
    ]) {
      expect(shell).toMatch(guard);
    }
  });

  it('permissions and devices have handlers', () => {
    for (const handler of ['Request', 'Check']) {
      expect(shell).toContain(`setPermission${handler}Handler`);
    }
    expect(shell).toContain('setDevicePermissionHandler(() => false)');
  });

  it('Electron is kept current', () => {
    const kept = read('.github/dependabot.yml');
    expect(kept).toMatch(
      /package-ecosystem: npm\n {4}directory: \/\n {4}schedule:\n {6}interval: weekly/,
    );
    expect(kept).not.toContain('ignore:');
    const { devDependencies } = JSON.parse(read('package.json')) as {
      devDependencies: { electron: string };
    };
    // a range that takes fixes as they come, of a major version that still gets them
    const [, major] = /^\^(\d+)\./.exec(devDependencies.electron) ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(45);
  });

  it('no page comes from a file address', () => {
    expect(shell).not.toMatch(/loadFile\(|['"`]file:\/\//);
  });

  it('fuses are set', () => {
    const { electronFuses } = createRequire(import.meta.url)(
      resolve(root, 'build/electron-builder.cjs'),
    );
    expect(electronFuses).toMatchObject({
      runAsNode: false,
      enableCookieEncryption: true,
      grantFileProtocolExtraPrivileges: false,
      enableEmbeddedAsarIntegrityValidation: process.platform !== 'linux',
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
    });
  });
});

it('docs/security.md names tests that exist, and all twenty points', () => {
  const document = read('docs/security.md');
  const named = [...document.matchAll(/`(test\/[^`]+)` › ([^|\n]+?) \|/g)];
  expect(named.length).toBeGreaterThan(30);
  for (const [, path = '', title = ''] of named) {
    const source = read(path).replaceAll("\\'", "'");
    expect(source, `${path} › ${title}`).toContain(title);
  }
  const points = [...document.matchAll(/^\| (\d+)\. /gm)].map(([, point]) => Number(point));
  expect(points).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});
