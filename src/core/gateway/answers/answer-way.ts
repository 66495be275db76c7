import { AppError } from '#shared/errors.ts';
import type { Route } from '../model/gateway.ts';
import { excerptOf } from './answer-text.ts';

/**
 * Returns what an answer's head says of changes on its way, in one or more sentences: that it was
 * transformed, what it passed, and that it is not sent as the data it should be. Empty for an answer
 * that comes straight from a gateway.
 * @param secrets values to hide
 */
export function wayOf(
  headers: Readonly<Record<string, string>>,
  secrets: readonly string[] = [],
): string {
  const shown = (name: string): string => excerptOf(headers[name] ?? '', secrets).slice(0, 120);
  const sentences: string[] = [];
  if (isTransformed(headers)) {
    sentences.push(`A proxy changed it on the way (Warning: ${shown('warning')}).`);
  }
  if (headers.via) sentences.push(`It came through a proxy (Via: ${shown('via')}).`);
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== '' && !isGatewayType(type)) {
    sentences.push(`It is declared as ${excerptOf(type, secrets).slice(0, 120)}, not as JSON.`);
  }
  return sentences.join(' ');
}

/** Returns the proxies that an answer came through; null where it names none. */
export function routeOf(headers: Readonly<Record<string, string>>): Route | null {
  const transformed = isTransformed(headers);
  const named = [
    ...(headers.via ? [`Via: ${headers.via}`] : []),
    ...(transformed ? [`Warning: ${headers.warning}`] : []),
  ];
  return named.length === 0 ? null : { said: excerptOf(named.join('; ')), transformed };
}

/** Whether a proxy says that it changed the content: `Warning: 214`, RFC 7234, 5.5.6. */
function isTransformed({ warning = '' }: Readonly<Record<string, string>>): boolean {
  return /(^|,)\s*214\b/.test(warning);
}

/**
 * Refuses content that a proxy says it changed. A changed coding alone explains the warning: it was
 * undone, and what is left is what the gateway sent.
 * @throws `ANSWER_TRANSFORMED`
 */
export function assertUnchanged(headers: Readonly<Record<string, string>>): void {
  const coding = headers['content-encoding'] ?? 'identity';
  if (!isTransformed(headers) || coding !== 'identity') return;
  throw new AppError({
    code: 'ANSWER_TRANSFORMED',
    message: `A proxy changed the content on the way. ${routeOf(headers)?.said ?? ''}`,
    hint: 'Nothing of it was archived, and it stays on the gateway. Let the proxy pass the gateway unchanged (Cache-Control: no-transform), or connect directly.',
  });
}

/** Gateways answer in JSON, with errors in XML, and some declare neither. */
function isGatewayType(type: string): boolean {
  return /json|xml$|^text\/plain$|octet-stream$/.test(type) && type !== 'application/xhtml+xml';
}
