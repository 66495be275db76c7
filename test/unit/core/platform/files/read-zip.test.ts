import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { ZipReader } from '#core/platform/files/read-zip.ts';

const bomb = Buffer.alloc(20_000_000);

async function zipOf(files: Record<string, Buffer>, compress = true): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(content, name, { compress });
  zip.end();
  return buffer(zip.outputStream);
}

/** Where the list of files begins: its first entry. */
const listOf = (zip: Buffer): number => zip.indexOf('PK\u0001\u0002', 0, 'latin1');

function changed(zip: Buffer, change: (zip: Buffer, list: number) => void): Buffer {
  change(zip, listOf(zip));
  return zip;
}

const refused = (message: RegExp) => ({
  code: 'FILE_INVALID',
  message: expect.stringMatching(message),
});

it('reads what was packed, compressed or not', async () => {
  const content = Buffer.from('Ü'.repeat(5000));
  for (const compress of [true, false]) {
    const zip = new ZipReader(await zipOf({ 'a/b.txt': content, c: Buffer.alloc(0) }, compress), 2);
    expect(await zip.text('a/b.txt', 10_000)).toBe(content.toString());
    expect(await zip.text('c', 0)).toBe('');
    expect([zip.has('c'), zip.has('d')]).toEqual([true, false]);
    await expect(zip.text('d', 1)).rejects.toMatchObject(refused(/has no d/));
  }
});

it('unpacks nothing that says it is too large, and stops where it is larger than it says', async () => {
  const packed = await zipOf({ bomb });
  expect(packed.length).toBeLessThan(100_000);
  await expect(new ZipReader(packed, 1).text('bomb', 1_000_000)).rejects.toMatchObject(
    refused(/larger than any/),
  );
  const lying = changed(packed, (zip, list) => zip.writeUInt32LE(1000, list + 24));
  let unpacked = 0;
  const read = async () => {
    for await (const piece of new ZipReader(lying, 1).pieces('bomb', 1000)) {
      unpacked += piece.length;
    }
  };
  await expect(read()).rejects.toMatchObject(refused(/larger than the file says/));
  expect(unpacked).toBeLessThanOrEqual(1000);
});

it.each<[what: string, change: (zip: Buffer, list: number) => void, message: RegExp]>([
  ['a checksum that is wrong', (zip, list) => zip.writeUInt32LE(1, list + 16), /damaged/],
  ['an offset past its end', (zip, list) => zip.writeUInt32LE(0xffff_fff0, list + 42), /damaged/],
  ['more bytes than it has', (zip, list) => zip.writeUInt32LE(0x7fff_ffff, list + 20), /damaged/],
  ['a stream that is none', (zip, list) => zip.fill(0xff, 35, list - 1), /damaged/],
  ['an encrypted file', (zip, list) => zip.writeUInt16LE(1, list + 8), /packed in a way/],
  ['another compression', (zip, list) => zip.writeUInt16LE(14, list + 10), /packed in a way/],
  ['a list that is not there', (zip, list) => zip.writeUInt32LE(1, list), /list of files/],
  ['more files than it lists', (zip) => zip.writeUInt16LE(2, zip.length - 12), /list of files/],
  ['a file too many', (zip) => zip.writeUInt16LE(900, zip.length - 12), /more files/],
])('refuses a zip with %s', async (_what, change, message) => {
  const zip = changed(await zipOf({ a: Buffer.from('abc '.repeat(100)) }), change);
  const read = async () => new ZipReader(zip, 5).text('a', 1000);
  await expect(read()).rejects.toMatchObject(refused(message));
});

it('refuses what is no zip, one that is cut short, and a name that comes twice', async () => {
  const whole = await zipOf({ a: Buffer.from('a'), b: Buffer.from('b') });
  const twice = Buffer.from(whole);
  const second = twice.indexOf('PK\u0001\u0002', listOf(twice) + 4, 'latin1');
  twice.write('a', second + 46, 'latin1');
  for (const [bytes, message] of [
    [Buffer.from('{"format":"plan"}'), /no zip/],
    [Buffer.alloc(0), /no zip/],
    [whole.subarray(0, whole.length - 10), /no zip/],
    [twice, /twice/],
  ] as const) {
    expect(() => new ZipReader(bytes, 5)).toThrow(message);
  }
});
