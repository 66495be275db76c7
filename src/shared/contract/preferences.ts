import { z } from 'zod';
import { defineCall, nothing } from './define.ts';

/** Characters of JSON that one preference may take. */
const longestPreference = 32_768;

/** The narrowest and widest the detail panel gets, in pixels. */
export const detailWidthLimits = { least: 420, most: 720 } as const;

/** How a list of one cluster is laid out. Columns that are not named have their default. */
const columnLayout = z.object({
  order: z.array(z.string()),
  widths: z.record(z.string(), z.number().min(0)),
  visible: z.record(z.string(), z.boolean()),
});

/** A list as it was once laid out: filters, search, sort and columns under a name. */
const savedView = z.object({
  id: z.string(),
  name: z.string(),
  /** Null: offered on every cluster. */
  connectionId: z.string().nullable(),
  /** Page under the cluster's address: `users`. */
  page: z.string(),
  /** What is after the page in the address, without the open row. */
  query: z.string(),
  /** Key of the list's columns, without the connection. */
  table: z.string(),
  layout: columnLayout,
});

/** Something the command palette did or led to. */
const recent = z.object({
  id: z.string(),
  label: z.string(),
  description: z.string().optional(),
  /** Where it led; omitted: an entry of that id does it. */
  path: z.string().optional(),
});

/** Kept whole under their own name. */
export const wholePreferences = z.object({
  theme: z.enum(['auto', 'light', 'dark']),
  density: z.enum(['compact', 'comfortable']),
  /** Which clock times on screen follow. Hover always shows UTC. */
  clock: z.enum(['local', 'utc']),
  railFolded: z.boolean(),
  /** Width of the detail panel in pixels. */
  detailWidth: z.number().min(detailWidthLimits.least).max(detailWidthLimits.most),
  /** The cluster that was on screen last; opened at the next start. */
  lastConnectionId: z.string().nullable(),
  /** Clusters that were on screen, the last one first. */
  recentConnectionIds: z.array(z.string()),
  /** What the command palette did or led to last, the latest first. */
  recent: z.array(recent),
});

/** Kept one by one, `<name>/<what it is of>`: windows change them independently of each other. */
const partPreferences = z.object({
  /** By id. */
  views: savedView,
  /** By `<connection>/<table>`, and `<connection>/<table>/view/<id>` while a view is open. */
  columns: columnLayout,
  /** By connection. */
  firstStepsDismissed: z.literal(true),
});

export type ColumnLayout = z.output<typeof columnLayout>;
export type SavedView = z.output<typeof savedView>;
export type Recent = z.output<typeof recent>;
export type WholePreferences = z.output<typeof wholePreferences>;

const shapes: Readonly<Record<string, z.ZodType>> = {
  ...wholePreferences.shape,
  ...Object.fromEntries(
    Object.entries(partPreferences.shape).map(([name, shape]) => [`${name}/`, shape]),
  ),
};

/** What is wrong with a preference; nothing where the console can work with it. */
function preferenceIssues(key: string, value: unknown): z.core.$ZodIssue[] {
  const name = key.replace(/\/.*/s, '/');
  const shape = Object.hasOwn(shapes, name)
    ? shapes[name]
    : z.never('no preference of this console');
  return shape?.safeParse(value).error?.issues ?? [];
}

/** Returns whether a preference is one that the console can work with: a file may hold anything. */
export function isPreference(key: string, value: unknown): boolean {
  return preferenceIssues(key, value).length === 0;
}

/** `theme`, `views/<id>`, `columns/<connection>/<table>`. */
const preferenceKey = z.string().regex(/^[a-z][A-Za-z0-9._:/-]{0,199}$/);

/** By key: what the file holds, also where no console of this version wrote it. */
export const preferenceValues = z.record(preferenceKey, z.unknown());

const preferenceChanges = z
  .record(preferenceKey, z.unknown().refine(isShortJson, 'a shorter value'))
  .check(({ value, issues }) => {
    for (const [key, one] of Object.entries(value)) {
      if (one === null) continue;
      for (const { message, path } of preferenceIssues(key, one)) {
        issues.push({ code: 'custom', message, path: [key, ...path], input: one });
      }
    }
  });

function isShortJson(value: unknown): boolean {
  try {
    return JSON.stringify(value).length <= longestPreference;
  } catch {
    return false; // no JSON at all
  }
}

/**
 * What the operators of this console selected about its interface: theme, columns, saved views. Core
 * keeps it, whichever window or port it is read from.
 */
export const preferencesContract = {
  'preferences.get': defineCall({ input: z.object({}), output: preferenceValues }),
  /** Changes the named preferences alone; null takes one away. Answers once they are on disk. */
  'preferences.set': defineCall({
    input: z.object({ changes: preferenceChanges }),
    output: nothing,
    writes: true,
  }),
};
