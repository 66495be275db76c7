import { isUtf8 } from 'node:buffer';
import { TextDecoder as Decoder } from 'node:util';
import { AppError } from '#shared/errors.ts';
import { parseGatewayJson } from '../model/read-fields.ts';
import { excerptOf, reasonIn, reasonInBody } from './answer-text.ts';
import { wayOf } from './answer-way.ts';

export interface AnswerOrigin {
  status?: number | undefined;
  requestId?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  secrets?: readonly string[];
}

/**
 * Parses the body of a success.
 * @throws `ANSWER_NOT_JSON`, `ANSWER_TRUNCATED`, `ANSWER_ERROR_IN_SUCCESS`
 */
export function parseAnswer(text: string, origin: AnswerOrigin = {}): unknown {
  let document: unknown;
  try {
    document = parseGatewayJson(text);
  } catch (thrown) {
    if (thrown instanceof AppError) {
      throw new AppError({ ...thrown.toData(), ...originFacts(origin) });
    }
    // The parser's own error quotes the text, secrets and all: it goes no further.
    throw unreadableAnswer(text, origin);
  }
  const reason = reasonIn(document);
  if (reason) throw errorInSuccess(reason, origin);
  return document;
}

/**
 * Returns why the body of a success is no JSON.
 * @param text the body, or as much of it as there is
 */
export function unreadableAnswer(text: string, origin: AnswerOrigin = {}): AppError {
  const reason = reasonInBody(text);
  if (reason) return errorInSuccess(reason, origin);
  const start = text.trimStart()[0];
  const begun = start === '{' || start === '[';
  const facts = originFacts(origin);
  const way = onItsWay(origin);
  const details = { ...way.details, excerpt: excerptOf(text, origin.secrets) };
  if (begun && breaksOff(text)) {
    return new AppError({
      ...facts,
      code: 'ANSWER_TRUNCATED',
      message: `The gateway's answer was cut short.${way.words}`,
      hint: 'Try again; if it persists, ask for fewer entries at once or look at proxies in front of the gateway.',
      retryable: true,
      details,
    });
  }
  const page = start === '<';
  return new AppError({
    ...facts,
    code: 'ANSWER_NOT_JSON',
    message: page
      ? `A web page came back where the gateway answers with data.${way.words}`
      : `What came back is not the data a gateway answers with.${way.words}`,
    hint: 'Check that the endpoint is the S3 gateway, not a panel, a portal or a sign-in page before it.',
    details,
  });
}

export function notUtf8(origin: AnswerOrigin = {}): AppError {
  return misencoded('is not text in UTF-8, and names no other encoding', origin);
}

function notDeclared(charset: string, origin: AnswerOrigin = {}): AppError {
  return misencoded(`cannot be read as ${excerptOf(charset)}, which it declares`, origin);
}

function misencoded(how: string, origin: AnswerOrigin): AppError {
  const way = onItsWay(origin);
  return new AppError({
    ...originFacts(origin),
    code: 'ANSWER_ENCODING',
    message: `The gateway's answer ${how}.${way.words}`,
    hint: 'Nothing of it was used. Look at the proxy or load balancer in front of the gateway.',
    details: way.details,
  });
}

/** Proxies named in the head of an answer, for message and details of an error. */
function onItsWay({ headers = {}, secrets }: AnswerOrigin) {
  const way = wayOf(headers, secrets);
  return {
    words: way === '' ? '' : ` ${way}`,
    details: { mayHaveActed: true, ...(way === '' ? {} : { way }) },
  };
}

function errorInSuccess(
  reason: { code: string; message: string },
  origin: AnswerOrigin = {},
): AppError {
  const said = excerptOf(reason.message || reason.code, origin.secrets);
  return new AppError({
    ...originFacts(origin),
    code: 'ANSWER_ERROR_IN_SUCCESS',
    message: `The gateway reported success, with an error inside: ${said || 'without a message'}.`,
    hint: 'Treat it as failed: read the state again, and look into the log of the gateway.',
    details: {
      mayHaveActed: true,
      ...(reason.code === '' ? {} : { gatewayCode: excerptOf(reason.code) }),
      gatewayMessage: said,
    },
  });
}

/** Whether a document that began as JSON ends before it is complete. */
function breaksOff(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
  }
  return inString || depth > 0;
}

function originFacts(origin: AnswerOrigin) {
  return {
    ...(origin.status === undefined ? {} : { status: origin.status }),
    ...(origin.requestId === undefined ? {} : { requestId: origin.requestId }),
  };
}

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
