import { AppError } from '#shared/errors.ts';
import { nestsTooDeep } from '#shared/nesting.ts';

/**
 * `"key": 1234567890123456` with 16 digits or more. The name of the key holds no character that can
 * are between two strings, so that a match never begins at the end of one string and reaches into
 * the next; a quotation mark inside a string is escaped. What matches is therefore outside strings.
 */
const longInteger = /("[^"\\,:\]}]+"\s*:\s*)(-?\d{16,})(?=\s*[,}\]])/g;

/** A service id without quotation marks: hexadecimal, so that it may be no JSON at all. */
const bareServiceId = /("service_id"\s*:\s*)([0-9A-Za-z]+)(?=\s*[,}])/g;

/**
 * Parses what the gateway sends, exactly: integers that a double could not hold arrive as strings
 * of digits, and a `service_id` is a string whether it was quoted or not. Integers of up to 15
 * digits stay numbers, which hold them exactly.
 * @throws SyntaxError as `JSON.parse`, or `ANSWER_FOREIGN` for what nests deeper than any answer
 */
export function parseGatewayJson(text: string): unknown {
  if (nestsTooDeep(text)) throw nestedTooDeep();
  const unmarked = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return JSON.parse(
    unmarked
      .replace(bareServiceId, (whole, key: string, id: string) =>
        id === 'null' ? whole : `${key}"${id}"`,
      )
      .replace(longInteger, '$1"$2"'),
  );
}

/** The error for an answer that nests too deep. */
export function nestedTooDeep(): AppError {
  return new AppError({
    code: 'ANSWER_FOREIGN',
    message: 'The answer nests its values deeper than any answer of a gateway.',
    hint: 'Check that the endpoint is the S3 gateway itself, with no other product in front of it.',
    details: { mayHaveActed: true },
  });
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns whether a value is a JSON object (no array, not null). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error for JSON that is not the requested answer. */
export function foreignAnswer(what: string, details?: Record<string, unknown>): AppError {
  return new AppError({
    code: 'ANSWER_FOREIGN',
    message: `The answer is JSON, but not ${what} as an ostor gateway sends it.`,
    hint: 'Check that the endpoint is the S3 gateway itself and not another service on that host.',
    ...(details === undefined ? {} : { details }),
  });
}

/**
 * The answer about one target, which may come as a list of one. A longer list does not say which of its
 * entries was asked for.
 * @throws `ANSWER_FOREIGN`
 */
export function soleAnswer(json: unknown, what: string): unknown {
  if (!Array.isArray(json)) return json;
  if (json.length === 1) return json[0];
  throw foreignAnswer(`${what} of one target`, { wide: true, answered: json.length });
}

export function requireObject(value: unknown, what: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw foreignAnswer(what);
}

/** A text field; numbers are taken as their digits, what is missing as empty. */
export function readText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}

/** Of a number of 64 bits with its sign; no gateway counts further. */
const mostDigits = 21;

/**
 * An integer, sent as a number or as text; a fraction is cut off, what is missing is 0.
 * @throws `ANSWER_FOREIGN` for anything else, and for more digits than 64 bits have
 */
export function readInteger(value: unknown, field: string): bigint {
  if (value === undefined || value === null || value === '') return 0n;
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.trunc(value));
  const digits = typeof value === 'string' ? /^\s*([+-]?\d+)(?:\.\d*)?\s*$/.exec(value)?.[1] : null;
  if (digits && digits.length <= mostDigits) return BigInt(digits);
  throw foreignAnswer(`the number "${field}"`);
}

/**
 * A decimal as text, without needless zeros lost: `"3600.00"` stays as it is.
 * @throws `ANSWER_FOREIGN` for anything but a decimal
 */
export function readDecimal(value: unknown, field: string): string {
  const text = readText(value).trim();
  if (/^[+-]?\d{1,20}(\.\d{1,20})?$/.test(text)) return text;
  throw foreignAnswer(`the number "${field}"`);
}

/** An ISO 8601 instant in UTC, or null where there is none that can be read. */
export function readInstant(value: unknown): string | null {
  const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(milliseconds) ? null : new Date(milliseconds).toISOString();
}
