import { AppError } from '#shared/errors.ts';

/** One query parameter; `null` stands for a flag without `=`, as `genKey`. */
export type QueryParameter = readonly [name: string, value: string | null];

/** What needs no encoding: most names. */
const plain = /^[\w.~-]*$/;

/**
 * Percent-encodes a value as RFC 3986 asks and Signature V4 signs it: `+` becomes `%2B`, a space
 * `%20`, and `!'()*`, which `encodeURIComponent` leaves, are encoded too.
 * @throws `INPUT_INVALID` for text that is not well-formed Unicode
 */
export function percentEncode(value: string): string {
  if (plain.test(value)) return value;
  if (!value.isWellFormed()) {
    throw new AppError({
      code: 'INPUT_INVALID',
      message: 'A value contains invalid Unicode and cannot be sent.',
      hint: 'Type the value again; it was probably cut when it was copied.',
    });
  }
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The query of a request, without the `?`, in the order given: the service has to be the first
 * parameter, because Signature V2 signs that one alone.
 * @throws `INPUT_INVALID` for an empty value: the gateway takes an empty selector for none at all,
 * and would answer for, or act on, everything
 */
export function encodeQuery(parameters: readonly QueryParameter[]): string {
  return parameters
    .map(([name, value]) => {
      if (value === null) return percentEncode(name);
      if (value === '') throw emptyParameter(name);
      return `${percentEncode(name)}=${percentEncode(value)}`;
    })
    .join('&');
}

/**
 * The path of a bucket, or of an object in it, in path style; the slashes of the key stay.
 * @throws `INPUT_INVALID` for a name that would address something else
 */
export function encodePath(bucket: string, key?: string): string {
  if (bucket === '' || bucket === '.' || bucket === '..' || bucket.includes('/') || key === '') {
    throw emptyParameter('bucket');
  }
  const path = `/${percentEncode(bucket)}`;
  return key === undefined ? path : `${path}/${key.split('/').map(percentEncode).join('/')}`;
}

function emptyParameter(name: string): AppError {
  return new AppError({
    code: 'INPUT_INVALID',
    message: `The value for "${name}" is empty or cannot name anything.`,
    hint: 'Name exactly one target; the console never sends a request that could mean all of them.',
  });
}
