/** Where the desktop shell serves the interface from. */
export const appOrigin = 'app://console';

/**
 * The content security policy of the interface, in either shell: own files only, no inline script,
 * nothing framed, nothing sent anywhere but to the shell that served the page.
 * @param nonce of the answer: style elements that name it may be inline, since the component library
 * writes its theme variables into one
 */
export function contentSecurityPolicy(nonce?: string): string {
  return [...policy, nonce ? `style-src 'self' 'nonce-${nonce}'` : "style-src 'self'"].join('; ');
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
];

/** What is in the built page where each answer has its own nonce. */
export const noncePlaceholder = '__page_nonce__';

/**
 * Headers that every file of the interface is served with, by name.
 * @param nonce of the answer, where it is a page
 */
export function pageHeaders(nonce?: string): Record<string, string> {
  return { ...fixedHeaders, 'content-security-policy': contentSecurityPolicy(nonce) };
}

const fixedHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};
