import type { CallContext, CallOutput, HandlersOf } from '#shared/contract/index.ts';
import { operationNames } from '#shared/contract/operations.ts';
import { toAppError } from '#shared/errors.ts';
import type { BulkService } from '../changes/bulk/bulk-service.ts';
import { type AnchorSources, anchorJournal, checkAnchor } from '../changes/journal/anchor.ts';
import { type EveryJournal, listEverywhere, listOperators } from '../changes/journal/everywhere.ts';
import { exportJournal } from '../changes/journal/export-journal.ts';
import { readingCommandsHandler } from '../changes/operations/catalogue/command-lines.ts';
import { catalogue, operationOf } from '../changes/operations/catalogue/index.ts';
import {
  type OperationInput,
  type OperationName,
  parseInput,
} from '../changes/operations/catalogue/operation.ts';
import type { OperationEngine } from '../changes/operations/engine.ts';
import { previewOperation } from '../changes/operations/preview.ts';
import { recheck } from '../changes/operations/recheck.ts';
import { asOffline } from '../gateway/outcome.ts';

type OfAllClusters = 'journal.everywhere' | 'journal.operators';

/** Handlers that span the journals of all clusters. */
export function everyJournalHandlers(
  sources: EveryJournal,
): Pick<HandlersOf<'journal'>, OfAllClusters> {
  return {
    'journal.everywhere': (input) => listEverywhere(sources, input),
    'journal.operators': ({ connectionId }) => listOperators(sources, connectionId),
  };
}

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
  sources: AnchorSources & { engine: OperationEngine; bulk: Pick<BulkService, 'cachedContext'> },
): Omit<HandlersOf<'operations' | 'journal'>, OfAllClusters> {
  const { engine, bulk, clusters, journal } = sources;
  return {
    ...readingCommandsHandler(clusters),
    'operations.catalogue': async () =>
      operationNames.map((operation) => {
        const { title, destructive } = catalogue[operation];
        return { operation, title, destructive };
      }),
    'operations.preview': async ({ connectionId, operation, input, readFrom }, { signal }) => {
      const own = parseInput(operation, connectionId, input);
      if (readFrom === 'snapshot') {
        return previewOperation(
          operationOf(operation),
          own,
          await bulk.cachedContext(connectionId),
        );
      }
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
