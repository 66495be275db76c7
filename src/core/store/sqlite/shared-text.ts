/**
 * Text as UTF-8 in memory that threads share. Megabytes of it pass through the main thread without being
 * copied there, where a string would be copied twice.
 */
export type SharedText = SharedArrayBuffer;

export function shareText(text: string): SharedText {
  const shared = new SharedArrayBuffer(Buffer.byteLength(text));
  Buffer.from(shared).write(text);
  return shared;
}

/** Returns a string of its own: to be called in the thread that needs the text. */
export const readShared = (shared: SharedText): string => Buffer.from(shared).toString();
