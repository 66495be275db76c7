import { parseCsv } from './csv.ts';
import type { BulkChange, LookUp } from './source-calls.ts';
import { changesOf, columnNamed, targetColumns } from './table-columns.ts';

/** Something in a table that can't be taken, by line and column. */
export interface TableError {
  line: number;
  column: string;
  message: string;
}

/** One line of a table: its target and what is to be changed. */
export interface TableEntry {
  line: number;
  target: { user: string } | { bucket: string };
  name: string;
  changes: BulkChange[];
}

/** A table as read. */
export interface ParsedTable {
  columns: string[];
  lines: number;
  entries: TableEntry[];
  errors: TableError[];
}

type TargetColumn = (typeof targetColumns)[number];

interface Head {
  columns: (string | null)[];
  selector: TargetColumn;
}

/** Reads a table and finds its targets in the snapshot. Every error is told, not only the first. */
export async function parseTable(text: string, look: LookUp): Promise<ParsedTable> {
  const records = parseCsv(text);
  if (!Array.isArray(records)) {
    const { line, column, message } = records;
    const error = { line, column: `cell ${column}`, message };
    return { columns: [], lines: 0, entries: [], errors: [error] };
  }
  const [first, ...body] = records;
  const errors: TableError[] = [];
  const head = readHead(first?.cells ?? [], first?.line ?? 1, errors);
  const columns = (first?.cells ?? []).map((cell) => cell.trim());
  if (head === null) return { columns, lines: body.length, entries: [], errors };
  const lines = body.map(({ line, cells }) => {
    if (cells.length > head.columns.length) {
      const column = `cell ${head.columns.length + 1}`;
      errors.push({ line, column, message: 'The line has more cells than the head.' });
    }
    const named = head.columns.flatMap((column, index) =>
      column === null ? [] : [[column, cells[index] ?? ''] as const],
    );
    return { line, cells: new Map(named) };
  });
  const find = await targetFinder(head.selector, lines, look);
  const taken = new Map<string, number>();
  const entries: TableEntry[] = [];
  for (const { line, cells } of lines) {
    const name = cells.get(head.selector)?.trim() ?? '';
    const { changes, errors: wrong } = changesOf(cells);
    errors.push(...wrong.map((error) => ({ line, ...error })));
    const target = find(name);
    if (typeof target === 'string') {
      errors.push({ line, column: head.selector, message: target });
      continue;
    }
    const key = JSON.stringify(target);
    const earlier = taken.get(key);
    if (earlier !== undefined) {
      const message = `"${name}" stands in line ${earlier} already.`;
      errors.push({ line, column: head.selector, message });
      continue;
    }
    taken.set(key, line);
    errors.push(...misplaced(target, changes).map((error) => ({ line, ...error })));
    entries.push({ line, target, name, changes });
  }
  errors.sort((left, right) => left.line - right.line);
  return { columns, lines: body.length, entries, errors };
}

function readHead(cells: string[], line: number, errors: TableError[]): Head | null {
  const before = errors.length;
  const columns = cells.map((cell) => columnNamed(cell));
  columns.forEach((column, index) => {
    const shown = cells[index]?.trim() ?? '';
    if (column === null && shown !== '') {
      errors.push({ line, column: shown, message: `There is no column of this name.` });
    } else if (column !== null && columns.indexOf(column) < index) {
      errors.push({ line, column: shown, message: `This column stands there twice.` });
    }
  });
  const selectors = targetColumns.filter((column) => columns.includes(column));
  const [selector] = selectors;
  if (selector === undefined || selectors.length > 1) {
    const message = "The first line has to name exactly one of 'email', 'id' and 'bucket'.";
    errors.push({ line, column: '', message });
  }
  return errors.length > before || selector === undefined ? null : { columns, selector };
}

function misplaced(
  target: TableEntry['target'],
  changes: BulkChange[],
): { column: string; message: string }[] {
  if ('user' in target) return [];
  const columns: Partial<Record<BulkChange['change'], string>> = {
    enable: 'state',
    disable: 'state',
    revokeOldKeys: 'revoke_keys_older_than_days',
  };
  return changes.flatMap(({ change }) => {
    const column = columns[change];
    return column === undefined ? [] : [{ column, message: 'Buckets have no such thing.' }];
  });
}

/** Yields the target of a name, or in words why there is none. */
type FindTarget = (name: string) => TableEntry['target'] | string;

async function targetFinder(
  selector: TargetColumn,
  lines: { cells: Map<string, string> }[],
  { store }: LookUp,
): Promise<FindTarget> {
  const names = lines.map(({ cells }) => cells.get(selector)?.trim() ?? '');
  if (selector === 'bucket') {
    const known = new Set(await store.call('findBuckets', names));
    return (name) => (known.has(name) ? { bucket: name } : missing(name, 'bucket'));
  }
  if (selector === 'id') {
    const ids = names.map((name) => name.toLowerCase());
    const found = await store.call('findUsers', { emails: [], ids });
    const known = new Set(found.map(({ userId }) => userId));
    return (name) =>
      known.has(name.toLowerCase()) ? { user: name.toLowerCase() } : missing(name, 'user');
  }
  const found = await store.call('findUsers', { emails: names, ids: [] });
  const byEmail = Map.groupBy(found, ({ email }) => email);
  return (name) => {
    const [user, second] = byEmail.get(name) ?? [];
    if (!user) return missing(name, 'user');
    if (second) return `More than one user has the e-mail "${name}": name them by id.`;
    return { user: user.userId };
  };
}

function missing(name: string, what: string): string {
  return name === ''
    ? `The line names no ${what}.`
    : `The console knows no ${what} "${name}"; refresh if it is new.`;
}
