/** The supported kinds of proxies, in words. */
export const kindsOfProxies = 'http, https, socks5 or socks4';

const known = /^(https?|socks(4a?|5h?)?):$/;

/**
 * Reads the address of a proxy as people and environments write it: without a scheme it is http.
 * @returns null for what is no address, or of a kind the console does not speak
 */
export function readProxyAddress(text: string): URL | null {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`);
  return url && known.test(url.protocol) && url.hostname !== '' ? url : null;
}

/** An address without its user name and password, for a person to read. */
export function withoutCredentials(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/]*@/i, '$1');
}

/** The user name and password in an address; a percent sign that encodes nothing is one. */
export function credentialsIn({ username, password }: URL): { username: string; password: string } {
  return { username: decode(username), password: decode(password) };
}

function decode(text: string): string {
  return text.replaceAll(/(%[0-9a-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}
