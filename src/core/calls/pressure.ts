import type { HandlersOf } from '#shared/contract/index.ts';
import type { Pressure } from '../attention/pressure.ts';
import type { TemporaryRaises } from '../customers/temporary-raises.ts';

export function pressureHandlers({
  pressure,
  raises,
}: {
  pressure: Pressure;
  raises: TemporaryRaises;
}): HandlersOf<'pressure'> {
  return {
    'pressure.list': (input) => pressure.list(input),
    'pressure.raises': ({ connectionId }) => raises.list(connectionId),
    'pressure.raise': (input) => raises.raise(input),
    'pressure.putBack': (input) => raises.putBack(input),
    'pressure.keep': (input) => raises.keep(input),
  };
}
