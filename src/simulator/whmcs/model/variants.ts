/** What differs between installations of WHMCS; see {@link defaultWhmcsVariants}. */
export interface WhmcsVariants {
  version: '7.10' | '8.13' | '9.0';
  /** How numbers are written. */
  numbers: 'number' | 'string';
  /** How a list of nothing is written. */
  empty: 'text' | 'array' | 'object' | 'absent';
  /** How a list of one is written. */
  single: 'array' | 'object' | 'keyed';
  /** Whether texts in answers are encoded as HTML entities. */
  entities: boolean;
  /** What is printed before every answer: nothing, a byte order mark, or a notice of PHP. */
  junk: 'none' | 'bom' | 'notice';
  /** Whether answers without a `status` of their own say it in place of `result`, as samples do. */
  statusForResult: boolean;
  /** Whether lists say how many rows there are. */
  totals: 'sent' | 'absent';
  /** What a list without a match answers: nothing, or an error. */
  noMatch: 'empty' | 'error';
  /** Whether a row is put in before the first page is over, so that later pages shift. */
  shiftRows: boolean;
  /** Whether a row is deleted before the first page is over, so that later pages shift the other way. */
  dropRows: boolean;
  /** The zone of the server: dates and times are written in it, without saying so. */
  zone: 'UTC' | 'UTC+13' | 'UTC-11';
  /** How dates are written. */
  dates: 'iso' | 'localised';
}

/** A current installation that behaves. */
export const defaultWhmcsVariants: WhmcsVariants = {
  version: '9.0',
  numbers: 'number',
  empty: 'text',
  single: 'array',
  entities: false,
  junk: 'none',
  statusForResult: false,
  totals: 'sent',
  noMatch: 'empty',
  shiftRows: false,
  dropRows: false,
  zone: 'UTC',
  dates: 'iso',
};

/** The values each variant can have: for the command line and for tests that try every one. */
export const whmcsVariantChoices: {
  readonly [Name in keyof WhmcsVariants]: readonly WhmcsVariants[Name][];
} = {
  version: ['7.10', '8.13', '9.0'],
  numbers: ['number', 'string'],
  empty: ['text', 'array', 'object', 'absent'],
  single: ['array', 'object', 'keyed'],
  entities: [false, true],
  junk: ['none', 'bom', 'notice'],
  statusForResult: [false, true],
  totals: ['sent', 'absent'],
  noMatch: ['empty', 'error'],
  shiftRows: [false, true],
  dropRows: [false, true],
  zone: ['UTC', 'UTC+13', 'UTC-11'],
  dates: ['iso', 'localised'],
};

/** Milliseconds by which clocks of a zone are ahead of UTC. */
export function offsetOf(zone: WhmcsVariants['zone']): number {
  return Number(zone.slice('UTC'.length)) * 3_600_000;
}

/** What can go wrong between the console and an installation. */
export const whmcsFaultKinds = [
  // the action is carried out and its answer lost
  'drop-after',
  // the action is carried out and its answer never comes
  'hang-after',
  // nothing is carried out
  'drop-before',
  'hang-before',
  'html-403',
  'html-503',
  'html-429',
  'html-200',
  'emitted-previously',
  'invalid-ip',
  'admin-disabled',
  'access-denied',
  'empty-action',
  'error',
] as const;

export interface WhmcsFault {
  kind: (typeof whmcsFaultKinds)[number];
  /** Hits only this action; omitted: every one. */
  action?: string;
  /** Share of the matching requests that are hit, 0 to 1 (1). Drawn from the simulator's seed. */
  probability?: number;
  /** Requests to hit at most; omitted: no end. */
  count?: number;
  /** Matching requests to let pass first (0). */
  skip?: number;
  /** Status of the answer, where it is not the usual one of its kind. */
  status?: number;
  /** What `error` says. */
  message?: string;
}
