/** Returns whether a host is this machine: requests to it do not leave it. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(localhost|\[?::1\]?|127(\.\d{1,3}){3})$/.test(hostname);
}

/**
 * Returns whether what is sent to an address travels in clear: plain http to another machine. Signature V2
 * signs neither parameters nor body, and anyone on the network path can read keys and change requests.
 */
export function travelsInClear(address: string): boolean {
  const url = URL.parse(address.trim());
  return url?.protocol === 'http:' && !isLoopbackHost(url.hostname);
}
