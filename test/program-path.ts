import { fileURLToPath } from 'node:url';

/**
 * The file of a program that a test starts as its own process: bundled in tests, the source elsewhere.
 * @param callerUrl the caller's `import.meta.url`
 * @param path from the caller, `./bulk-child.ts`
 */
export function programPath(callerUrl: string, path: string): string {
  return fileURLToPath(new URL(path, callerUrl));
}
