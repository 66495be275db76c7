/** Decimals of currencies that ISO 4217 gives others than two. */
const otherDecimals: readonly [decimals: number, currencies: string][] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

/** Returns the decimals of a currency by ISO 4217: 2 for `EUR`, 0 for `JPY`. */
export function currencyDecimals(currency: string): number {
  const other = otherDecimals.find(([, currencies]) => currencies.split(' ').includes(currency));
  return other?.[0] ?? 2;
}
