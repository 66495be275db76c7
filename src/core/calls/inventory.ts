import type { HandlersOf } from '#shared/contract/index.ts';
import type { Inventories } from '../clusters/inventory/inventories.ts';

/** Handlers of `inventory.*`. */
export function inventoryHandlers({
  inventories,
}: {
  inventories: Inventories;
}): HandlersOf<'inventory'> {
  return {
    'inventory.status': ({ connectionId }) => inventories.status(connectionId),
    'inventory.start': (input) => inventories.start(input),
  };
}
