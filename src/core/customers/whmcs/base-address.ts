import { AppError, toAppError } from '#shared/errors.ts';
import { adminAreaOf } from '#shared/whmcs-links.ts';
import { type Endpoint, parseEndpoint } from '../../gateway/model/endpoint.ts';

/**
 * Reads the base address of an installation: `https://billing.example.com` or with the path below
 * which WHMCS is. An address that was copied from the browser loses `/admin` and `/includes/api.php`.
 * @throws AppError `ENDPOINT_INVALID`
 */
export function parseBase(text: string): { endpoint: Endpoint; path: string } {
  const trimmed = text.trim();
  const url = URL.parse(trimmed.includes('://') ? trimmed : `https://${trimmed}`);
  if (url === null) {
    throw new AppError({
      code: 'ENDPOINT_INVALID',
      message: `"${trimmed.slice(0, 80)}" is not an address.`,
      hint: 'Enter the address of WHMCS as https://billing.example.com, with its path if it has one.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError({
      code: 'ENDPOINT_INVALID',
      message: 'The address of WHMCS has a user name or password in it.',
      hint: 'Remove them; the API credential has its own fields.',
    });
  }
  const path = url.pathname
    .replace(/\/(includes\/api\.php|admin(\/.*)?|index\.php)$/, '')
    .replace(/\/+$/, '');
  try {
    return { endpoint: parseEndpoint(`${url.protocol}//${url.host}`), path };
  } catch (thrown) {
    throw sayWhmcs(toAppError(thrown));
  }
}

/** Returns the address of an installation in the one form it is stored and compared in. */
export function baseText(text: string): string {
  const { endpoint, path } = parseBase(text);
  return `${endpoint.origin}${path}`;
}

/**
 * Returns the address of an admin area in the one form it is stored and compared in.
 * @throws AppError `ENDPOINT_INVALID`
 */
export function adminText(text: string): string {
  const area = adminAreaOf(text);
  if (area !== null) return area;
  throw new AppError({
    code: 'ENDPOINT_INVALID',
    message:
      'The address of the admin area is none that a browser opens, or has a user name in it.',
    hint: 'Enter it as https://billing.example.com/admin, or leave it empty.',
  });
}

/** Returns an error of the transport, which speaks of gateways, in words for the WHMCS administrator. */
export function sayWhmcs(error: AppError): AppError {
  const say = (text: string): string =>
    text
      .replaceAll(/\b(?:the|a) (?:S3 )?gateway(?: service)?\b/gi, 'WHMCS')
      .replaceAll(/\b(an?|the) endpoint\b/gi, (_whole, article: string) =>
        article[0] === article[0]?.toUpperCase() ? 'The address' : 'the address',
      );
  const data = error.toData();
  return new AppError({
    ...data,
    message: say(data.message),
    hint: say(data.hint),
    cause: error.cause,
  });
}
