import { useEffect } from 'react';
import { create } from 'zustand';
import type { OpenedFile } from './read-text-file.ts';

/** A file that was dropped on the window or opened from outside, until the page for it takes it. */
const useArrived = create<{ file: OpenedFile | null }>()(() => ({ file: null }));

/** Whether a file's name is that of a change plan. */
export function isPlanFile(name: string): boolean {
  return /\.(ostorplan|json)$/i.test(name);
}

/** Leaves a file for the page that opens its kind. */
export function leaveFile(file: OpenedFile): void {
  useArrived.setState({ file });
}

/** Takes a file that arrived, of the kind that the page opens. */
export function useArrivedFile(kind: 'plan' | 'table', onFile: (file: OpenedFile) => void): void {
  const file = useArrived((arrived) => arrived.file);
  useEffect(() => {
    if (!file || isPlanFile(file.name) !== (kind === 'plan')) return;
    useArrived.setState({ file: null });
    onFile(file);
  });
}
