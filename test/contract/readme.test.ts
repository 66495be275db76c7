import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract } from '#shared/contract/index.ts';
import { parseCommandLine } from '#simulator/command-line.ts';
import {
  readBillOptions,
  readCheckOptions,
  readCollectorOptions,
  readRefreshOptions,
} from '../../src/collect/options.ts';
import { readDesktopOptions } from '../../src/main/options.ts';
import { readWebOptions } from '../../src/web/options.ts';

const readme = readFileSync('README.md', 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>;
};

/** What reads the options of a command; those without take none. */
const readers: Record<string, (args: string[]) => unknown> = {
  'start:web': readWebOptions,
  simulator: parseCommandLine,
  collect: readCollectorOptions,
  refresh: readRefreshOptions,
  bill: readBillOptions,
  check: readCheckOptions,
};

/** What the README writes in place of a value. */
const placeholders: Record<string, string> = {
  N: '8',
  MINUTES: '30',
  NAME: 'rack-1',
  PATH: '/tmp/console.sock',
  FILE: '/tmp/file',
  FOLDER: '/tmp/folder',
};

/** Every command of the README with its options, values in the place of placeholders. */
const commands = [
  ...readme.matchAll(/npm (?:run )?(start(?::web)?|(?<=run )\w+)(?: -- ([^\n`]*))?/g),
].map(([, name = '', rest = '']) => ({
  name,
  args: rest
    .replaceAll(/[[\]]/g, '')
    .split(' ')
    .filter((part) => part !== '')
    .map((part) => placeholders[part] ?? part),
}));

describe('the walks of CONTRIBUTING', () => {
  it.each([
    ['users.list', 15],
    ['users.disable', 30],
  ])('go through files that there are: %s, in %i or fewer', (name, most) => {
    const [, walk = ''] =
      readFileSync('CONTRIBUTING.md', 'utf8')
        .split(`\n\`${name}\``)[1]
        ?.match(/^[^\n]*\n\n((?:\d+\. [^\n]*\n)+)/) ?? [];
    const files: string[] = [];
    for (const [, file = ''] of walk.matchAll(/\d+\. `([\w./-]+\.tsx?)`/g)) {
      const besideLast = join(dirname(files.at(-1) ?? 'src'), file);
      files.push(existsSync(join('src', file)) ? join('src', file) : besideLast);
    }
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(files.length).toBeGreaterThan(10);
    expect(files.length).toBeLessThanOrEqual(most);
  });
});

describe('the README', () => {
  it.each(commands)('names a command with options that it takes: $name $args', ({ name, args }) => {
    expect(scripts).toHaveProperty([name]);
    const [, script] = /node (\S+)/.exec(scripts[name] ?? '') ?? [];
    expect(script && existsSync(script)).toBe(true);
    if (args.length > 0) expect(readers[name]).toBeDefined();
    readers[name]?.(args);
  });

  it('explains every option of the web shell, and none that there is not', () => {
    const rows = [...readme.matchAll(/^\| `--([\w-]+)(?: (\w+))?` \|/gm)];
    const args = rows.flatMap(([, name, value]) =>
      value === undefined ? [`--${name}`] : [`--${name}`, placeholders[value] ?? value],
    );
    const all = readWebOptions([...args, '--data-dir', '/tmp/folder']);
    expect(rows.length + 1).toBe(Object.keys(all).length);
    expect(Object.values(all)).not.toContain(null);
    expect(readDesktopOptions(['--data-dir', '/tmp/folder', '--no-demo'])).toMatchObject({
      ...{ dataDir: '/tmp/folder', demo: false },
    });
    expect(() => readWebOptions(['--host', '0.0.0.0'])).toThrow();
  });

  it('names profiles of the simulator that there are, the usual one among them', () => {
    const [, listed = ''] = /try the console against a gateway([^\n]*)/.exec(readme) ?? [];
    const names = [...listed.matchAll(/(?:--profile |`)(guide(?:-\w+)?|tolerant)`/g)];
    expect(names.map(([, name]) => name)).toEqual(['guide', 'guide-wide', 'guide-v4', 'tolerant']);
    for (const [, name = ''] of names) {
      expect(parseCommandLine(['--profile', name]).options.profile).toBe(name);
    }
  });

  it('links to files and names calls that there are', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
    const calls = [...readme.matchAll(/\/rpc\/([a-z]\w*\.\w+)/g)].map(([, name = '']) => name);
    expect(calls).not.toEqual([]);
    expect(calls.filter((name) => !Object.hasOwn(contract, name))).toEqual([]);
  });

  it('names buttons as the interface does', () => {
    const named = [...readme.matchAll(/\*\*([^*]+)\*\*/g)].map(([, words = '']) => words);
    const buttons = named.filter((words) => words !== 'demo cluster');
    expect(buttons).toContain('Back up now');
    const source = globSync('src/renderer/**/*.{ts,tsx}').map((path) => readFileSync(path, 'utf8'));
    const isShown = (words: string) =>
      source.some((text) => new RegExp(`['">\\s]${words}['"<\\s]`).test(text));
    expect(buttons.filter((words) => !isShown(words))).toEqual([]);
  });

  it('names the packages that are built', () => {
    const config = readFileSync('build/electron-builder.cjs', 'utf8');
    const files = [...readme.matchAll(/^\| [^|]+ \| ([^|]+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`\.(\w+)`/g)].map(([, ending = '']) => ending),
    );
    expect(files).toEqual(['deb', 'rpm', 'AppImage', 'exe', 'zip', 'dmg']);
    for (const ending of files) expect(config).toContain(ending === 'exe' ? 'nsis' : ending);
  });
});
