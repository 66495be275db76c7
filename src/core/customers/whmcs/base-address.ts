import { AppError } from '#shared/errors.ts';
import { type Endpoint, parseEndpoint } from '../../gateway/model/endpoint.ts';

/**
 * Reads the base address of an installation: `https://billing.example.com` or with the path below
 * which WHMCS lies. An address that was copied from the browser loses `/admin` and `/includes/api.php`.
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
  const path = url.pathname
    .replace(/\/(includes\/api\.php|admin(\/.*)?|index\.php)$/, '')
    .replace(/\/+$/, '');
  const credential = url.username === '' ? '' : `${url.username}:${url.password}@`;
  return { endpoint: parseEndpoint(`${url.protocol}//${credential}${url.host}`), path };
}
