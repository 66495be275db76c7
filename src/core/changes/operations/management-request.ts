import { encodePath, encodeQuery, type QueryParameter } from '../../gateway/model/encode.ts';
import type { LimitTarget, QuotaTarget, UserSelector } from '../../gateway/model/gateway.ts';

/** A request of the management API, or of plain S3 on one bucket, as the gateway client sends it. */
export interface ManagementRequest {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** `ostor-users` …, the first parameter; or a bucket's name for plain S3. */
  service: string | { bucket: string };
  parameters: readonly QueryParameter[];
  /** Signed with a key of the bucket's owner in place of the system user's. */
  asOwner?: boolean;
}

/** The parameter that names a user. */
export function userParameter(user: UserSelector): QueryParameter {
  return 'id' in user ? ['id', user.id] : ['emailAddress', user.email];
}

/** The parameter that names what limits or quotas hang on. */
export function targetParameter(target: LimitTarget | QuotaTarget): QueryParameter {
  if ('bucket' in target) return ['bucket', target.bucket];
  if ('default' in target) return ['default', target.default];
  return userParameter(target);
}

/**
 * Whole URL of a request, without signature.
 * @param endpoint the connection's
 */
export function requestUrl(endpoint: string, request: ManagementRequest): string {
  const base = endpoint.replace(/\/+$/, '');
  if (typeof request.service !== 'string') return `${base}${encodePath(request.service.bucket)}`;
  return `${base}/?${encodeQuery([[request.service, null], ...request.parameters])}`;
}

/**
 * The request as a line for the guide's shell function. Values are percent-encoded, so that nothing
 * in them can end the quotes or be expanded by the shell; `@` stays readable as in the guide.
 */
export function s3CurlLine(endpoint: string, request: ManagementRequest): string {
  const url = requestUrl(endpoint, request).replaceAll('%40', '@');
  const quoted = /["$`\\!\s]/.test(url) ? shellWord(url) : `"${url}"`;
  const signer = request.asOwner ? `${ownerKeyPlaceholders} ` : '';
  return `${signer}s3_curl ${request.method} ${quoted}`;
}

/** Stands where the operator puts the owner's pair: the names are those of the guide's function. */
const ownerKeyPlaceholders = 's3_key=OWNER_ACCESS_KEY_ID s3_secret=OWNER_SECRET_KEY';

/** One word for a POSIX shell, quoted where it has to be. */
export function shellWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
