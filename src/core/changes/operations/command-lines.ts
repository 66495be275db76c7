import { type GatewayRequest, requestTarget } from '../../gateway/model/request.ts';

/**
 * Returns the whole URL of a request, without signature.
 * @param endpoint the connection's
 */
export function requestUrl(endpoint: string, request: GatewayRequest): string {
  return `${endpoint.replace(/\/+$/, '')}${requestTarget(request)}`;
}

/**
 * The request as a line for the guide's shell function. Values are percent-encoded, so that nothing
 * in them can end the quotes or be expanded by the shell; `@` stays readable as in the guide.
 */
export function s3CurlLine(endpoint: string, request: GatewayRequest): string {
  const url = requestUrl(endpoint, request).replaceAll('%40', '@');
  const quoted = /["$`\\!\s]/.test(url) ? shellWord(url) : `"${url}"`;
  const signer = request.signAs === undefined ? '' : `${ownerKeyPlaceholders} `;
  return `${signer}s3_curl ${request.method} ${quoted}`;
}

/** Stands where the operator puts the owner's pair: the names are those of the guide's function. */
const ownerKeyPlaceholders = 's3_key=OWNER_ACCESS_KEY_ID s3_secret=OWNER_SECRET_KEY';

/** One word for a POSIX shell, quoted where it has to be. */
export function shellWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command of the vendor's tool on a storage node. */
export interface AdminCommand {
  command: string;
  options: readonly (readonly [option: string, value: string])[];
  /** Whether the tool wants the volume named; the guide leaves it out for limits. */
  volume?: boolean;
}

/** Stands where the operator puts the id that `ostor-ctl get-config` shows. */
export const volumePlaceholder = 'VOLUME_ID';

/**
 * Returns the command as a line for a shell.
 * @param volumeId the connection's; left out, a placeholder stands in its place
 */
export function adminCommandLine(
  { command, options, volume = true }: AdminCommand,
  volumeId: string = volumePlaceholder,
): string {
  const words = options.flatMap(([option, value]) => [option, shellWord(value)]);
  const tail = volume ? ['-V', volumeId] : [];
  return ['ostor-s3-admin', command, ...words, ...tail].join(' ');
}
