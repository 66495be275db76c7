import type { HandlersOf } from '#shared/contract/index.ts';
import type { Inventories } from '../clusters/inventory/inventories.ts';

/** Handlers of `sweep.*`. */
export function inventoryHandlers({
  inventories,
}: {
  inventories: Inventories;
}): HandlersOf<'sweep'> {
  return {
    'sweep.status': ({ connectionId }) => inventories.status(connectionId),
    'sweep.start': (input) => inventories.start(input),
  };
}
