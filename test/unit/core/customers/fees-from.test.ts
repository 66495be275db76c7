import { expect, it } from 'vitest';
import { feesFrom } from '#core/customers/fees-from.ts';
import { readDay } from '#core/customers/port/read-day.ts';
import { hourToIso, type Tariff } from '#shared/billing/charges.ts';
import { feesOf } from '#shared/billing/fees.ts';

const hours = (time: string): number => Date.parse(time) / 3_600_000;
const november = { fromHour: hours('2026-11-01T00:00Z'), toHour: hours('2026-12-01T00:00Z') };

function tariffOf(baseFee: string, minorDigits = 2, minimum = '0'): Tariff {
  const nothing = { storedPerGbHour: '0', downloadedPerGb: '0', uploadedPerGb: '0' };
  const requests = { putPerThousand: '0', getPerThousand: '0', listPerThousand: '0' };
  return {
    ...{ tariffId: 't', version: 1, savedAt: '2026-01-01T00:00:00.000Z', name: 'Standard' },
    ...{ currency: 'EUR', minorDigits, gigabyte: 'decimal', pricesIn: 'currency' },
    longestSampleGapHours: 24,
    prices: [
      {
        ...{ validFrom: '2020-01-01T00:00:00.000Z', ...nothing, ...requests },
        ...{ otherPerThousand: '0', baseFee, minimum },
      },
    ],
    free: { storedGbHours: 0, downloadedGb: 0, uploadedGb: 0, put: 0, get: 0, list: 0, other: 0 },
  };
}

interface Given {
  /** Of each service of the one user; null: the billing system does not say. */
  registered?: (string | null)[];
  /** When the console created the user. */
  created?: string;
  /** From when on the customer has it. */
  handed?: string;
  listedBefore?: boolean;
  /** From when on the issued statement has fees that keeps the user, another of which was taken back. */
  issuedFrom?: string;
  tariff?: Tariff;
  period?: typeof november;
}

/** The fees of a customer of one user. */
async function feesGiven({ registered = [], created, handed, ...given }: Given) {
  const { tariff = tariffOf('5'), period = november, issuedFrom: issued } = given;
  const user = { connectionId: 'c', userId: 'u' };
  const services = registered.map((registeredOn, index) => ({
    ...{ serviceId: String(index), registeredOn },
  }));
  const users = (services.length === 0 ? [null] : services).map((service) => ({
    ...{ ...user, serviceId: service?.serviceId ?? null },
  }));
  const starts = created === undefined ? [] : [{ userId: 'u', at: Date.parse(created) }];
  const archive = { read: async () => starts } as unknown as Parameters<typeof feesFrom>[0];
  const from = handed === undefined ? null : [{ fromHour: hours(handed), toHour: period.toHour }];
  const { hour: begin, isAssumed } = await feesFrom(archive, {
    customer: { users, serviceList: services } as unknown as Parameters<
      typeof feesFrom
    >[1]['customer'],
    ...{ connectionId: 'c', userIds: ['u'], tariff, period },
    handed: new Map([['u', { hours: from, ...(issued && { feesNotBefore: hours(issued) }) }]]),
    evidence: {
      listedBefore: new Set(given.listedBefore ? ['u'] : []),
      ...{ users: new Map(), starts: new Map() },
    },
  });
  const fees = feesOf(tariff, { ...period, fromHour: begin }, 0n);
  const assumed = isAssumed ? { isAssumed } : {};
  return {
    from: hourToIso(begin).slice(0, 10),
    fees: fees.map(({ amount }) => amount),
    ...assumed,
  };
}

it('begins a base fee on the day on which the service was registered, exactly by days', async () => {
  const registered = ['2026-11-17'];
  // 14 of 30 days
  expect(await feesGiven({ registered })).toEqual({ from: '2026-11-17', fees: [233] });
  const yen = tariffOf('1000', 0);
  expect(await feesGiven({ registered, tariff: yen })).toMatchObject({ fees: [467] });
  const dinars = tariffOf('1.5', 3);
  expect(await feesGiven({ registered, tariff: dinars })).toMatchObject({ fees: [700] });
});

