import { describe, expect, it } from 'vitest';
import { ArrivedObjects } from '#core/usage/collect/arrived-objects.ts';
import { statisticsName } from '#test/fakes/statistics-object.ts';

const serviceId = '8000000000000065';
const begin = Date.UTC(2026, 0, 1) / 1000;

function arrived(index: number, bytes: Uint8Array) {
  const start = begin + index * 1800;
  return { name: statisticsName(serviceId, start, 1800), serviceId, start, nominal: 1800, bytes };
}

describe('ArrivedObjects', () => {
  it('yields what came, as it came, in batches of a bounded size', () => {
    const objects = new ArrivedObjects();
    // Pieces of one buffer, as a socket hands them out.
    const read = Uint8Array.from({ length: 3000 }, (_, index) => index % 251);
    const all = Array.from({ length: 300 }, (_, index) =>
      arrived(index, read.subarray(index * 10, index * 10 + 10)),
    );
    for (const object of all) objects.add(object);
    expect(objects.bytes).toBe(3000);
    const first = objects.takeBatch();
    const second = objects.takeBatch();
    expect(first.objects).toHaveLength(256);
    expect([...first.objects, ...second.objects]).toEqual(all);
    expect(objects).toMatchObject({ count: 0, bytes: 0 });
  });

  it('hands the bytes over in buffers that nobody else uses', () => {
    const objects = new ArrivedObjects();
    const shared = new Uint8Array(600_000).fill(7);
    objects.add(arrived(1, new Uint8Array(300_000).fill(1)));
    objects.add(arrived(2, shared.subarray(0, 300_000)));
    objects.add(arrived(3, shared.subarray(0, 20)));
    const batch = objects.takeBatch();
    const { objects: given } = structuredClone(batch, { transfer: batch.transfer });
    expect(given.map(({ bytes }) => [bytes.length, bytes[0], bytes.at(-1)])).toEqual([
      [300_000, 1, 1],
      [300_000, 7, 7],
      [20, 7, 7],
    ]);
    expect(batch.objects.every(({ bytes }) => bytes.byteLength === 0)).toBe(true);
    expect(shared).toHaveLength(600_000);
  });

  it('counts the later of two answers for one name', () => {
    const objects = new ArrivedObjects();
    objects.add(arrived(1, new Uint8Array(8)));
    objects.add(arrived(1, Uint8Array.of(5)));
    expect(objects).toMatchObject({ count: 1, bytes: 1 });
    expect(objects.takeBatch().objects[0]?.bytes).toEqual(Uint8Array.of(5));
  });

  it('says when there are enough for a transaction, by number or by size', () => {
    const objects = new ArrivedObjects();
    for (let index = 0; index < 127; index += 1) objects.add(arrived(index, Uint8Array.of(1)));
    expect(objects.areWorthATransaction).toBe(false);
    objects.add(arrived(127, Uint8Array.of(1)));
    expect(objects.areWorthATransaction).toBe(true);
    objects.takeBatch();
    objects.add(arrived(1, new Uint8Array(4 * 1024 * 1024)));
    expect(objects.areWorthATransaction).toBe(true);
  });
});
