import { describe, expect, it } from 'vitest';
import type { WhmcsClient } from '#core/customers/whmcs/client.ts';
import { pagesOf } from '#core/customers/whmcs/pages.ts';

interface Asked {
  limitstart: number;
  limitnum: number;
}

const clients = Array.from({ length: 600 }, (_none, index) => ({ id: index + 1 }));

/** A client whose every answer has this total, and pages as `startOf` shifts them. */
function answering(totalresults: number, startOf: (asked: Asked) => number) {
  let requests = 0;
  const read = async (_action: string, asked: Asked) => {
    requests += 1;
    const start = startOf(asked);
    return {
      totalresults,
      clients: { client: clients.slice(start, start + asked.limitnum) },
    };
  };
  return { client: { read } as unknown as WhmcsClient, requests: () => requests };
}

async function idsOf(client: WhmcsClient): Promise<unknown[]> {
  const list = { action: 'GetClients', plural: 'clients', singular: 'client' };
  const ids: unknown[] = [];
  for await (const page of pagesOf(client, list)) ids.push(...page.map(({ id }) => id));
  return ids;
}

describe('a list of WHMCS that says a wrong total', () => {
  it('is read whole where it says fewer than came', async () => {
    const { client } = answering(0, ({ limitstart }) => limitstart);
    expect(await idsOf(client)).toHaveLength(600);
  });

  it('comes to an end where it says more than there are and repeats its last page', async () => {
    const { client, requests } = answering(1e9, ({ limitstart }) => Math.min(limitstart, 500));
    await expect(idsOf(client)).rejects.toMatchObject({ code: 'BILLING_LIST_UNSTABLE' });
    expect(requests()).toBeLessThan(20);
  });
});
