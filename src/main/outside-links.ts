/** Hosts whose pages the interface links to: the vendors' guides. */
const linkedHosts: ReadonlySet<string> = new Set([
  'docs.virtuozzo.com',
  'support.virtuozzo.com',
  'dl.acronis.com',
  'kb.acronis.com',
  'www.acronis.com',
]);

/** Whether an address may be handed to the operator's browser: https, and a host we link to. */
export function mayOpenOutside(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  return protocol === 'https:' && linkedHosts.has(hostname) && username === '' && password === '';
}
