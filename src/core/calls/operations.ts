import type { CallContext, CallOutput, HandlersOf } from '#shared/contract/index.ts';
import { operationNames } from '#shared/contract/operations.ts';
import { toAppError } from '#shared/errors.ts';
import { type AnchorSources, anchorJournal, checkAnchor } from '../changes/journal/anchor.ts';
import { exportJournal } from '../changes/journal/export-journal.ts';
import { catalogue, operationOf } from '../changes/operations/catalogue/index.ts';
import { readingCommandsHandler } from '../changes/operations/command-lines.ts';
import type { OperationEngine } from '../changes/operations/engine.ts';
import {
  type OperationInput,
  type OperationName,
  parseInput,
} from '../changes/operations/operation.ts';
import { previewOperation } from '../changes/operations/preview.ts';
import { recheck } from '../changes/operations/recheck.ts';
import { asOffline } from '../gateway/outcome.ts';

type OperationHandlers = {
  [Name in OperationName]: (
    input: OperationInput<Name>,
    context: CallContext,
  ) => Promise<CallOutput<Name>>;
};

/** Handlers of every management operation: one engine, steered by the description's row. */
export function operationHandlers({ engine }: { engine: OperationEngine }): OperationHandlers {
  const handler =
    <Name extends OperationName>(name: Name) =>
    async (input: OperationInput<Name>, { signal }: CallContext): Promise<CallOutput<Name>> =>
      (await engine.run(name, input, { signal })).value;
  return Object.fromEntries(
    operationNames.map((name) => [name, handler(name)]),
  ) as unknown as OperationHandlers;
}

export function operationsHandlers(
  sources: AnchorSources & { engine: OperationEngine },
): HandlersOf<'operations' | 'journal'> {
  const { engine, clusters, journal } = sources;
  return {
    ...readingCommandsHandler(clusters),
    'operations.catalogue': async () =>
      operationNames.map((operation) => {
        const { title, destructive } = catalogue[operation];
        return { operation, title, destructive };
      }),
    'operations.preview': async ({ connectionId, operation, input }, { signal }) => {
      const own = parseInput(operation, connectionId, input);
      const opened = await engine.contextOf(connectionId, signal);
      try {
        return await previewOperation(operationOf(operation), own, opened);
      } catch (thrown) {
        throw asOffline(toAppError(thrown), 'the target cannot be read');
      }
    },
    'operations.recheck': ({ connectionId, journalId }, { signal }) =>
      recheck(engine, connectionId, journalId, { signal }),
    'journal.list': ({ connectionId, ...query }) => journal.list(connectionId, query),
    'journal.export': ({ connectionId, format, search, filter }) =>
      exportJournal(journal, connectionId, { search, filter }, format),
    'journal.chains': ({ connectionId }) => journal.chains(connectionId),
    'journal.verify': ({ connectionId }) => journal.verify(connectionId),
    'journal.anchor': (input, { signal }) => anchorJournal(sources, input, signal),
    'journal.checkAnchor': (input) => checkAnchor(sources, input),
  };
}
