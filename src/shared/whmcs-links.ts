/**
 * Pages of the WHMCS admin area. Each function takes its address as it is stored, without a slash at the
 * end, and yields the address of a page in it.
 */
export const whmcsPages = {
  client: (area: string, clientId: string): string =>
    `${area}/clientssummary.php?${new URLSearchParams({ userid: clientId })}`,
  service: (area: string, clientId: string, serviceId: string): string =>
    `${area}/clientsservices.php?${new URLSearchParams({ userid: clientId, id: serviceId })}`,
  invoice: (area: string, invoiceId: string): string =>
    `${area}/invoices.php?${new URLSearchParams({ action: 'edit', id: invoiceId })}`,
  order: (area: string, orderId: string): string =>
    `${area}/orders.php?${new URLSearchParams({ action: 'view', id: orderId })}`,
  pendingOrders: (area: string): string => `${area}/orders.php?status=Pending`,
};

/**
 * Returns the address of the admin area in the one form it is stored and compared in; null where the text
 * is no such address. A page's address that was copied from the browser loses the page.
 */
export function adminAreaOf(text: string): string | null {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  if (url.username !== '' || url.password !== '' || url.hostname === '') return null;
  return `${url.origin}${url.pathname.replace(/\/[^/]*\.php$/, '').replace(/\/+$/, '')}`;
}

/** Returns where WHMCS has its admin area unless somebody renamed it; empty for no address. */
export function usualAdminArea(base: string): string {
  const area = base.trim() === '' ? null : adminAreaOf(base.replace(/\/includes\/api\.php$/, ''));
  if (area === null) return '';
  return /\/admin$/.test(area) ? area : `${area}/admin`;
}

/** Returns whether an address is in an admin area: the same host, in or below its directory. */
export function isInAdminArea(address: string, area: string): boolean {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return `${url.origin}${url.pathname}`.startsWith(`${area}/`);
}
