import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AppError } from '#shared/errors.ts';
import { nestsTooDeep } from '#shared/nesting.ts';

const format = 'ostor-console-connections';
const version = 1;

/** Cost of trying one passphrase: 128 MiB and about a third of a second. */
const cost = { N: 131_072, r: 8, p: 1 } as const;

const bytes = z.base64().max(40_000_000);

/** A file of connections: what is not encrypted says how the rest is. */
const bundle = z.object({
  format: z.literal(format),
  version: z.int().min(1),
  // no file makes this machine work for hours or take all its memory
  kdf: z.object({
    name: z.literal('scrypt'),
    N: z.union([z.literal(65_536), z.literal(131_072), z.literal(262_144)]),
    r: z.literal(8),
    p: z.int().min(1).max(4),
    salt: bytes,
  }),
  // 12 and 16 bytes: what is cut short is refused before the passphrase is tried
  cipher: z.object({
    name: z.literal('aes-256-gcm'),
    iv: z.base64().length(16),
    tag: z.base64().length(24),
  }),
  data: bytes,
});

type Header = Omit<z.output<typeof bundle>, 'data'>;

/** Encrypts a list of connections with a passphrase; the form of the file is `bundle`'s. */
export async function sealConnections(
  connections: readonly unknown[],
  passphrase: string,
): Promise<string> {
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const kdf = { name: 'scrypt' as const, ...cost, salt: salt.toString('base64') };
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, kdf), iv);
  cipher.setAAD(authenticated({ version, kdf }));
  const data = Buffer.concat([cipher.update(JSON.stringify({ connections })), cipher.final()]);
  const head = { name: 'aes-256-gcm' as const, iv: iv.toString('base64') };
  const file: z.output<typeof bundle> = {
    format,
    version,
    kdf,
    cipher: { ...head, tag: cipher.getAuthTag().toString('base64') },
    data: data.toString('base64'),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Decrypts a file of connections. What it holds is not looked at.
 * @throws AppError `FILE_INVALID` for another file, a newer one, another passphrase, a changed file
 */
export async function openConnections(content: string, passphrase: string): Promise<unknown[]> {
  const { kdf, cipher, data, ...rest } = readFile(content);
  const decipher = createDecipheriv(
    'aes-256-gcm',
    await keyOf(passphrase, kdf),
    Buffer.from(cipher.iv, 'base64'),
    { authTagLength: 16 },
  );
  try {
    decipher.setAAD(authenticated({ version: rest.version, kdf }));
    decipher.setAuthTag(Buffer.from(cipher.tag, 'base64'));
    const text = Buffer.concat([decipher.update(data, 'base64'), decipher.final()]).toString();
    return z.object({ connections: z.array(z.unknown()).max(10_000) }).parse(JSON.parse(text))
      .connections;
  } catch (cause) {
    throw invalid('The passphrase is another one, or the file was changed.', 'Try again.', cause);
  }
}

function readFile(content: string): z.output<typeof bundle> {
  const file = bundle.safeParse(parse(content));
  if (!file.success) {
    throw invalid('This is not a file of connections of Ostor Console.', 'Select another file.');
  }
  if (file.data.version <= version) return file.data;
  throw invalid(
    'This file of connections was written by a newer console.',
    'Update this console first.',
  );
}

function parse(content: string): unknown {
  try {
    return nestsTooDeep(content) ? undefined : JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** What is not encrypted and yet must not be changed. */
function authenticated({ version: of, kdf }: Pick<Header, 'version' | 'kdf'>): Buffer {
  return Buffer.from(JSON.stringify([format, of, kdf.name, kdf.N, kdf.r, kdf.p, kdf.salt]));
}

async function keyOf(passphrase: string, { N, r, p, salt }: Header['kdf']): Promise<Buffer> {
  const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);
  const options = { N, r, p, maxmem: 256 * N * r };
  // one passphrase, whether its letters are composed or not
  return derive(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), 32, options);
}

function invalid(message: string, hint: string, cause?: unknown): AppError {
  return new AppError({ code: 'FILE_INVALID', message, hint, cause });
}
