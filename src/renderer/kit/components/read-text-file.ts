import { notifications } from '@mantine/notifications';
import { type DecodedText, decodeText } from '#shared/csv.ts';
import { formatBytes } from './format.ts';

const most = 20_000_000;

/** A text file as the operator opened it. */
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
