import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is read, or `fallback` where it is gone: a running console replaces files and takes journals away. */
function unlessGone<Value>(read: () => Value, fallback: Value): Value {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return fallback;
  }
}

/** Every file and folder below a folder, also where some go away meanwhile. */
export function* entriesUnder(folder: string): Generator<{ path: string; isFile: boolean }> {
  for (const entry of unlessGone(() => readdirSync(folder, { withFileTypes: true }), [])) {
    const path = join(folder, entry.name);
    yield { path, isFile: entry.isFile() };
    if (entry.isDirectory()) yield* entriesUnder(path);
  }
}

/** Every file below a folder with its bytes. Who looks for what must not be there, looks at something. */
export function* filesUnder(folder: string): Generator<{ path: string; bytes: Buffer }> {
  let count = 0;
  for (const { path, isFile } of entriesUnder(folder)) {
    const bytes = isFile ? unlessGone(() => readFileSync(path), null) : null;
    if (!bytes) continue;
    count += 1;
    yield { path, bytes };
  }
  if (count === 0) throw new Error(`There is no file below ${folder}.`);
}

/** Every form in which a text is on a disk or in a heap snapshot. */
function formsOf(secret: string): Buffer[] {
  const texts = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  const bytes = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
  return [...bytes, Buffer.from(Buffer.from(secret).toString('base64').replace(/=+$/, ''))];
}

/** Secrets by name, or in a list. One that nobody knows is refused: it would be found nowhere. */
type Secrets = Readonly<Record<string, string | undefined>> | readonly (string | undefined)[];

/** Returns `name: where` of every secret found in the bytes. */
export function foundIn(where: string, bytes: Buffer, secrets: Secrets): string[] {
  const all = Object.entries(secrets);
  if (all.length === 0) throw new Error('There is no secret to look for.');
  return all
    .filter(([name, secret]) => {
      if (!secret) throw new Error(`The secret ${name} is not known.`);
      return formsOf(secret).some((form) => bytes.includes(form));
    })
    .map(([name]) => `${name}: ${where}`);
}

/** The same of every file below a folder. */
export function foundUnder(folder: string, secrets: Secrets): string[] {
  return [...filesUnder(folder)].flatMap(({ path, bytes }) => foundIn(path, bytes, secrets));
}
