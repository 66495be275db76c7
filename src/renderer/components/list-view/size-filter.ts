import type { ListFilter } from './filters.ts';

const gibibyte = 1024 ** 3;

/** Narrows a list to what holds so many GiB or more. Its value becomes bytes by `minBytes`. */
export const sizeFilter: ListFilter = {
  id: 'size',
  label: 'Size',
  options: [
    { value: '1', label: '1 GiB or more' },
    { value: '100', label: '100 GiB or more' },
    { value: '1024', label: '1 TiB or more' },
    { value: '10240', label: '10 TiB or more' },
  ],
  ownNumber: {
    label: 'At least',
    unit: 'GiB',
    // so many bytes are exact in a number still
    most: 2 ** 23 - 1,
    words: (size) => `${size} GiB or more`,
  },
};

/**
 * The part of a list's filter that a set size filter stands for; nothing where none is set.
 * @param size GiB, as in the address
 */
export function minBytes(size: string | undefined): { minBytes?: number } {
  return size ? { minBytes: Number(size) * gibibyte } : {};
}
