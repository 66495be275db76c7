import { crc32, deflateSync } from 'node:zlib';
import { extractImages, getDocumentProxy } from 'unpdf';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { CustomerRegister } from '#core/customers/customer-register.ts';
import type { StatementPages } from '#core/customers/documents/statement-document.ts';
import { StatementFiles } from '#core/customers/documents/statement-files.ts';
import type { CustomerStore } from '#core/customers/store/customer-store.ts';

/** A JPEG of 6 by 4 pixels, the left half blue and the right one red. */
const jpeg =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAEAAYDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAYEAEAAwEAAAAAAAAAAAAAAAAAAQMycf/EABUBAQEAAAAAAAAAAAAAAAAAAAMG/8QAGxEAAQQDAAAAAAAAAAAAAAAAAAIDBHEFMzT/2gAMAwEAAhEDEQA/AIV+44ACXvVZRY3kbo//2Q==';

const [width, height] = [6, 4];

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** Writes a PNG whose every pixel is the same. */
function png(
  colour: number,
  pixel: readonly number[],
  more: Partial<{ bits: number; interlaced: boolean; chunks: Buffer[]; wide: number }> = {},
): Buffer {
  const { bits = 8, interlaced = false, chunks = [], wide = width } = more;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(wide, 0);
  head.writeUInt32BE(height, 4);
  head.set([bits, colour, 0, 0, interlaced ? 1 : 0], 8);
  const row = (columns: number) => [0, ...Array.from({ length: columns }, () => pixel).flat()];
  // of 6 by 4 pixels, by pass
  const rows = interlaced
    ? [
        [1, 1],
        [1, 1],
        [0, 0],
        [1, 1],
        [3, 1],
        [3, 2],
        [6, 2],
      ].flatMap(([columns = 0, count = 0]) => Array.from({ length: count }, () => row(columns)))
    : Array.from({ length: height }, () => row(wide));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    ...chunks,
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const dataUrl = (type: 'png' | 'jpeg', bytes: Buffer): string =>
  `data:image/${type};base64,${bytes.toString('base64')}`;

const statement = {
  ...{ state: 'final', reasons: [], unknown: [], users: [], total: 0, minorDigits: 2 },
  ...{ currency: 'EUR', gigabyte: 'decimal', tariffName: 'Standard', tariffVersion: 1 },
  ...{ from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
  sources: { objects: 0, digest: 'c'.repeat(64) },
  coverage: { words: 'Complete.' },
} as unknown as StatementPages['statement'];
const issued = {
  ...{ number: 'C-1', digest: 'abc', issuedAt: '2026-11-02T00:00:00.000Z', corrects: null },
  ...{ state: 'final', from: statement.from, to: statement.to },
} as unknown as StatementPages['issued'];

let kept: { value: unknown } = { value: null };
const store = {
  ask: async (name: string, input: { value: unknown }) => {
    if (name === 'writeSetting') kept = { value: input.value };
    return name === 'readSetting' ? kept.value : null;
  },
} as unknown as CustomerStore;
const files = new StatementFiles(store, {} as CustomerRegister);
const letterhead = { name: 'Nordlicht', address: '', taxId: '', terms: '' };

beforeEach(() => {
  kept = { value: null };
});
afterAll(() => files.close());

/** The images that a PDF reader finds in a statement. */
async function imagesIn(pdf: string | Uint8Array) {
  const document = await getDocumentProxy(new Uint8Array(Buffer.from(pdf)));
  return extractImages(document, 1);
}

async function pdfWith(logo: string): Promise<Uint8Array> {
  await files.setProvider({ ...letterhead, logo });
  return (await files.make({ statement, issued }, 'pdf')).content as Uint8Array;
}

const transparent = chunk('tRNS', Buffer.from([40]));
const palette = chunk('PLTE', Buffer.from([200, 10, 20]));

describe('the logo of a letterhead', () => {
  it.each([
    ['a PNG', png(2, [200, 10, 20]), [200, 10, 20]],
    ['a grey PNG', png(0, [90]), [90, 90, 90]],
    ['a PNG of 16 bits', png(2, [200, 200, 10, 10, 20, 20], { bits: 16 }), [200, 10, 20]],
    ['an interlaced PNG', png(2, [200, 10, 20], { interlaced: true }), [200, 10, 20]],
    ['a PNG with a palette', png(3, [0], { chunks: [palette] }), [200, 10, 20]],
    ['a transparent PNG', png(6, [200, 10, 20, 40]), [200, 10, 20, 40]],
    ['a transparent grey PNG', png(4, [90, 40]), [90, 90, 90, 40]],
    [
      'a transparent PNG of 16 bits',
      png(6, [200, 0, 10, 0, 20, 0, 40, 0], { bits: 16 }),
      [200, 10, 20, 40],
    ],
    [
      'a transparent, interlaced PNG',
      png(6, [200, 10, 20, 40], { interlaced: true }),
      [200, 10, 20, 40],
    ],
    [
      'a PNG with a transparent palette',
      png(3, [0], { chunks: [palette, transparent] }),
      [200, 10, 20, 40],
    ],
  ])('(%s) is in the PDF as it is, pixel for pixel', async (_what, bytes, pixel) => {
    const pdf = await pdfWith(dataUrl('png', bytes));
    const [image, second] = await imagesIn(pdf);
    if (!image) throw new Error('no image');
    expect(second).toBeUndefined();
    expect([image.width, image.height]).toEqual([width, height]);
    const got = [...image.data.slice(0, image.channels)];
    const wanted = image.channels === 1 ? pixel.slice(0, 1) : pixel;
    for (const [at, value] of wanted.entries()) {
      expect(Math.abs((got[at] ?? -1) - value), `${got}`).toBeLessThanOrEqual(1);
    }
    // what is seen through is a mask of its own in a PDF
    const hasMask = Buffer.from(pdf).includes('/SMask');
    expect(hasMask).toBe(pixel.length === 4);
  });

  it('(a JPEG) is in the PDF with its own bytes', async () => {
    const bytes = Buffer.from(jpeg, 'base64');
    const pdf = await pdfWith(dataUrl('jpeg', bytes));
    expect(Buffer.from(pdf).includes(bytes)).toBe(true);
    const [image] = await imagesIn(pdf);
    const pixel = (column: number) =>
      image?.data.slice(column * image.channels, column * image.channels + 3);
    const [left, right] = [pixel(0), pixel(width - 1)];
    expect((left?.[2] ?? 0) > (left?.[0] ?? 0)).toBe(true);
    expect((right?.[0] ?? 0) > (right?.[2] ?? 0)).toBe(true);
  });

  it('(a JPEG of many pixels) is in the PDF with its own bytes: nothing unpacks it', async () => {
    const bytes = Buffer.from(jpeg, 'base64');
    const frame = bytes.indexOf(Buffer.from('ffc0', 'hex'));
    bytes.writeUInt16BE(3000, frame + 5);
    bytes.writeUInt16BE(4000, frame + 7);
    const pdf = await pdfWith(dataUrl('jpeg', bytes));
    expect(Buffer.from(pdf).includes(bytes)).toBe(true);
  });

  const sound = png(2, [200, 10, 20]);
  const cut = Buffer.from(sound.subarray(0, sound.length - 20));
  const flipped = Buffer.from(sound);
  flipped[sound.indexOf('IDAT') + 8] = 0xee;
  const short = Buffer.concat([
    sound.subarray(0, 33),
    chunk('IDAT', deflateSync(Buffer.alloc(9))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  const whole = Buffer.from(jpeg, 'base64');
  const flat = Buffer.from(whole);
  flat.writeUInt16BE(0, flat.indexOf(Buffer.from('ffc0', 'hex')) + 7);
  const bad: [string, 'png' | 'jpeg', Buffer, RegExp][] = [
    ['a text', 'png', Buffer.from('this is no picture'), /neither a PNG nor a JPEG/],
    [
      'a GIF that calls itself a PNG',
      'png',
      Buffer.from('GIF89a\u0001\u0000\u0001\u0000'),
      /neither/,
    ],
    ['a PNG that was cut', 'png', cut, /damaged/],
    ['a PNG with a wrong byte', 'png', flipped, /damaged/],
    ['a PNG with too few pixels', 'png', short, /damaged/],
    ['a PNG without a palette', 'png', png(3, [0]), /damaged/],
    ['a PNG without pixels', 'png', png(2, [1, 2, 3], { wide: 0 }), /no pixels/],
    ['a PNG of too many pixels', 'png', png(0, [0], { wide: 1_000_001 }), /more than 4 million/],
    ['a JPEG that was cut', 'jpeg', whole.subarray(0, whole.length - 30), /damaged/],
    ['a JPEG without pixels', 'jpeg', flat, /no pixels/],
    ['a JPEG without a picture', 'jpeg', Buffer.from('ffd8ffd9', 'hex'), /damaged/],
    ['nothing', 'jpeg', Buffer.from([0xff]), /neither/],
  ];

  it.each(bad)(
    '(%s) is refused when it is saved, and when it was saved before',
    async (_what, type, bytes, words) => {
      const logo = dataUrl(type, bytes);
      const refused = { code: 'FILE_INVALID', message: expect.stringMatching(words) };
      await expect(files.setProvider({ ...letterhead, logo })).rejects.toMatchObject(refused);
      expect(kept.value).toBeNull();
      kept = { value: { ...letterhead, logo } };
      await expect(files.make({ statement, issued }, 'pdf')).rejects.toMatchObject(refused);
    },
  );
});
