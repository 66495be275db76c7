import type { z } from 'zod';
import { collectResult } from '#shared/contract/usage-objects.ts';

/** What a collection did. */
export type CollectResult = z.infer<typeof collectResult>;

/** The result of a collection's task; null while it has none, or where it ended without. */
export function readCollectResult(result: unknown): CollectResult | null {
  const read = collectResult.safeParse(result);
  return read.success ? read.data : null;
}
