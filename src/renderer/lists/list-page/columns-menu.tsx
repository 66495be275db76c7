import { ActionIcon, Checkbox, Chip, Popover, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns3 } from '@tabler/icons-react';
import { QuietButton } from '../../kit/components/buttons.ts';
import { type ActionOnScreen, useOfferOnScreen } from '../../kit/stores/on-screen.ts';
import type { ColumnPreset } from '../table/columns.ts';
import type { ColumnLayoutState } from '../table/use-column-layout.ts';
import classes from './list-view.module.css';

/** Shows which columns are shown and in which order; the first one stays first. */
export function ColumnsMenu<Row>(props: {
  layout: ColumnLayoutState<Row>;
  presets?: readonly ColumnPreset[];
}) {
  const { layout, presets = [] } = props;
  useOfferOnScreen(() => columnActions(layout, presets));
  return (
    <Popover position="bottom-end" width={260} trapFocus>
      <Tooltip label="Columns">
        <Popover.Target>
          <ActionIcon aria-label="Columns">
            <IconColumns3 size={16} />
          </ActionIcon>
        </Popover.Target>
      </Tooltip>
      <Popover.Dropdown aria-label="Columns" p={8} className={classes.columns}>
        {presets.length > 0 && (
          <Chip.Group
            value={presets.find((preset) => isShown(layout, preset))?.name ?? null}
            onChange={(name) => {
              const preset = presets.find((one) => one.name === name);
              if (preset) layout.show(preset.columns);
            }}
          >
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would have a frame */}
            <div role="group" aria-label="Column sets" className={classes.presets}>
              {presets.map(({ name }) => (
                <Chip key={name} value={name} size="xs">
                  {name}
                </Chip>
              ))}
            </div>
          </Chip.Group>
        )}
        {layout.all.map(({ column, visible }, position) => (
          <div key={column.id} className={classes.columnRow}>
            <Checkbox
              label={column.header}
              checked={visible}
              disabled={position === 0}
              onChange={(event) => layout.setVisible(column.id, event.currentTarget.checked)}
            />
            <span>
              <ActionIcon
                size={24}
                aria-label={`Move ${column.header} up`}
                disabled={position < 2}
                onClick={() => layout.move(column.id, position - 1)}
              >
                <IconArrowUp size={13} />
              </ActionIcon>
              <ActionIcon
                size={24}
                aria-label={`Move ${column.header} down`}
                disabled={position === 0 || position === layout.all.length - 1}
                onClick={() => layout.move(column.id, position + 1)}
              >
                <IconArrowDown size={13} />
              </ActionIcon>
            </span>
          </div>
        ))}
        <QuietButton mt={4} onClick={layout.reset}>
          Reset columns
        </QuietButton>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What the command palette does to the columns of the list on screen. */
function columnActions<Row>(
  layout: ColumnLayoutState<Row>,
  presets: readonly ColumnPreset[],
): ActionOnScreen[] {
  const actions = [
    ...presets.map(({ name, columns }) => ({
      label: `Column set: ${name}`,
      start: () => layout.show(columns),
    })),
    ...layout.all.slice(1).map(({ column: { id, header }, visible }) => ({
      label: `${visible ? 'Hide' : 'Show'} column: ${header}`,
      start: () => layout.setVisible(id, !visible),
    })),
    ...layout.all
      .slice(1)
      .flatMap(({ column: { id, header } }, index, { length }) => [
        ...(index === 0
          ? []
          : [{ label: `Move column up: ${header}`, start: () => layout.move(id, index) }]),
        ...(index === length - 1
          ? []
          : [{ label: `Move column down: ${header}`, start: () => layout.move(id, index + 2) }]),
      ]),
    { label: 'Reset columns', start: layout.reset },
  ];
  return actions.map((one) => ({ ...one, id: `columns-${one.label}`, ofRow: true, reason: null }));
}

/** Whether a list shows just the columns of a preset, in whichever order. */
function isShown<Row>({ all }: ColumnLayoutState<Row>, { columns }: ColumnPreset): boolean {
  const shown = all.filter(({ visible, column }) => visible && column.id !== 'actions');
  return (
    shown.length === columns.length && shown.every(({ column }) => columns.includes(column.id))
  );
}
