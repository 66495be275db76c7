import { fetchedObject, type StatisticsEntry } from '#test/fakes/statistics-object.ts';

/** How much to make up. */
export interface UsageShape {
  /** Unix seconds at which the first period begins. */
  start: number;
  objects: number;
  services: number;
  periodSeconds: number;
  entriesPerObject: number;
  users: number;
  bucketsPerUser: number;
}

/** A small, quick source of numbers that are the same each time. */
function numbers(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Statistics objects in the order of time; each names every `n`th bucket, another `n` each time. */
export function* makeUsage(shape: UsageShape): Generator<ReturnType<typeof fetchedObject>> {
  const { start, objects, services, periodSeconds, entriesPerObject, users, bucketsPerUser } =
    shape;
  const subjects = users * bucketsPerUser;
  const next = numbers(7);
  for (let index = 0; index < objects; index += 1) {
    const service = (0x8000_0000_0000_0065n + BigInt(index % services)).toString(16);
    const begin = start + Math.floor(index / services) * periodSeconds;
    const offset = next() % subjects;
    const entries: StatisticsEntry[] = Array.from({ length: entriesPerObject }, (_, entry) => {
      const subject = (offset + entry * 2) % subjects;
      const user = subject % users;
      return {
        bucket: `bucket-${subject.toString().padStart(6, '0')}`,
        epoch: 98_305,
        userId: (0xb81d_6c5f_0000_0000n + BigInt(user)).toString(16),
        put: next() % 1000,
        get: next() % 10_000,
        list: next() % 100,
        other: next() % 50,
        uploaded: next() * 3,
        downloaded: next() * 11,
      };
    });
    yield fetchedObject(service, begin, periodSeconds, entries);
  }
}
