import { type QuantityPart, quantityInUnits } from '#shared/billing/charges.ts';
import { type ChargedItem, chargedItems } from '#shared/charged-items.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger } from '#shared/units.ts';
import { formatCount, formatExactBytes, formatFixed } from '../../kit/components/format.ts';

type Statement = CallOutput<'statements.make'>;
type User = Statement['users'][number];
export type Line = User['lines'][number];

/** What a statement says of one item of one user: the lines of all its tiers together. */
export interface SourceLine {
  userId: string;
  item: ChargedItem;
  unit: Line['unit'];
  gigabyte: Statement['gigabyte'];
  from: string;
  to: string;
  /** Base units; null where the line counts several stretches, of which this is one. */
  quantity: bigint | null;
}

/** Decimals of quantities in the unit of a bill, where they are added up. */
const decimals = 6;

/** Returns a quantity in the unit of a bill: `12.500000`. */
export function unitFigure(
  parts: readonly QuantityPart[],
  { unit, gigabyte }: Pick<SourceLine, 'unit' | 'gigabyte'>,
): string {
  return formatFixed(Number(quantityInUnits(parts, unit, { gigabyte })), decimals);
}

/** What 1 GB of a bill is. */
export function gigabyteWords({ gigabyte }: Pick<Statement, 'gigabyte'>): string {
  return gigabyte === 'decimal' ? '1,000,000,000 bytes' : '1,073,741,824 bytes (2^30)';
}

/** Returns what a line is the sum of: one stretch of hours, or several. */
export function sourcesOf(line: Line, user: User, { gigabyte }: Pick<Statement, 'gigabyte'>) {
  const { item, unit, from, to } = line;
  const same = user.lines.filter((other) => other.item === item && other.from === from);
  const quantity = same.reduce((sum, other) => sum + fromWireInteger(other.quantity), 0n);
  const stretches = (user.hours ?? []).flatMap((part): [from: string, to: string][] => {
    const [begin, end] = [[part.from, from].sort()[1] ?? from, [part.to, to].sort()[0] ?? to];
    return begin < end ? [[begin, end]] : [];
  });
  const source = { userId: user.userId, item, unit, gigabyte };
  if (stretches.length < 2) return [{ ...source, from, to, quantity }];
  return stretches.map(([begin, end]) => ({ ...source, from: begin, to: end, quantity: null }));
}

/** Writes a line as the address of what it was added up from holds it. */
export function lineParameter(line: SourceLine): string {
  const { item, unit, gigabyte, from, to, quantity, userId } = line;
  return [item, unit, gigabyte, from, to, quantity ?? '', userId].join('~');
}

const units: readonly Line['unit'][] = ['GB-hour', 'GB-month', 'GB', 'thousand operations'];

/** Reads the line from an address; null where there is none. */
export function readLine(parameters: URLSearchParams): SourceLine | null {
  const [item, unit, gigabyte, from = '', to = '', quantity = '', userId = ''] = (
    parameters.get('line') ?? ''
  ).split('~');
  const known = {
    item: chargedItems.find((one) => one === item),
    unit: units.find((one) => one === unit),
    gigabyte: (['decimal', 'binary'] as const).find((one) => one === gigabyte),
  };
  if (!known.item || !known.unit || !known.gigabyte) return null;
  if (!(Date.parse(from) < Date.parse(to)) || !/^\d{0,40}$/.test(quantity)) return null;
  return {
    ...{ userId, item: known.item, unit: known.unit, gigabyte: known.gigabyte, from, to },
    quantity: quantity === '' ? null : BigInt(quantity),
  };
}

const hourMilliseconds = 3_600_000n;

/** Returns a quantity of a line's item, exactly, in base units: `46,700,160 bytes`. */
export function exactWords(item: ChargedItem, quantity: bigint): string {
  if (item === 'stored') return `${formatCount(quantity / hourMilliseconds)} byte-hours`;
  if (item === 'downloaded' || item === 'uploaded') return formatExactBytes(quantity);
  return `${formatCount(quantity)} operations`;
}

/** Returns a quantity as the bill writes it, with the exact one: `12.500000 GB (12,500,000,000 bytes)`. */
export function lineQuantityWords(line: SourceLine, quantity: bigint): string {
  const exact = exactWords(line.item, quantity);
  if (line.unit === 'thousand operations') return exact;
  const figure = unitFigure([{ from: line.from, quantity: quantity.toString() }], line);
  return `${figure} ${line.unit} (${exact})`;
}
