// made at first use: most threads that load this count nothing in words
let rules: Intl.PluralRules | undefined;
let counts: Intl.NumberFormat | undefined;

/** Returns whether a count takes the singular in English. */
function isOne(count: number | bigint): boolean {
  rules ??= new Intl.PluralRules('en');
  return rules.select(Number(count)) === 'one';
}

/** Returns the plural of a noun: `buckets`, `entries`, `boxes`. */
function pluralOf(one: string): string {
  if (/[^aeiou]y$/.test(one)) return `${one.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(one) ? `${one}es` : `${one}s`;
}

/** The noun that agrees with a count: `bucket`, `buckets`; of `entry`, `entries`. */
export function nounOf(count: number | bigint, one: string, many = pluralOf(one)): string {
  return isOne(count) ? one : many;
}

/** A count with its thousands separated: `12,300`. */
export function formatCount(count: number | bigint): string {
  counts ??= new Intl.NumberFormat('en-US');
  return counts.format(count);
}

/** A count with its noun: `1 bucket`, `0 entries`, `12,300 buckets`. */
export function formatCounted(count: number | bigint, one: string, many?: string): string {
  return `${formatCount(count)} ${nounOf(count, one, many)}`;
}

/** The word that agrees with a count: `is` or `are`, `it` or `them`. */
export function agreeing<One extends string, Many extends string>(
  count: number | bigint,
  one: One,
  many: Many,
): One | Many {
  return isOne(count) ? one : many;
}

/** A share of a whole in whole percent, never `0 %` of something nor `100 %` of less than all. */
export function formatShare(share: number): string {
  if (share <= 0) return 'none';
  if (share >= 1) return '100 %';
  return share < 0.01 ? 'less than 1 %' : `${Math.floor(share * 100)} %`;
}
