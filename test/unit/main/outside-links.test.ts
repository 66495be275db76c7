import { describe, expect, it } from 'vitest';
import { mayOpenOutside } from '../../../src/main/trusted-addresses.ts';

describe('mayOpenOutside', () => {
  it("lets the vendors' guides through", () => {
    expect(mayOpenOutside('https://docs.virtuozzo.com/guide.html#s3')).toBe(true);
  });

  it.each([
    'http://docs.virtuozzo.com/',
    'https://docs.virtuozzo.com.example/',
    'https://user:secret@docs.virtuozzo.com/',
    'https://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ms-settings:',
    'not an address',
  ])('refuses %s', (address) => {
    expect(mayOpenOutside(address)).toBe(false);
  });

  it('lets the pages of a saved admin area through, on http as saved, and nothing next to it', () => {
    const areas = ['https://billing.example/whmcs/staff', 'http://127.0.0.1:8080/admin'];
    const may = (address: string): boolean => mayOpenOutside(address, areas);
    expect(may('https://billing.example/whmcs/staff/invoices.php?action=edit&id=7')).toBe(true);
    expect(may('http://127.0.0.1:8080/admin/orders.php?status=Pending')).toBe(true);
    for (const other of [
      'http://billing.example/whmcs/staff/invoices.php',
      'https://billing.example/whmcs/staff-only/invoices.php',
      'https://billing.example/whmcs/staff/../../elsewhere.php',
      'https://billing.example.net/whmcs/staff/invoices.php',
      'https://me:secret@billing.example/whmcs/staff/invoices.php',
      'https://billing.example:8443/whmcs/staff/invoices.php',
      'javascript:https://billing.example/whmcs/staff/',
    ]) {
      expect(may(other), other).toBe(false);
    }
  });
});
