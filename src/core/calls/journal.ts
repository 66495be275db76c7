import type { HandlersOf } from '#shared/contract/index.ts';
import { exportJournal } from '../changes/journal/export-journal.ts';
import type { Journal } from '../changes/journal/journal.ts';

/** Handlers of `journal.*`. */
export function journalHandlers(journal: Journal): HandlersOf<'journal'> {
  return {
    'journal.list': ({ connectionId, ...query }) => journal.list(connectionId, query),
    'journal.export': ({ connectionId, format, search, filter }) =>
      exportJournal(journal, connectionId, { search, filter }, format),
    'journal.chains': ({ connectionId }) => journal.chains(connectionId),
    'journal.verify': ({ connectionId }) => journal.verify(connectionId),
  };
}
