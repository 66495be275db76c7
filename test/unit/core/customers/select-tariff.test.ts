import { expect, it } from 'vitest';
import { selectTariff } from '#core/customers/select-tariff.ts';
import { fakeCustomer } from '#test/fakes/fake-customer.ts';

const of = (tariffId: string | null, planTariffs: string[]) => ({
  ...{ customer: fakeCustomer({ tariffId }), planTariffs, accepted: [], handedOver: [] },
});

it('a statement is made by the customer’s own tariff, else by that of its plan, whatever is asked for', () => {
  expect(selectTariff(of('own', ['gold']), 'asked')).toEqual({
    ...{ tariffId: 'own' },
    reason: 'The customer’s own tariff, used in place of the one asked for.',
  });
  expect(selectTariff(of(null, ['gold']), 'asked').tariffId).toBe('gold');
  expect(selectTariff(of(null, []), 'asked').tariffId).toBe('asked');
});

it('plans with different tariffs ask for one, and take it', () => {
  expect(() => selectTariff(of(null, ['gold', 'silver']), undefined)).toThrow(
    'The plans of "Bob" have different tariffs.',
  );
  expect(selectTariff(of(null, ['gold', 'silver']), 'asked')).toEqual({
    ...{ tariffId: 'asked', reason: 'As asked for: its plans have different tariffs.' },
  });
  expect(() => selectTariff(of(null, []), undefined)).toThrow('Neither "Bob" nor a plan of it');
});
