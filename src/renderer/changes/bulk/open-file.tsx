import { Button } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { kindOf, type OpenedFile, readTextFile } from '../../kit/components/read-text-file.ts';
import classes from './bulk.module.css';

/** A button that opens one text file by the system's file picker. */
export function OpenFileButton(props: {
  label: string;
  accept: string;
  primary?: boolean;
  onOpen(file: OpenedFile): void;
}) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={field}
        type="file"
        hidden
        accept={props.accept}
        aria-label={props.label}
        tabIndex={-1}
        onChange={async (event) => {
          const file = event.currentTarget.files?.[0];
          // The same file can be opened again after it was corrected.
          const opened = file && (await readTextFile(file));
          if (field.current) field.current.value = '';
          if (opened) props.onOpen(opened);
        }}
      />
      <Button
        variant={props.primary ? 'filled' : 'default'}
        leftSection={<IconFolderOpen size={15} />}
        onClick={() => field.current?.click()}
      >
        {props.label}
      </Button>
    </>
  );
}

/** Takes a text file that is dropped on what it holds; a field pack is left to the window, which opens it. */
export function FileDrop(props: {
  onOpen(file: OpenedFile): void;
  className?: string | undefined;
  children: ReactNode;
}) {
  const [over, setOver] = useState(false);
  const onDrop = async (event: DragEvent) => {
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && kindOf(file.name) === 'pack') return;
    event.preventDefault();
    const opened = file && (await readTextFile(file));
    if (opened) props.onOpen(opened);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an alternative to the file picker
    <div
      className={`${classes.drop} ${props.className ?? ''}`}
      data-over={over || undefined}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (
          event.relatedTarget instanceof Node &&
          event.currentTarget.contains(event.relatedTarget)
        )
          return;
        setOver(false);
      }}
      onDrop={onDrop}
    >
      {props.children}
    </div>
  );
}

export type { OpenedFile } from '../../kit/components/read-text-file.ts';
