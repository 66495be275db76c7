/**
 * Text as UTF-8 in memory that threads share. Megabytes of it pass through the main thread without being
 * copied there, where a string would be copied twice.
 */
export type SharedText = SharedArrayBuffer;

/** Puts a text into shared memory. */
export function shareText(text: string): SharedText {
  const shared = new SharedArrayBuffer(Buffer.byteLength(text));
  Buffer.from(shared).write(text);
  return shared;
}

/** Returns the text as a string. Call it in the thread that uses it. */
export const readShared = (shared: SharedText): string => Buffer.from(shared).toString();
