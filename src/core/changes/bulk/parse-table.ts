import { withoutInvisible } from '#shared/plain-text.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import { type CsvRecord, parseCsv } from './csv.ts';
import {
  newUserIn,
  type TableTarget,
  type TargetColumn,
  targetColumns,
  targetFinder,
} from './find-target.ts';
import { changesOf, columnNamed, type TableChange } from './table-columns.ts';

/** An error in a table, by line and column. */
interface TableError {
  line: number;
  column: string;
  message: string;
}

interface TableEntry {
  line: number;
  target: TableTarget;
  name: string;
  changes: TableChange[];
  /** Why, as it was typed; empty where nothing was. */
  reason?: string;
}

/** A line that is omitted; `target` is named as it was typed where it was not found. */
export interface BadLine extends TableEntry {
  errors: TableError[];
}

export interface ParsedTable {
  columns: string[];
  /** Headings without a meaning: their cells are not used. */
  ignored: string[];
  lines: number;
  /** Lines without an error. */
  entries: TableEntry[];
  /** Lines with errors: none of their cells is used. Empty where the head can't be read. */
  bad: BadLine[];
  /** Every error by line: of the header, which affects the whole table, and of bad lines. */
  errors: TableError[];
}

interface Head {
  columns: (string | null)[];
  selectors: TargetColumn[];
}

interface Line {
  line: number;
  cells: Map<string, string>;
}

/**
 * Reads a table and finds its targets in the snapshot. Every error is reported, not only the first; a bad line
 * does not stop the others, a bad head does.
 */
export async function parseTable(text: string, snapshot: Snapshot): Promise<ParsedTable> {
  const records = parseCsv(text);
  if (!Array.isArray(records)) {
    const { line, column, message } = records;
    const error = { line, column: `cell ${column}`, message };
    return { columns: [], ignored: [], lines: 0, entries: [], bad: [], errors: [error] };
  }
  const [first, ...body] = records;
  const errors: TableError[] = lostLetters(records.slice(0, 1));
  const columns = (first?.cells ?? []).map(withoutInvisible);
  const head = readHead(columns, first?.line ?? 1, errors);
  const ignored = columns.filter(
    (name, index) => name !== '' && head !== null && head.columns[index] === null,
  );
  if (head === null || errors.length > 0) {
    return { columns, ignored, lines: body.length, entries: [], bad: [], errors };
  }
  const found: TableError[] = [];
  const lines = body.map((record) => readLine(record, head, found));
  const all = await readEntries(lines, head, snapshot, found);
  // What else is wrong with a line that lost letters follows from that.
  const lost = Map.groupBy(lostLetters(body), ({ line }) => line);
  const wrong = new Map([...Map.groupBy(found, ({ line }) => line), ...lost]);
  return {
    columns,
    ignored,
    lines: body.length,
    entries: all.filter(({ line }) => !wrong.has(line)),
    bad: all.flatMap((entry) => {
      const own = wrong.get(entry.line);
      return own === undefined ? [] : [{ ...entry, errors: own }];
    }),
    errors: [...wrong.values()].flat().sort((left, right) => left.line - right.line),
  };
}

/** Replacement characters: the original letters were lost before the file got here. */
function lostLetters(records: readonly CsvRecord[]): TableError[] {
  return records.flatMap(({ line, cells }) => {
    const at = cells.findIndex((cell) => cell.includes('\uFFFD'));
    if (at < 0) return [];
    const message = `"${cells[at]}" has letters that were lost when the text was read. Open the file here, or save it as UTF-8.`;
    return [{ line, column: `cell ${at + 1}`, message }];
  });
}

