import { type Duplex, pipeline } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
} from 'node:zlib';
import { AppError } from '#shared/errors.ts';
import type { GatewayAnswer, OpenAnswer } from '../model/request.ts';
import type { ByteBudget } from './byte-budget.ts';
import { longestAnswer, longestError, tooLong } from './whole-answer.ts';

/** More codings on top of each other than any proxy applies. */
const mostCodings = 3;

/**
 * Returns the answer with its body decoded as `Content-Encoding` says: proxies compress without being
 * asked. Bytes are decoded as they are read.
 * @throws `ANSWER_ENCODING` for a coding that is not gzip, deflate or br
 */
export function decompressed(answer: OpenAnswer): OpenAnswer {
  const codings = codingsOf(answer);
  if (codings.length === 0) return answer;
  return { ...answer, body: decode(answer.body, codings, false) };
}

/**
 * Decodes an answer that has arrived whole, as {@link decompressed}. What comes out counts towards the
 * budget of all answers and is bounded as they are, so that a small answer can't fill the memory.
 */
export async function decompressedWhole(
  answer: GatewayAnswer,
  budget: ByteBudget,
): Promise<GatewayAnswer> {
  const codings = answer.bytes.byteLength === 0 ? [] : codingsOf(answer);
  if (codings.length === 0) return answer;
  const isError = answer.status >= 300;
  const kept: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of decode(only(answer.bytes), codings, isError)) {
      kept.push(chunk);
      length += chunk.byteLength;
      if (isError && length >= longestError) break;
      if (length > longestAnswer) throw tooLong();
      const room = Promise.withResolvers<void>();
      if (!budget.take(kept, chunk.byteLength, room.resolve)) await room.promise;
    }
    return { ...answer, bytes: Buffer.concat(kept) };
  } catch (thrown) {
    throw undecodable(thrown);
  } finally {
    budget.release(kept);
  }
}

/** The error that a failure to decode stands for; others are handed back as they are. */
export function undecodable(thrown: unknown): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'Z_BUF_ERROR') {
    return new AppError({
      code: 'ANSWER_TRUNCATED',
      message: "The gateway's compressed answer breaks off in the middle.",
      hint: 'Try again; if it persists, look at proxies and load balancers in front of the gateway.',
      retryable: true,
      details: { mayHaveActed: true },
    });
  }
  if (!/^(Z_|ERR_BROTLI|ERR__ERROR_|ERR_PADDING)/.test(code)) return thrown;
  return notDecoded('The answer says that it is compressed, and could not be decompressed.');
}

function codingsOf({ headers }: { headers: Readonly<Record<string, string>> }): string[] {
  const codings = (headers['content-encoding'] ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  const unknown = codings.find((coding) => !/^(x-gzip|gzip|deflate|br)$/.test(coding));
  if (unknown === undefined && codings.length <= mostCodings) return codings.reverse();
  throw notDecoded('The answer is compressed in a form that the console does not read.');
}

function notDecoded(message: string): AppError {
  return new AppError({
    code: 'ANSWER_ENCODING',
    message,
    hint: 'Nothing of it was used. Turn compression off in the proxy or load balancer in front of the gateway.',
    details: { mayHaveActed: true },
  });
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

/** @param lenient take what there is of a body that was cut */
async function* decode(
  body: AsyncIterable<Uint8Array>,
  codings: readonly string[],
  lenient: boolean,
): AsyncGenerator<Uint8Array, void, undefined> {
  let chunks = body;
  for (const coding of codings) chunks = decodeOne(chunks, coding, lenient);
  yield* chunks;
}

async function* decodeOne(
  body: AsyncIterable<Uint8Array>,
  coding: string,
  lenient: boolean,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  async function* whole(): AsyncGenerator<Uint8Array, void, undefined> {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  const decoder = decoderOf(coding, first.value[0] ?? 0, lenient);
  // Errors of either side reach whoever reads the decoder.
  pipeline(whole(), decoder, () => undefined);
  yield* decoder as AsyncIterable<Uint8Array>;
}

function decoderOf(coding: string, firstByte: number, lenient: boolean): Duplex {
  if (coding === 'br') {
    const { BROTLI_OPERATION_FLUSH: flush } = constants;
    return createBrotliDecompress(lenient ? { finishFlush: flush } : {});
  }
  const options = lenient ? { finishFlush: constants.Z_SYNC_FLUSH } : {};
  if (coding !== 'deflate') return createGunzip(options);
  // Some servers leave out the header that deflate is to have.
  return (firstByte & 0x0f) === 8 ? createInflate(options) : createInflateRaw(options);
}
