/** The formats of reports and statements. */
export const exportFormats = [
  { value: 'csv', label: 'CSV' },
  { value: 'json', label: 'JSON' },
  { value: 'parquet', label: 'Parquet' },
] as const;

/** One of {@link exportFormats}. */
export type ExportFormat = (typeof exportFormats)[number]['value'];
