import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { noncePlaceholder } from '#shared/page-policy.ts';

interface InterfaceFile {
  content: Buffer;
  /** Its media type, with the character set where it is text. */
  mediaType: string;
  /** Whether its name holds a hash of its content, so that it may be cached for ever. */
  immutable: boolean;
  /** Of a page: what its inline styles are known by, new with every answer. For the policy's header. */
  nonce?: string;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

function notBuilt(folder: string): AppError {
  return new AppError({
    code: 'FILE_INVALID',
    message: `The interface is not in ${folder}.`,
    hint: 'Run "npm run build", or reinstall the console.',
  });
}

function withNonce(page: InterfaceFile): InterfaceFile {
  const nonce = randomBytes(16).toString('base64url');
  const content = Buffer.from(page.content.toString().replaceAll(noncePlaceholder, nonce));
  return { ...page, content, nonce };
}

/**
 * The built interface. What may be served is what a listing of its folder named when this was made:
 * a path is looked up in that list and never resolved, so none leads out of the folder.
 */
export class StaticAssets {
  readonly #folder: string;
  readonly #names: ReadonlySet<string>;
  readonly #cache = new Map<string, Promise<Buffer>>();

  /**
   * @param folder `out/renderer`
   * @throws AppError `FILE_INVALID` where it holds no built interface
   */
  constructor(folder: string) {
    this.#folder = folder;
    if (!existsSync(join(folder, 'index.html'))) throw notBuilt(folder);
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    this.#names = new Set(
      entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
        .map((name) => name.split(sep).join('/')),
    );
  }

  /**
   * The file at a URL path, or null. A path without a file ending is a page of the interface, all of
   * which `index.html` draws, so that an address can be reloaded.
   * @param path the URL's path, still percent-encoded
   */
  async find(path: string): Promise<InterfaceFile | null> {
    const name = path.replace(/^\//, '');
    const asked = extname(name) === '' ? 'index.html' : name;
    if (!this.#names.has(asked)) return null;
    const file: InterfaceFile = {
      content: await this.#read(asked),
      mediaType: mediaTypes[extname(asked)] ?? 'application/octet-stream',
      immutable: asked.startsWith('assets/'),
    };
    return extname(asked) === '.html' ? withNonce(file) : file;
  }

  #read(name: string): Promise<Buffer> {
    const known = this.#cache.get(name);
    if (known) return known;
    const content = readFile(join(this.#folder, name));
    this.#cache.set(name, content);
    content.catch(() => this.#cache.delete(name));
    return content;
  }
}
