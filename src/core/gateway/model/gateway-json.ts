import { AppError } from '#shared/errors.ts';
import { nestsTooDeep } from '#shared/nesting.ts';

/**
 * `"key": 1234567890123456` with 16 digits or more. The name of the key holds no character that can
 * stand between two strings, so that a match never begins at the end of one string and reaches into
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

/** An answer that is made to keep its reader busy. */
export function nestedTooDeep(): AppError {
  return new AppError({
    code: 'ANSWER_FOREIGN',
    message: 'The answer nests its values deeper than any answer of a gateway.',
    hint: 'Check that the endpoint is the S3 gateway itself, with no other product in front of it.',
    details: { mayHaveActed: true },
  });
}
