import { SeededRandom } from '#simulator/model/seeded-random.ts';

/** A bucket as the gateway lists it. */
export function listedBucket(name: string, fields: Record<string, unknown> = {}) {
  const { current = 0, hmax = 0, h_integral = 0, last_ts = 0, ...others } = fields;
  return {
    name,
    epoch: 0,
    creation_date: '2018-05-25T17:12:00.000Z',
    owner_id: 'aa00000000000001',
    size: { current, hmax, h_integral, last_ts },
    ...others,
  };
}

/** A user as the gateway lists it. */
export function listedUser(id: string, email: string, fields: Record<string, unknown> = {}) {
  return {
    UserEmail: email,
    UserId: id,
    State: 'enabled',
    OwnerId: '0000000000000000',
    Flags: [],
    ...fields,
  };
}

/** The bytes of a JSON document, in chunks of many lengths, the same ones each time. */
export async function* inChunks(document: unknown): AsyncGenerator<Uint8Array> {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  const bytes = new TextEncoder().encode(text);
  const random = new SeededRandom(bytes.length);
  for (let start = 0; start < bytes.length; ) {
    const length = 1 + random.below(1999);
    yield bytes.slice(start, start + length);
    start += length;
  }
}

/** Both lists of a refresh. */
export function feedOf(users: unknown[], buckets: unknown[]) {
  return { users: inChunks({ Users: users }), buckets: inChunks({ Buckets: buckets }) };
}
