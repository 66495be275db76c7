import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { customerMethods } from '#core/customers/store/customer-methods.ts';
import { openCustomerDatabase } from '#core/customers/store/open-customers.ts';

it('customers are found by what begins with the words, then what holds them, then what is near', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ostor-console-test-'));
  const path = join(folder, 'customers.sqlite');
  const methods = customerMethods(openCustomerDatabase(path), path);
  const save = (names: string[], round: number) =>
    methods.savePage({
      ...{ billingId: 'b1', round, services: [] },
      customers: names.map((name, index) => ({
        ...{ name, status: 'Active', ownerEmail: null, currency: null, company: '' },
        ...{ externalId: String(10 * round + index), email: `mail${index}@customer.example` },
      })),
    });
  const found = (search: string, limit = 6) =>
    methods.findCustomers({ search, limit }).map(({ name }) => name);
  save(['The Beacon', 'Beacon Schools', 'Müller & Söhne', 'Northwind'], 1);
  expect(found('beacon')).toEqual(['Beacon Schools', 'The Beacon']);
  expect(found('beacon', 1)).toEqual(['Beacon Schools']);
  expect(found('schools becon')).toEqual(['Beacon Schools']);
  expect(found('mülelr')).toEqual(['Müller & Söhne']);
  expect(found('bacons')).toEqual([]);
  save(['Bacon & Sons'], 2);
  expect(found('sons bacn')).toEqual(['Bacon & Sons']);
  expect(found(' ')).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});
