// Writes the lists of a cluster as its gateway would send them, from a program of its own: what that
// leaves to be collected would be collected in the middle of what a benchmark measures.
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { seeded } from './lists-data.ts';

const words = ['backup', 'media', 'logs', 'archive', 'photos', 'data', 'staging', 'billing'];

const [usersPath = '', users = '', bucketsPath = '', buckets = ''] = process.argv.slice(2);
const random = seeded(20260721);
const ids = Array.from({ length: Number(users) }, () => hexadecimal(random, 16));
await writeList(usersPath, 'Users', ids.length, (index) => ({
  UserEmail: `${word(random)}.${index}@tenant-${Math.floor(random() * 5000)}.example.com`,
  UserId: ids[index],
  State: random() < 0.05 ? 'disabled' : 'enabled',
  OwnerId: '0000000000000000',
  Flags: index === 0 ? ['system'] : [],
}));
await writeList(bucketsPath, 'Buckets', Number(buckets), (index) => {
  const current = random() < 0.1 ? 0 : Math.floor(random() ** 4 * 1e13);
  return {
    name: `${word(random)}-${hexadecimal(random, 6)}-${index}`,
    epoch: 0,
    creation_date: new Date(1.5e12 + Math.floor(random() * 2.5e11)).toISOString(),
    owner_id: ids[Math.floor(random() * ids.length)],
    size: {
      current,
      hmax: current + Math.floor(random() * 1e9),
      h_integral: Math.floor(current * random() * 600),
      last_ts: 424_241 + Math.floor(random() * 70_000),
    },
  };
});

async function writeList(
  path: string,
  key: string,
  length: number,
  entry: (index: number) => unknown,
): Promise<void> {
  const file: WriteStream = createWriteStream(path);
  file.write(`{"${key}":[`);
  for (let start = 0; start < length; start += 1000) {
    const count = Math.min(1000, length - start);
    const part = Array.from({ length: count }, (_, index) => JSON.stringify(entry(start + index)));
    if (!file.write((start === 0 ? '' : ',') + part.join(','))) await once(file, 'drain');
  }
  file.end(']}');
  await finished(file);
}

function word(random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? '';
}

function hexadecimal(random: () => number, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}