it('costs a leap February its days', async () => {
  const period = { fromHour: hours('2028-02-01T00:00Z'), toHour: hours('2028-03-01T00:00Z') };
  expect(await feesGiven({ registered: ['2028-02-29'], tariff: tariffOf('29'), period })).toEqual({
    ...{ from: '2028-02-29', fees: [100] },
  });
});

it('costs the whole month a service of its first day, or of before', async () => {
  for (const day of ['2026-11-01', '2026-10-31', '2019-02-28']) {
    expect(await feesGiven({ registered: [day] })).toEqual({ from: '2026-11-01', fees: [500] });
  }
});

it('costs a service that was registered and cancelled within a month its days alone', async () => {
  const period = { ...november, toHour: hours('2026-11-20T12:00Z') };
  // three and a half of 30 days
  expect(await feesGiven({ registered: ['2026-11-17'], period })).toMatchObject({ fees: [58] });
});

it('costs nothing before the service, nor a part of the minimum', async () => {
  expect(await feesGiven({ registered: ['2026-12-02'] })).toMatchObject({ fees: [] });
  const tariff = tariffOf('5', 2, '30');
  expect(await feesGiven({ registered: ['2026-11-16'], tariff })).toMatchObject({
    fees: [250, 1250],
  });
});

it('counts the first of several services', async () => {
  const registered = ['2026-11-20', '2026-11-10'];
  expect(await feesGiven({ registered })).toMatchObject({ from: '2026-11-10' });
});

it('begins with the user where no service says when', async () => {
  const created = '2026-11-17T15:20:00Z';
  for (const registered of [[], [null], [null, '2026-11-20']]) {
    expect(await feesGiven({ registered, created })).toMatchObject({ from: '2026-11-17' });
  }
  expect(await feesGiven({ handed: '2026-11-21T09:00Z' })).toMatchObject({ from: '2026-11-21' });
  expect(await feesGiven({ created, listedBefore: true })).toMatchObject({ from: '2026-11-01' });
});

it('is of the whole period where nothing says when, and says that this is assumed', async () => {
  const whole = { from: '2026-11-01', fees: [500] };
  expect(await feesGiven({})).toEqual({ ...whole, isAssumed: true });
  // what is known to be from before is not assumed
  for (const known of [{ listedBefore: true }, { registered: ['2026-11-01'] }]) {
    expect(await feesGiven(known)).toEqual(whole);
  }
  expect(await feesGiven({ handed: '2026-11-01T00:00Z' })).toEqual(whole);
});

it('begins with the issued fees at the earliest, once a user that these may have begun with is out', async () => {
  const issuedFrom = '2026-11-17T00:00Z';
  expect(await feesGiven({ issuedFrom })).toEqual({ from: '2026-11-17', fees: [233] });
  expect(await feesGiven({ issuedFrom, listedBefore: true })).toMatchObject({ fees: [233] });
  const handed = '2026-11-21T00:00Z';
  expect(await feesGiven({ issuedFrom, handed })).toMatchObject({ from: '2026-11-21' });
});

it('asks nothing of a cluster where the customer has no user', async () => {
  const none = {
    customer: { users: [], serviceList: [] } as never,
    connectionId: 'c',
    userIds: [],
  };
  const evidence = { listedBefore: new Set<string>(), users: new Map(), starts: new Map() };
  const rest = { handed: new Map(), evidence, tariff: tariffOf('5') };
  const read = () => Promise.reject(new Error('is not read'));
  const begin = await feesFrom({ read }, { ...none, ...rest, period: november });
  expect(begin).toEqual({ hour: Number.POSITIVE_INFINITY, isAssumed: false });
});

it('reads calendar days alone', () => {
  expect(readDay('2026-11-17')).toBe('2026-11-17');
  expect(readDay('2026-11-17 10:00:00')).toBe('2026-11-17');
  for (const none of ['', '0000-00-00', '2026-02-30', '17/11/2026', '2026-11-171']) {
    expect(readDay(none)).toBeNull();
  }
});
