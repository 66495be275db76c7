import { crc32, inflateSync } from 'node:zlib';
import { AppError } from '#shared/errors.ts';

/** As many pixels as a PNG may have: transparent ones are unpacked whole for each document. */
const mostPixels = 4_000_000;

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');

/** Colour types of PNG: how many samples a pixel has, and of how many bits each may be. */
const pngColours: Readonly<Record<number, readonly [samples: number, bits: readonly number[]]>> = {
  0: [1, [1, 2, 4, 8, 16]],
  2: [3, [8, 16]],
  3: [1, [1, 2, 4, 8]],
  4: [2, [8, 16]],
  6: [4, [8, 16]],
};

/** The seven passes of an interlaced PNG: first column and row, and the steps to the next. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Reads a logo as far as a PDF takes it over unread: a damaged one would be in documents that no
 * program opens.
 * @param logo a data URL
 * @throws AppError `FILE_INVALID`
 */
export function checkLogo(logo: string): void {
  const data = Buffer.from(logo.slice(logo.indexOf(',') + 1), 'base64');
  if (data.subarray(0, 8).equals(pngSignature)) checkPng(data);
  else if (data[0] === 0xff && data[1] === 0xd8) checkJpeg(data);
  else throw invalid('it is neither a PNG nor a JPEG');
}

function assertPixels(width: number, height: number): void {
  if (width === 0 || height === 0) throw invalid('it has no pixels');
}

/** Yields the chunks of a PNG, each compared with its checksum. */
function* chunksOf(data: Buffer): Generator<{ type: string; content: Buffer }> {
  for (let at = 8; at + 12 <= data.length; ) {
    const end = at + 8 + data.readUInt32BE(at);
    if (end + 4 > data.length) break;
    const body = data.subarray(at + 4, end);
    if (crc32(body) !== data.readUInt32BE(end)) break;
    yield { type: body.toString('latin1', 0, 4), content: body.subarray(4) };
    at = end + 4;
  }
}

function checkPng(data: Buffer): void {
  const chunks = [...chunksOf(data)];
  const head = chunks[0];
  if (head?.type !== 'IHDR' || head.content.length !== 13) throw damaged();
  if (chunks.at(-1)?.type !== 'IEND') throw damaged();
  const [width, height] = [head.content.readUInt32BE(0), head.content.readUInt32BE(4)];
  assertPixels(width, height);
  if (width * height > mostPixels) {
    throw invalid(`it has ${width} × ${height} pixels, more than 4 million`);
  }
  const [bits = 0, colour = 0, , , interlaced] = head.content.subarray(8);
  const [samples, allowed] = pngColours[colour] ?? [0, []];
  if (!allowed.includes(bits)) throw damaged();
  if (colour === 3 && !chunks.some(({ type }) => type === 'PLTE')) throw damaged();
  const bytesOf = (columns: number, rows: number): number =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * samples * bits) / 8));
  const whole =
    interlaced === 1
      ? passes.reduce((sum, [x, y, stepX, stepY]) => {
          const columns = Math.max(0, Math.ceil((width - x) / stepX));
          return sum + bytesOf(columns, Math.max(0, Math.ceil((height - y) / stepY)));
        }, 0)
      : bytesOf(width, height);
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ content }) => content);
  if (unpackedLength(Buffer.concat(packed), whole) !== whole) throw damaged();
}

function unpackedLength(packed: Buffer, most: number): number {
  try {
    return inflateSync(packed, { maxOutputLength: most }).length;
  } catch {
    throw damaged();
  }
}

/** Whether a marker begins a frame that PDF readers decode: baseline, extended or progressive. */
const isFrame = (marker: number): boolean => marker >= 0xffc0 && marker <= 0xffc2;

function checkJpeg(data: Buffer): void {
  let hasFrame = false;
  for (let at = 2; at + 4 <= data.length; ) {
    const marker = data.readUInt16BE(at);
    if (marker === 0xffff) {
      at += 1; // a marker may be padded
      continue;
    }
    if (marker < 0xff00) throw damaged();
    const length = data.readUInt16BE(at + 2);
    if (isFrame(marker)) {
      if (length < 8 || at + 10 > data.length) throw damaged();
      const [bits, components = 0] = [data[at + 4], data[at + 9]];
      if (bits !== 8 || ![1, 3, 4].includes(components)) throw damaged();
      assertPixels(data.readUInt16BE(at + 7), data.readUInt16BE(at + 5));
      hasFrame = true;
    }
    if (marker === 0xffda) {
      if (hasFrame && data.lastIndexOf(Buffer.from('ffd9', 'hex')) > at + 2 + length) return;
      throw damaged();
    }
    at += 2 + length;
  }
  throw damaged();
}

const damaged = (): AppError => invalid('it is damaged, or not whole');

function invalid(why: string): AppError {
  return new AppError({
    code: 'FILE_INVALID',
    message: `The logo can't be used: ${why}.`,
    hint: 'Select another PNG or JPEG; save it again with an image program if it opens there.',
  });
}
