import { XMLParser } from 'fast-xml-parser';
import { isJsonObject, type JsonObject, parseGatewayJson, readText } from '../model/read-fields.ts';

interface GatewayReason {
  /** S3 error code, as `SignatureDoesNotMatch`; empty where there is none. */
  code: string;
  /** The gateway's words; empty where there are none. */
  message: string;
}

const xml = new XMLParser({ parseTagValue: false, processEntities: true, ignoreAttributes: true });

/**
 * The reason in an error answer, wherever it is: the header `X-Amz-Err-Message` first, then an XML
 * or JSON body, else nothing.
 */
export function readReason(headers: Readonly<Record<string, string>>, body: string): GatewayReason {
  const inBody = reasonInBody(body);
  const header = headers['x-amz-err-message']?.trim() ?? '';
  return {
    code: headers['x-amz-err-code']?.trim() ?? inBody?.code ?? '',
    message: header === '' ? (inBody?.message ?? '') : header,
  };
}

/** The reason in a body that is an error, in XML or JSON; null for anything else. */
export function reasonInBody(body: string): GatewayReason | null {
  const start = body.trimStart()[0];
  if (start === '<') return reasonIn(parseXml(body));
  if (start === '{') return reasonIn(parseJson(body));
  return null;
}

/** The error that a JSON document is or holds, in any of the shapes seen; null where it is none. */
export function reasonIn(document: unknown): GatewayReason | null {
  if (!isJsonObject(document)) return null;
  const inner = document.Error ?? document.error;
  if (isJsonObject(inner)) return reasonOf(inner);
  if (typeof inner === 'string' && inner !== '') {
    return { code: '', message: readText(document.message ?? document.Message) || inner };
  }
  // A number for a code is another product's: S3 codes are words.
  return 'Code' in document || (typeof document.code === 'string' && 'message' in document)
    ? reasonOf(document)
    : null;
}

function reasonOf(error: JsonObject): GatewayReason {
  return {
    code: readText(error.Code ?? error.code),
    message: readText(error.Message ?? error.message),
  };
}

function parseXml(body: string): unknown {
  try {
    return xml.parse(body);
  } catch {
    return null;
  }
}

function parseJson(body: string): unknown {
  try {
    return parseGatewayJson(body);
  } catch {
    return null;
  }
}

const hidden = '[hidden]';

/** Fields of an answer that can carry a secret: those of key pairs and of signature errors. */
const secretFields =
  /(("?)\b(?:AWSS?ecretAccessKey|S3SecretAccessKey|SecretAccessKey|SecretKey|SignatureProvided|StringToSign|StringToSignBytes|Signature|Authorization)\b\2\s*[:=>]\s*)("[^"]*"?|[^<,}\n]+)/gi;

/** Forty characters of base64: the shape of a secret key wherever it is. */
const secretShape = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/])/g;

const excerptLength = 300;

/**
 * A piece of an answer that can be shown and logged: secrets hidden first, then control characters
 * dropped and the text cut to 300 characters.
 * @param secrets further values to hide wherever they are
 */
export function excerptOf(text: string, secrets: readonly string[] = []): string {
  let scrubbed = text.slice(0, 64 * 1024);
  for (const secret of secrets) {
    if (secret !== '') scrubbed = scrubbed.replaceAll(secret, hidden);
  }
  scrubbed = scrubbed
    .replace(secretFields, `$1${hidden}`)
    .replace(secretShape, hidden)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return scrubbed.length > excerptLength ? `${scrubbed.slice(0, excerptLength)}…` : scrubbed;
}
