import { describe, expect, it } from 'vitest';
import { catalogue } from '#core/changes/operations/catalogue/index.ts';
import { contract } from '#shared/contract/index.ts';
import { operationNames } from '#shared/contract/operations.ts';

const domains = /^(users|keys|accounts|buckets|limits|quotas)\./;

describe('the description of the operations', () => {
  it('has a row for every writing call of the management domains, and for nothing else', () => {
    const writing = Object.entries(contract)
      .filter(([name, call]) => domains.test(name) && call.writes)
      .map(([name]) => name);
    expect(Object.keys(catalogue).sort()).toEqual(writing.sort());
    expect([...operationNames].sort()).toEqual(writing.sort());
  });

  it.each(operationNames)('names %s as its row does, with a verb for the button', (name) => {
    const operation = catalogue[name];
    expect(operation.name).toBe(name);
    expect(operation.title).toMatch(/^[A-Z][a-z]+( [a-z]+)+$/);
    expect(operation.topics.length).toBeGreaterThan(0);
    expect(operation.destructive).toBe(/remove|disable|revoke/.test(name));
  });
});
