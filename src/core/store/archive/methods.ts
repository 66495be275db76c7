import type { DatabaseSync } from 'node:sqlite';
import { makeTemporary, type RowsQuery, selectPart, selectRows } from '../sqlite/select-rows.ts';
import { RecordKeeper } from './file/archive-record.ts';
import { mergeReaders, mergeWriters } from './merge/merge.ts';
import { acceptedGapWriters } from './queries/accepted-gaps.ts';
import { bulkReaders, bulkWriters } from './queries/bulk.ts';
import { busiestReaders } from './queries/busiest-hours.ts';
import { changePlanReaders, changePlanWriters } from './queries/change-plans.ts';
import { coverageReaders } from './queries/coverage.ts';
import { datasetReaders } from './queries/dataset.ts';
import { fileReaders, fileWriters, settingReaders, settingWriters } from './queries/file.ts';
import { ingestWriters } from './queries/ingest.ts';
import { issuedStatementReaders, issuedStatementWriters } from './queries/issued-statements.ts';
import { journalReaders, journalWriters } from './queries/journal.ts';
import { keyCampaignReaders, keyCampaignWriters } from './queries/key-campaigns.ts';
import { listingReaders, listingWriters } from './queries/listing.ts';
import { objectReaders } from './queries/objects.ts';
import { peakReaders } from './queries/peaks.ts';
import { overlapReaders, reportReaders } from './queries/report.ts';
import { sizeReaders, sizeWriters } from './queries/sizes.ts';
import { tariffReaders, tariffWriters } from './queries/tariffs.ts';
import { activityReaders } from './queries/user-activity.ts';
import { variantWriters } from './queries/variants.ts';

/** Every question the archive answers, by topic: a new topic is a file in `queries/` and a line here. */
export function readerMethods(database: DatabaseSync, path: string) {
  return {
    ...fileReaders(database, path),
    ...settingReaders(database),
    ...journalReaders(database, path),
    ...mergeReaders(database, path),
    ...bulkReaders(database),
    ...keyCampaignReaders(database),
    ...changePlanReaders(database),
    ...listingReaders(database),
    ...objectReaders(database),
    ...reportReaders(database),
    ...overlapReaders(database),
    ...peakReaders(database),
    ...busiestReaders(database),
    ...coverageReaders(database),
    ...datasetReaders(database),
    ...sizeReaders(database),
    ...activityReaders(database),
    ...tariffReaders(database),
    ...issuedStatementReaders(database),
    selectRows: (query: RowsQuery) => selectRows(database, query),
    selectPart: (query: RowsQuery) => selectPart(database, query),
    makeTemporary: (queries: readonly RowsQuery[]) => makeTemporary(database, queries),
  };
}

/**
 * Every write of the archive, by topic. Each runs in one transaction; the record next to the file is
 * written before the call returns.
 */
export function writerMethods(database: DatabaseSync, path: string) {
  const writers = {
    ...settingWriters(database),
    ...journalWriters(database, path),
    ...mergeWriters(database),
    ...bulkWriters(database),
    ...keyCampaignWriters(database),
    ...changePlanWriters(database),
    ...listingWriters(database),
    ...ingestWriters(database),
    ...variantWriters(database),
    ...acceptedGapWriters(database, path),
    ...sizeWriters(database),
    ...tariffWriters(database),
    ...issuedStatementWriters(database, path),
  };
  return { ...recorded(writers, new RecordKeeper(database, path)), ...fileWriters(database, path) };
}

type Writers = Record<string, (input: never, ...rest: never[]) => unknown>;

function recorded<Methods extends Writers>(methods: Methods, record: RecordKeeper): Methods {
  const entries = Object.entries(methods).map(([name, method]) => [
    name,
    (...all: Parameters<typeof method>) => {
      const result = method(...all);
      record.keep();
      return result;
    },
  ]);
  return Object.fromEntries(entries) as Methods;
}

export type ArchiveReaders = ReturnType<typeof readerMethods>;
export type ArchiveWriters = ReturnType<typeof writerMethods>;
