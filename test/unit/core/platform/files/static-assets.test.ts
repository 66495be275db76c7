import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StaticAssets } from '#core/platform/files/static-assets.ts';
import { noncePlaceholder } from '#shared/page-policy.ts';

describe('StaticAssets', () => {
  let parent: string;
  let files: StaticAssets;

  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'interface-files-'));
    const folder = join(parent, 'renderer');
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(parent, 'outside.js'), 'outside');
    writeFileSync(join(folder, 'index.html'), 'index');
    writeFileSync(join(folder, 'page.html'), `<meta nonce="${noncePlaceholder}">`);
    writeFileSync(join(folder, 'assets', 'a-1.js'), 'script');
    files = new StaticAssets(folder);
  });
  afterAll(() => rmSync(parent, { recursive: true }));

  const textOf = async (path: string) => (await files.find(path))?.content.toString() ?? null;

  it('finds a file, with its type', async () => {
    expect(await files.find('/assets/a-1.js')).toEqual({
      content: Buffer.from('script'),
      mediaType: 'text/javascript; charset=utf-8',
      immutable: true,
    });
  });

  it('draws every page by the one document', async () => {
    expect(await textOf('/')).toBe('index');
    expect(await textOf('/users/0f')).toBe('index');
  });

  it('gives a page a fresh nonce with every answer', async () => {
    const first = await files.find('/page.html');
    const second = await files.find('/page.html');
    expect(first?.nonce).toMatch(/^[\w-]{22}$/);
    expect(first?.content.toString()).toBe(`<meta nonce="${first?.nonce}">`);
    expect(second?.nonce).not.toBe(first?.nonce);
    expect((await files.find('/assets/a-1.js'))?.nonce).toBeUndefined();
  });

  it.each([
    '/../outside.js',
    '/assets/../../outside.js',
    '/%2e%2e/outside.js',
    '/..%2foutside.js',
    '/..\\outside.js',
    '//outside.js',
    '/assets/a-1.js%00.png',
    '/missing.js',
  ])('has nothing at %s', async (path) => {
    expect(await textOf(path)).toBeNull();
  });

  it('refuses a folder without the interface', () => {
    expect(() => new StaticAssets(join(parent, 'renderer', 'assets'))).toThrow(
      expect.objectContaining({ code: 'FILE_INVALID' }),
    );
  });
});
