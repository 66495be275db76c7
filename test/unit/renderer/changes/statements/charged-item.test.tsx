import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { ChargedQuantity } from '#renderer/changes/statements/charged-item.tsx';
import type { Line } from '#renderer/changes/statements/line-source.ts';
import { fakeUsage } from '#test/fakes/fake-usage.ts';
import { renderPart } from '../../render-console.tsx';

it('shows a quantity as the document for the customer has it: rounded down', () => {
  const line: Line = {
    ...({ item: 'downloaded', unit: 'GB' } as const),
    ...{ price: '0.01', amount: 13, billableUnits: '1324.547999' },
    ...{ quantity: '1334547999999', free: '10000000000', billable: '1324547999999' },
    ...{ from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
  };
  renderPart(fakeUsage(), <ChargedQuantity line={line} statement={{ gigabyte: 'decimal' }} />);
  expect(screen.getByText('1,324.547')).toBeVisible();
  expect(screen.getByText('1,334.547 GB used, 10 GB included')).toBeVisible();
});
