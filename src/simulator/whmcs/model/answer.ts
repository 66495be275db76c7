import type { WhmcsVariants } from './variants.ts';

/** An action that failed: status 200 and the action's own text by default. */
export class ActionError extends Error {
  readonly status: number;

  constructor(message: string, status = 200) {
    super(message);
    this.status = status;
  }
}

/** A list as the API nests it: `{clients: {client: […]}}`. */
export class NestedList {
  readonly singular: string;
  readonly rows: readonly unknown[];

  constructor(singular: string, rows: readonly unknown[]) {
    this.singular = singular;
    this.rows = rows;
  }
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#039;',
};

function listValue(list: NestedList, variants: WhmcsVariants): unknown {
  const rows = list.rows.map((row) => encoded(row, variants));
  if (rows.length === 0) {
    return { text: '', array: [], object: {}, absent: undefined }[variants.empty];
  }
  if (rows.length === 1 && variants.single !== 'array') {
    return { [list.singular]: variants.single === 'object' ? rows[0] : { 0: rows[0] } };
  }
  return { [list.singular]: rows };
}

/** Writes a date day first, as a client area does in most of the world; other texts stay. */
function localised(text: string): string {
  return text.replace(/^(\d{4})-(\d{2})-(\d{2})( \d{2}:\d{2}:\d{2})?$/, '$3/$2/$1$4');
}

/** Writes a value the way the installation does: lists, numbers and texts by its variants. */
function encoded(value: unknown, variants: WhmcsVariants): unknown {
  if (value instanceof NestedList) return listValue(value, variants);
  if (typeof value === 'number') return variants.numbers === 'string' ? String(value) : value;
  if (typeof value === 'string') {
    const text = variants.dates === 'localised' ? localised(value) : value;
    return variants.entities ? text.replaceAll(/[&<>"']/g, (one) => entities[one] ?? one) : text;
  }
  if (Array.isArray(value)) return value.map((one) => encoded(one, variants));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, encoded(member, variants)]),
    );
  }
  return value;
}

const junk = {
  none: '',
  bom: '\ufeff',
  notice: '<br />\n<b>Notice</b>: Undefined index: hook in <b>/includes/hooks.php</b><br />\n',
};

/** Returns the body of an answer, with whatever the installation prints before it. */
export function bodyOf(
  result: 'success' | 'error',
  fields: Record<string, unknown>,
  variants: WhmcsVariants,
): string {
  // the status of an invoice keeps its name
  const name = variants.statusForResult && !('status' in fields) ? 'status' : 'result';
  const answer = { [name]: result, ...(encoded(fields, variants) as object) };
  return `${junk[variants.junk]}${JSON.stringify(answer)}`;
}
