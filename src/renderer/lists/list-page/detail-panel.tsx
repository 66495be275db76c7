import { ActionIcon } from '@mantine/core';
import { IconArrowDown, IconArrowsDiagonal, IconArrowUp, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { detailWidthLimits } from '#shared/contract/preferences.ts';
import { useShortcut } from '../../kit/shortcuts.ts';
import { usePreferences } from '../../kit/stores/preferences.ts';
import classes from './list-view.module.css';

const { least, most } = detailWidthLimits;
const widthStep = 20;

/** The panel on the right of a list: resizable at its left edge, with ways to move, widen and close. */
export function DetailPanel(props: {
  label: string;
  onMove(step: 1 | -1): void;
  onOpenFull?: (() => void) | undefined;
  onClose(): void;
  children: ReactNode;
}) {
  const width = usePreferences((preferences) => preferences.detailWidth);
  const body = useRef<HTMLElement>(null);
  useShortcut('F6', () => {
    const inside = body.current?.parentElement?.contains(document.activeElement) === true;
    const list = document.querySelector<HTMLElement>('main [role="grid"]');
    (inside ? list : body.current)?.focus();
  });
  return (
    <aside className={classes.panel} aria-label={props.label} style={{ width }}>
      <PanelResizer width={width} />
      <div className={classes.panelTools}>
        <Tool
          label="Previous row (K)"
          icon={<IconArrowUp size={15} />}
          onClick={() => props.onMove(-1)}
        />
        <Tool
          label="Next row (J)"
          icon={<IconArrowDown size={15} />}
          onClick={() => props.onMove(1)}
        />
        <span className={classes.space} />
        {props.onOpenFull && (
          <Tool
            label="Open as a page (Ctrl Enter)"
            icon={<IconArrowsDiagonal size={15} />}
            onClick={props.onOpenFull}
          />
        )}
        <Tool label="Close (Esc)" icon={<IconX size={15} />} onClick={props.onClose} />
      </div>
      <section
        ref={body}
        className={classes.panelBody}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={`${props.label}, content`}
      >
        {props.children}
      </section>
    </aside>
  );
}

function Tool(props: { label: string; icon: ReactNode; onClick: () => void }) {
  return (
    <ActionIcon size={26} aria-label={props.label} data-hint={props.label} onClick={props.onClick}>
      {props.icon}
    </ActionIcon>
  );
}

function PanelResizer({ width }: { width: number }) {
  const set = usePreferences((preferences) => preferences.set);
  const setWidth = (next: number) =>
    set({ detailWidth: Math.round(Math.max(least, Math.min(most, next))) });
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const right = event.currentTarget.parentElement?.getBoundingClientRect().right ?? 0;
    setWidth(right - event.clientX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step =
      event.key === 'ArrowLeft' ? widthStep : event.key === 'ArrowRight' ? -widthStep : 0;
    if (step === 0) return;
    event.preventDefault();
    setWidth(width + step);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a splitter that moves is no <hr>
    <div
      className={classes.panelResizer}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the panel"
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={onKeyDown}
    />
  );
}
