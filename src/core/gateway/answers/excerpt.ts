const hidden = '[hidden]';

/** What can carry a secret in an answer: the fields of key pairs and of signature errors. */
const secretFields =
  /(("?)\b(?:AWSS?ecretAccessKey|S3SecretAccessKey|SecretAccessKey|SecretKey|SignatureProvided|StringToSign|StringToSignBytes|Signature|Authorization)\b\2\s*[:=>]\s*)("[^"]*"?|[^<,}\n]+)/gi;

/** Forty characters of base64: the shape of a secret key wherever it stands. */
const secretShape = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/])/g;

const excerptLength = 300;

/**
 * A piece of an answer that can be shown and logged: secrets hidden first, then control characters
 * dropped and the text cut to 300 characters.
 * @param secrets further values to hide wherever they stand
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
