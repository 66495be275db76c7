import { excerptOf } from './excerpt.ts';

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
  // 214 is "Transformation applied": RFC 7234, 5.5.6.
  if (/(^|,)\s*214\b/.test(headers.warning ?? '')) {
    sentences.push(`A proxy changed it on the way (Warning: ${shown('warning')}).`);
  }
  if (headers.via) sentences.push(`It came through a proxy (Via: ${shown('via')}).`);
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== '' && !isGatewayType(type)) {
    sentences.push(`It is declared as ${excerptOf(type, secrets).slice(0, 120)}, not as JSON.`);
  }
  return sentences.join(' ');
}

/** Gateways answer in JSON, with errors in XML, and some declare neither. */
function isGatewayType(type: string): boolean {
  return /json|xml$|^text\/plain$|octet-stream$/.test(type) && type !== 'application/xhtml+xml';
}
