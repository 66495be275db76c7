import { expect, type Page } from '@playwright/test';
import { callValue } from './call-console.ts';

/** Collects the statistics of a cluster by the console's own call and waits until it is done. */
export async function collectStatistics(page: Page, connectionId: string): Promise<void> {
  const { taskId } = await callValue(page, 'usage.collect', { connectionId });
  await expect
    .poll(async () => (await callValue(page, 'tasks.get', { taskId })).state)
    .toBe('succeeded');
  await callValue(page, 'tasks.markRead', { taskId });
}

/** Saves a tariff that charges for storage and for bytes out. */
export async function saveTariff(page: Page, connectionId: string): Promise<void> {
  await callValue(page, 'tariffs.save', {
    connectionId,
    tariff: {
      name: 'Standard',
      currency: 'EUR',
      minorDigits: 2,
      gigabyte: 'decimal',
      prices: [
        {
          validFrom: '2020-01-01',
          storedPerGbHour: '0.00315',
          downloadedPerGb: '4.5',
          uploadedPerGb: '0',
          putPerThousand: '0.5',
          getPerThousand: '0.04',
          listPerThousand: '0.5',
          otherPerThousand: '0',
        },
      ],
      free: {
        storedGbHours: 0,
        downloadedGb: 10,
        uploadedGb: 0,
        put: 0,
        get: 0,
        list: 0,
        other: 0,
      },
    },
  });
}
