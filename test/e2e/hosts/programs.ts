import { inRoot, nodePath } from '../../../scripts/lib/paths.js';

/** The Node that the built console runs on. */
export const nodeProgram: string = nodePath();

/** The repository's folder. */
export const repository: string = inRoot();

/** The path of a built program. */
export function bundle(name: string): string {
  return inRoot('out', 'main', name);
}
