import type { CallOutput } from '#shared/contract/index.ts';
import { downloadFile } from './export-csv.ts';

/** Hands a file that core made to the operator; one that was written elsewhere is left there. */
export function saveExport(file: CallOutput<'usage.export'>): void {
  if (file.text !== undefined) downloadFile(file.fileName, file.text, file.mediaType);
  else if (file.base64 !== undefined) {
    downloadFile(file.fileName, Uint8Array.from(atob(file.base64), charCode), file.mediaType);
  }
}

function charCode(character: string): number {
  return character.charCodeAt(0);
}
