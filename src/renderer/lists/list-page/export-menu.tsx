import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { formatCounted } from '../../kit/components/format.ts';
import { type MenuEntry, useMenuEntries } from '../../kit/components/menu-entries.tsx';
import { optionsOf } from '../../kit/components/options.ts';
import { showFailure, useAction } from '../../kit/use-action.ts';
import { saveExport } from '../table/export-csv.ts';

/** The formats of reports and statements. */
export const exportFormats = optionsOf({
  csv: 'CSV',
  json: 'JSON',
  parquet: 'Parquet, for DuckDB or Spark',
});

export type ExportFormat = (typeof exportFormats)[number]['value'];

/**
 * A menu of formats. Hands over the file that core makes and says which it was.
 * @param props.target replaces the button
 * @param props.counts the noun for what the file holds; omitted, its rows are not counted
 * @param props.further entries below the formats
 */
export function ExportMenu<Format extends string>(props: {
  label?: string;
  variant?: 'filled' | 'default';
  target?: ReactNode;
  heading?: ReactNode;
  formats: readonly { value: Format; label: string }[];
  counts?: 'line' | 'row';
  run(format: Format): Promise<CallOutput<'usage.export'>>;
  further?: readonly MenuEntry[];
}) {
  const {
    label = 'Export',
    variant = 'default',
    target,
    heading,
    formats,
    counts,
    further = [],
  } = props;
  const { run } = useAction(showFailure);
  const download = (format: Format) =>
    run(async () => {
      const file = await props.run(format);
      saveExport(file);
      const what =
        counts === undefined ? 'Exported' : `${formatCounted(file.rows, counts)} exported`;
      notifications.show({ message: `${what} to ${file.fileName}.` });
    });
  const items = useMenuEntries([
    ...formats.map(({ value, label: format }) => ({
      ...{ label: format, verb: `${label} as ${format}`, keywords: 'download save file' },
      start: () => void download(value),
    })),
    ...further,
  ]);
  return (
    <Menu position="bottom-end" width={heading ? 300 : 230}>
      <Menu.Target>
        {target ?? (
          <Button
            variant={variant}
            leftSection={<IconDownload size={14} />}
            rightSection={<IconChevronDown size={14} />}
          >
            {label}
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        {heading && <Menu.Label>{heading}</Menu.Label>}
        {items}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The entry that exports to another place than this computer's downloads. */
export const toElsewhere = (start: () => void): MenuEntry => ({
  label: 'To a folder or bucket…',
  verb: 'Export to a folder or bucket',
  start,
});
