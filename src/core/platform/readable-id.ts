import { randomBytes } from 'node:crypto';

/**
 * A new id, readable in a folder's name and a log, and never that of something that was removed before.
 * @param fallback stands for a name without a single letter or digit of ASCII
 */
export function readableId(name: string, fallback: string): string {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);
  return `${slug || fallback}-${randomBytes(4).toString('hex')}`;
}
