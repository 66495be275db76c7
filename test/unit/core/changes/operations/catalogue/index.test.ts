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
});
