import { isUtf8 } from 'node:buffer';
import { TextDecoder as Decoder } from 'node:util';
import { type AnswerOrigin, notDeclared, notUtf8 } from './answer-body.ts';

type Headers = Readonly<Record<string, string>>;

/** Answers in these are UTF-8 as well. */
const asUtf8 = /^(utf-?8|us-ascii|ascii)$/i;

/**
 * Returns the bytes of an answer in UTF-8, decoded as its `Content-Type` declares. Nothing is ever
 * replaced: text that is not what it is said to be is refused.
 * @throws `ANSWER_ENCODING`
 */
export function bytesInUtf8(
  { bytes, headers }: { bytes: Uint8Array; headers: Headers },
  origin: AnswerOrigin,
): Uint8Array {
  const charset = charsetOf(headers);
  if (charset === null) {
    if (isUtf8(bytes)) return bytes;
    throw notUtf8(origin);
  }
  const decoder = strictDecoder(charset, origin);
  return Buffer.from(orRefuse(() => decoder.decode(bytes), charset, origin));
}

/**
 * Returns a body in UTF-8 as it arrives. One that declares nothing is handed on as it is: whoever takes
 * it apart sets aside what is not UTF-8.
 */
export function streamInUtf8(
  body: AsyncIterable<Uint8Array>,
  headers: Headers,
  origin: AnswerOrigin,
): AsyncIterable<Uint8Array> {
  const charset = charsetOf(headers);
  return charset === null ? body : recoded(body, charset, origin);
}

async function* recoded(
  body: AsyncIterable<Uint8Array>,
  charset: string,
  origin: AnswerOrigin,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = strictDecoder(charset, origin);
  const take = (chunk?: Uint8Array): string =>
    orRefuse(() => decoder.decode(chunk, { stream: chunk !== undefined }), charset, origin);
  for await (const chunk of body) yield Buffer.from(take(chunk));
  yield Buffer.from(take());
}

/** Returns the encoding that is declared; null where it is UTF-8 or none is named. */
function charsetOf(headers: Headers): string | null {
  const declared = /;\s*charset\s*=\s*"?([^\s;"]+)"?/i.exec(headers['content-type'] ?? '')?.[1];
  return declared === undefined || asUtf8.test(declared) ? null : declared;
}

function strictDecoder(charset: string, origin: AnswerOrigin): Decoder {
  return orRefuse(() => new Decoder(charset, { fatal: true }), charset, origin);
}

function orRefuse<Value>(decode: () => Value, charset: string, origin: AnswerOrigin): Value {
  try {
    return decode();
  } catch {
    throw notDeclared(charset, origin);
  }
}
