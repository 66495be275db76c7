/** What is charged for, in the order of a statement's lines. */
export const chargedItems = [
  'stored',
  'downloaded',
  'uploaded',
  'put',
  'get',
  'list',
  'other',
] as const;

export type ChargedItem = (typeof chargedItems)[number];