function readHead(headings: string[], line: number, errors: TableError[]): Head | null {
  const before = errors.length;
  let columns = headings.map(columnNamed);
  const isTarget = (column: string | null): boolean =>
    targetColumns.some((target) => target === column);
  // "Name" is a bucket's only where no other column names the target.
  const named = headings.filter((name, index) => !isName(name) && isTarget(columns[index] ?? null));
  if (named.length > 0)
    columns = columns.map((column, at) => (isName(headings[at]) ? null : column));
  columns.forEach((column, index) => {
    if (column === null || columns.indexOf(column) === index) return;
    errors.push({ line, column: headings[index] ?? '', message: 'This column appears twice.' });
  });
  const selectors = targetColumns.filter((column) => columns.includes(column));
  if (selectors.length === 0 || (selectors.length > 1 && selectors.includes('bucket'))) {
    const message =
      "The first line has to name the targets by 'email', 'id' or both, or by 'bucket'.";
    errors.push({ line, column: '', message });
  }
  return errors.length > before ? null : { columns, selectors };
}

const isName = (heading: string | undefined): boolean => heading?.toLowerCase() === 'name';

function readLine({ line, cells }: CsvRecord, { columns }: Head, errors: TableError[]): Line {
  const beyond = cells.findIndex((cell, at) => at >= columns.length && cell.trim() !== '');
  if (beyond >= 0) {
    const column = `cell ${beyond + 1}`;
    errors.push({ line, column, message: 'The line has more cells than the header.' });
  }
  const named = columns.flatMap((column, index) =>
    column === null ? [] : [[column, cells[index] ?? ''] as const],
  );
  return { line, cells: new Map(named) };
}

async function readEntries(
  lines: readonly Line[],
  { selectors }: Head,
  snapshot: Snapshot,
  errors: TableError[],
): Promise<TableEntry[]> {
  const find = await targetFinder(
    selectors,
    lines.map(({ cells }) => cells),
    snapshot,
  );
  const taken = new Map<string, number>();
  const entries: TableEntry[] = [];
  for (const { line, cells } of lines) {
    const { changes, errors: wrong } = changesOf(cells);
    errors.push(...wrong.map((error) => ({ line, ...error })));
    const creates = changes.some(({ change }) => change === 'createUser');
    const found = creates ? newUserIn(cells, find) : find(cells);
    if ('message' in found) {
      errors.push({ line, column: found.column, message: found.message });
      entries.push({ line, changes, ...asTyped(cells, selectors) });
      continue;
    }
    const { target, name } = found;
    const key = JSON.stringify(target).toLowerCase();
    const earlier = taken.get(key);
    if (earlier !== undefined) {
      const message = `"${name}" duplicates line ${earlier}.`;
      errors.push({ line, column: selectors[0] ?? '', message });
    } else taken.set(key, line);
    errors.push(...misplaced(target, changes).map((error) => ({ line, ...error })));
    const reason = withoutInvisible(cells.get('reason') ?? '');
    entries.push({ line, target, name, changes, ...(reason === '' ? {} : { reason }) });
  }
  return entries;
}

/** A target that was not found, by the first name that was typed. */
function asTyped(
  cells: ReadonlyMap<string, string>,
  selectors: readonly TargetColumn[],
): Pick<TableEntry, 'target' | 'name'> {
  const typed = selectors.map((column) => withoutInvisible(cells.get(column) ?? ''));
  const name = typed.find((text) => text !== '') ?? 'No target';
  return { target: selectors.includes('bucket') ? { bucket: name } : { user: name }, name };
}

const onlyCreated = {
  column: 'create_user',
  message:
    'The user does not exist yet: a line that creates it does nothing else. Set the rest by a second table, or use Onboard.',
};

function misplaced(
  target: TableTarget,
  changes: TableChange[],
): { column: string; message: string }[] {
  if ('user' in target) return [];
  if ('newUser' in target) return changes.length > 1 ? [onlyCreated] : [];
  const columns: Partial<Record<TableChange['change'], string>> = {
    createAccount: 'create_account',
    generateKey: 'generate_key',
    enable: 'state',
    disable: 'state',
    revokeOldKeys: 'revoke_keys_older_than_days',
  };
  return changes.flatMap(({ change }) => {
    const column = columns[change];
    return column === undefined ? [] : [{ column, message: 'Applies to users only.' }];
  });
}
