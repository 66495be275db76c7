import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { create } from 'zustand';
import { type DecodedText, decodeText } from '#shared/csv.ts';
import { formatBytes } from './format.ts';

const most = 20_000_000;

export interface OpenedFile extends DecodedText {
  name: string;
}

/** Reads a text file in whichever encoding; says why and yields null where it can't. */
export async function readTextFile(file: File): Promise<OpenedFile | null> {
  if (file.size > most) {
    notifications.show({
      color: 'red',
      title: `${file.name} is too large`,
      message: `It has ${formatBytes(BigInt(file.size))}; at most ${formatBytes(BigInt(most))} can be opened.`,
    });
    return null;
  }
  try {
    return { name: file.name, ...decodeText(new Uint8Array(await file.arrayBuffer())) };
  } catch {
    notifications.show({
      color: 'red',
      title: `${file.name} could not be read`,
      message: 'It may have been moved or changed; open it again.',
    });
    return null;
  }
}

/** A file that was dropped on the window or opened from outside, until the page for it takes it. */
const useArrived = create<{ file: OpenedFile | null }>()(() => ({ file: null }));

export function isPlanFile(name: string): boolean {
  return /\.(ostorplan|json)$/i.test(name);
}

/** Leaves a file for the page that opens its kind. */
export function leaveFile(file: OpenedFile): void {
  useArrived.setState({ file });
}

export function useArrivedFile(kind: 'plan' | 'table', onFile: (file: OpenedFile) => void): void {
  const file = useArrived((arrived) => arrived.file);
  useEffect(() => {
    if (!file || isPlanFile(file.name) !== (kind === 'plan')) return;
    useArrived.setState({ file: null });
    onFile(file);
  });
}
