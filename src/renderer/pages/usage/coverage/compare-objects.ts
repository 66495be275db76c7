import type { CallOutput } from '#shared/contract/index.ts';
import type { WireInteger } from '#shared/units.ts';

type Item = CallOutput<'usage.object'>['items'][number];

/** The figures of an entry, in the order they are compared. */
export const comparedFigures = ['put', 'get', 'list', 'other', 'uploaded', 'downloaded'] as const;

/** One of {@link comparedFigures}. */
export type ComparedFigure = (typeof comparedFigures)[number];

/** One entry of two contents under the same name; null where one has no such entry. */
export interface ComparedItem {
  key: string;
  bucket: string;
  epoch: WireInteger;
  userId: string;
  email: string | null;
  archived: Item | null;
  other: Item | null;
  /** The figures that differ. */
  differing: ReadonlySet<ComparedFigure>;
}

const keyOf = ({ bucket, epoch, userId, tag }: Item): string =>
  JSON.stringify([bucket, String(epoch), userId, tag]);

/** Puts the entries of two contents beside each other; those that differ first. */
export function compareItems(archived: readonly Item[], other: readonly Item[]): ComparedItem[] {
  const others = new Map(other.map((item) => [keyOf(item), item]));
  const known = new Set(archived.map(keyOf));
  const pairs: [Item, Item | null, Item | null][] = [
    ...archived.map((item): [Item, Item, Item | null] => [
      item,
      item,
      others.get(keyOf(item)) ?? null,
    ]),
    ...other
      .filter((item) => !known.has(keyOf(item)))
      .map((item): [Item, null, Item] => [item, null, item]),
  ];
  return pairs
    .map(([item, left, right]) => ({
      key: keyOf(item),
      bucket: item.bucket,
      epoch: item.epoch,
      userId: item.userId,
      email: item.email,
      archived: left,
      other: right,
      differing: new Set(
        comparedFigures.filter(
          (figure) => String(left?.[figure] ?? 0) !== String(right?.[figure] ?? 0),
        ),
      ),
    }))
    .sort((one, two) => Number(two.differing.size > 0) - Number(one.differing.size > 0));
}
