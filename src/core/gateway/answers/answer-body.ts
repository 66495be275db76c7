import { AppError } from '#shared/errors.ts';
import { parseGatewayJson } from '../model/gateway-json.ts';
import { excerptOf, reasonIn, reasonInBody } from './answer-text.ts';
import { wayOf } from './answer-way.ts';

/** Where an answer came from, for the error that names it. */
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
 * Why the body of a success is no JSON.
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
      message: `The gateway's answer breaks off in the middle.${way.words}`,
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

/** The answer is not text in UTF-8, and names no other encoding. */
export function notUtf8(origin: AnswerOrigin = {}): AppError {
  return misencoded('is not text in UTF-8, and names no other encoding', origin);
}

/** The answer is not text in the encoding it declares, or declares one nobody knows. */
export function notDeclared(charset: string, origin: AnswerOrigin = {}): AppError {
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

/** What the head of an answer says of proxies, for the message and the details of an error. */
function onItsWay({ headers = {}, secrets }: AnswerOrigin) {
  const way = wayOf(headers, secrets);
  return {
    words: way === '' ? '' : ` ${way}`,
    details: { mayHaveActed: true, ...(way === '' ? {} : { way }) },
  };
}

/** A success that holds an error. */
export function errorInSuccess(
  reason: { code: string; message: string },
  origin: AnswerOrigin = {},
): AppError {
  const said = excerptOf(reason.message || reason.code, origin.secrets);
  return new AppError({
    ...originFacts(origin),
    code: 'ANSWER_ERROR_IN_SUCCESS',
    message: `The gateway reported success, with an error inside: ${said || 'without words'}.`,
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
