/**
 * Chromium alone has no schemes of an application's own. A page of `app://console/x` is therefore
 * shown at `http://console.app.localhost/x`: an origin of its own, and a secure context, as with the
 * privileged scheme. The shell sees its own addresses only.
 */
const suffix = '.localhost';

/** Where the browser shows an address of the application; other addresses stay. */
export function toBrowser(address: string, schemes: ReadonlySet<string>): string {
  const { protocol, host, pathname, search, hash } = new URL(address);
  const scheme = protocol.slice(0, -1);
  if (!schemes.has(scheme)) return address;
  return `http://${host}.${scheme}${suffix}${pathname}${search}${hash}`;
}

/** The address as the application knows it. */
export function fromBrowser(address: string, schemes: ReadonlySet<string>): string {
  if (!URL.canParse(address)) return address;
  const { protocol, host, pathname, search, hash } = new URL(address);
  if (protocol !== 'http:' || !host.endsWith(suffix)) return address;
  const parts = host.slice(0, -suffix.length).split('.');
  const scheme = parts.pop() ?? '';
  return schemes.has(scheme)
    ? `${scheme}://${parts.join('.')}${pathname}${search}${hash}`
    : address;
}
