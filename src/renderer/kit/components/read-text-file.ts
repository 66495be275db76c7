import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { create } from 'zustand';
import { longestPack } from '#shared/contract/connections.ts';
import { type DecodedText, decodeText } from '#shared/csv.ts';
import { formatBytes } from './format.ts';

const most = 20_000_000;
/** The largest field pack that core accepts, in bytes. */
const mostOfPack = (longestPack / 4) * 3;

export interface OpenedFile extends Pick<DecodedText, 'text'> {
  name: string;
  /** Base64: a field pack. */
  encoding: DecodedText['encoding'] | 'Base64';
}

/** Reads a text file in any encoding; on failure shows why and yields null. */
export function readTextFile(file: File): Promise<OpenedFile | null> {
  return readUpTo(most, file, async () => decodeText(new Uint8Array(await file.arrayBuffer())));
}

/** Reads a field pack as Base64, any other file as text; on failure shows why and yields null. */
export function readAnyFile(file: File): Promise<OpenedFile | null> {
  return kindOf(file.name) === 'pack' ? readPackFile(file) : readTextFile(file);
}

/** Reads a field pack of any name as Base64; on failure shows why and yields null. */
export function readPackFile(file: File): Promise<OpenedFile | null> {
  return readUpTo(mostOfPack, file, async () => {
    return { text: await toBase64(file), encoding: 'Base64' };
  });
}

/** Returns the bytes of a file in Base64. */
export function toBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

async function readUpTo(
  bytes: number,
  file: File,
  read: () => Promise<Omit<OpenedFile, 'name'>>,
): Promise<OpenedFile | null> {
  if (file.size > bytes) {
    notifications.show({
      color: 'red',
      title: `${file.name} is too large`,
      message: `It has ${formatBytes(BigInt(file.size))}; at most ${formatBytes(BigInt(bytes))} can be opened.`,
    });
    return null;
  }
  try {
    return { name: file.name, ...(await read()) };
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

/** Returns the kind of a file by its extension; each kind has its page. */
export function kindOf(name: string): 'plan' | 'pack' | 'table' {
  if (/\.(ostorplan|json)$/i.test(name)) return 'plan';
  return /\.zip$/i.test(name) ? 'pack' : 'table';
}

/** Leaves a file for the page that opens its kind. */
export function leaveFile(file: OpenedFile): void {
  useArrived.setState({ file });
}

export function useArrivedFile(
  kind: ReturnType<typeof kindOf>,
  onFile: (file: OpenedFile) => void,
): void {
  const file = useArrived((arrived) => arrived.file);
  useEffect(() => {
    if (!file || kindOf(file.name) !== kind) return;
    useArrived.setState({ file: null });
    onFile(file);
  });
}
