/** The longest text that a call takes, UTF-16 units: a table of customers. A test holds it to the contract. */
export const longestText = 64_000_000;

/**
 * Largest body taken, bytes: the longest text at three bytes a unit, and what stands around it. Only
 * who has a token gets that far.
 */
export const bodyLimit: number = 3 * longestText + 2 ** 20;
