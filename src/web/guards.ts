import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '#shared/errors.ts';

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** A request that the web shell does not answer, with the HTTP status that says so. */
export interface Refusal {
  status: 401 | 403;
  error: AppError;
}

export function refusal(status: Refusal['status'], message: string, hint: string): Refusal {
  return { status, error: new AppError({ code: 'CALLER_REFUSED', message, hint }) };
}

/**
 * Returns whether a request was sent to this shell under a name of this machine alone, by one of its own
 * pages or by no page at all. A foreign page that made its name lead here (DNS rebinding) sends its own
 * Host; one that just sends a request names itself in Origin. The port may differ from ours: a tunnel has
 * its own.
 * @returns null where it may pass
 */
export function checkHostAndOrigin(headers: IncomingHttpHeaders): Refusal | null {
  const host = headers.host ?? '';
  if (!loopbackNames.has(host.replace(/:\d{1,5}$/, '').toLowerCase())) {
    return refusal(
      403,
      'The console answers under the names of this machine only.',
      'Open it at 127.0.0.1 or localhost; from another machine, through an SSH tunnel.',
    );
  }
  const origin = headers.origin;
  const foreignOrigin = origin !== undefined && origin !== `http://${host}`;
  const site = headers['sec-fetch-site'];
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (!foreignOrigin && !foreignSite) return null;
  return refusal(
    403,
    'The request came from another site.',
    "Use the console's own page, or a program that sends no Origin.",
  );
}
