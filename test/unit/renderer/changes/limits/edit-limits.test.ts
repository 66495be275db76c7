import { expect, test } from 'vitest';
import { limitsToSend, readRate } from '#renderer/changes/limits/edit-limits.tsx';

const unlimited = { unlimited: true, text: '' };
const none = {
  opsDefault: unlimited,
  opsGet: unlimited,
  opsPut: unlimited,
  opsList: unlimited,
  opsDelete: unlimited,
  bandwidthOut: unlimited,
};

test('a rate has two decimals at most, and zero is said by name', () => {
  const entered = (text: string) => readRate({ unlimited: false, text }, 'ops/s').error;
  expect(readRate({ unlimited: false, text: '12,50' }, 'ops/s')).toEqual({ value: '12.5' });
  expect(entered('12.505')).toMatch(/12505 or 12.505/);
  expect(entered('0,505')).toMatch(/2 decimals/);
  expect(entered('-3')).toMatch(/minus/);
  expect(entered('0')).toMatch(/unlimited/);
  expect(entered('')).toMatch(/Enter/);
  expect(readRate({ unlimited: true, text: 'left over' }, 'ops/s').error).toBeUndefined();
});

test('where none are set only those that limit are named', () => {
  const entries = { ...none, opsGet: { unlimited: false, text: ' 40 ' } };
  expect(limitsToSend(entries, false)).toEqual({ opsGet: '40' });
});

test('where they are set all six are handed over; core sends those that differ', () => {
  const entries = { ...none, bandwidthOut: { unlimited: false, text: '1024' } };
  expect(limitsToSend(entries, true)).toEqual({
    opsDefault: '0',
    opsGet: '0',
    opsPut: '0',
    opsList: '0',
    opsDelete: '0',
    bandwidthOut: '1024',
  });
});

test('own limits without any limit are set as one that is unlimited', () => {
  expect(limitsToSend(none, false)).toEqual({ opsDefault: '0' });
});

test('a rate takes a change of the one there is', () => {
  const of = (text: string, current: string | null) =>
    readRate({ unlimited: false, text, current }, 'ops/s');
  expect(of('+10 %', '100')).toEqual({ value: '110' });
  expect(of('-0,5', '12.75')).toEqual({ value: '12.25' });
  expect(of('+10 %', null).error).toMatch(/no value/);
});
