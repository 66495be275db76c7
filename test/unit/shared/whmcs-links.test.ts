import { expect, it } from 'vitest';
import { adminAreaOf, usualAdminArea, whmcsPages } from '#shared/whmcs-links.ts';

it.each([
  ['https://billing.example/admin/', 'https://billing.example/admin'],
  ['billing.example/whmcs/staff', 'https://billing.example/whmcs/staff'],
  [
    'https://billing.example/staff/clientssummary.php?userid=7#top',
    'https://billing.example/staff',
  ],
  ['http://127.0.0.1:8080/admin', 'http://127.0.0.1:8080/admin'],
  ['https://me:secret@billing.example/admin', null],
  ['javascript:alert(1)', null],
  ['file:///etc/passwd', null],
  ['not an address', null],
  ['', null],
])('the admin area of %s is %s', (text, area) => {
  expect(adminAreaOf(text)).toBe(area);
});

it.each([
  ['https://billing.example', 'https://billing.example/admin'],
  ['https://billing.example/whmcs/includes/api.php', 'https://billing.example/whmcs/admin'],
  ['https://billing.example/admin', 'https://billing.example/admin'],
  ['  ', ''],
])('below %s it usually is %s', (base, area) => {
  expect(usualAdminArea(base)).toBe(area);
});

it('ids of a billing system can’t leave the page that they are on', () => {
  const area = 'https://billing.example/admin';
  expect(whmcsPages.invoice(area, '7&action=delete')).toBe(
    `${area}/invoices.php?action=edit&id=7%26action%3Ddelete`,
  );
  expect(whmcsPages.service(area, '3', '41')).toBe(`${area}/clientsservices.php?userid=3&id=41`);
});
