/**
 * What changes or reads single users: run on a gateway that takes nothing but the guide, and on one that
 * takes all. `npm test` runs them on the first alone, which takes nothing that the other one refuses.
 */
export const guideFiles: string[] = [
  'test/integration/operations/bulk-system-users.test.ts',
  'test/integration/operations/command-lines.test.ts',
  'test/integration/operations/inventory.test.ts',
  'test/integration/operations/lost-pairs.test.ts',
];
