// `npm test` takes a part of each long proof, the same in each run; `npm run soak` sets PROOFS to a seed
// and runs the files that import this, or draw values, whole.
const { PROOFS } = process.env;

/** Of what is drawn at random: the same in each run of `npm test`. */
export const seed = Number(PROOFS ?? 1);

/** Returns how much of a proof is run: `inTests` as part of `npm test`, `whole` in a soak. */
export function part<Amount>(inTests: Amount, whole: Amount): Amount {
  return PROOFS === undefined ? inTests : whole;
}

/**
 * Returns the columns that a row of a matrix meets: one in `oneIn`, others in the next row, so that
 * `oneIn` rows in succession meet every column.
 * @throws where none is left for the row
 */
export function partOf<Column>(columns: readonly Column[], row: number, oneIn: number): Column[] {
  const own = columns.filter((_column, position) => (position + row) % oneIn === 0);
  if (own.length === 0) throw new Error(`No column is left for row ${row}.`);
  return own;
}
