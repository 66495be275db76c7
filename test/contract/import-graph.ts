import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  imports: Record<string, string>;
};

/** One import from a file of `src` to another, types included; paths from the root. */
export interface Arrow {
  from: string;
  to: string;
  /** What imports it loads it at once: more than types, and not at run time. */
  atOnce?: boolean;
}

/** The file that an import names, or null for a package. */
function importedFile(from: string, specifier: string): string | null {
  const name = specifier.replace(/\?.*$/, '');
  if (name.startsWith('.')) return relative(root, resolve(root, dirname(from), name));
  const alias = Object.keys(imports).find((key) => name.startsWith(key.slice(0, -1)));
  if (alias === undefined) return null;
  return relative(root, join(root, `${imports[alias]}`.slice(0, -1), name.slice(alias.length - 1)));
}

/** Returns every arrow between the files of `src`: imports, exports from, and imports at run time. */
export function readArrows(): { files: string[]; arrows: Arrow[] } {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).sort();
  const arrows = files.flatMap((from) => {
    const text = readFileSync(join(root, from), 'utf8');
    const atOnce = new Set(
      [...text.matchAll(/^(?:import|export)\s(?!\s*type\b)[^'();]*'([^']+)'/gm)].map(
        ([, name]) => name,
      ),
    );
    return [...text.matchAll(/(?:from\s+|import\s+|import\()'([^']+)'/g)].flatMap(([, name]) => {
      const to = importedFile(from, `${name}`);
      if (!to?.startsWith('src/') || to === from) return [];
      if (!existsSync(join(root, to))) throw new Error(`${from} imports ${to}, which is not there`);
      return [{ from, to, atOnce: atOnce.has(name) }];
    });
  });
  return { files, arrows };
}

/** Returns the circles of a graph: each a list of nodes that reach each other. */
export function circlesOf(arrows: readonly Arrow[]): string[][] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of arrows) next.set(from, (next.get(from) ?? new Set()).add(to));
  const reached = new Map([...next.keys()].map((node) => [node, reachableFrom(node, next)]));
  const circles = new Map<string, string[]>();
  for (const [node, others] of reached) {
    if (!others.has(node)) continue;
    const circle = [...others].filter((other) => reached.get(other)?.has(node)).sort();
    circles.set(circle.join(), circle);
  }
  return [...circles.values()];
}

/** Returns what a file loads before it does anything. */
export function loadedBy(file: string, arrows: readonly Arrow[]): Set<string> {
  const next = new Map<string, Set<string>>();
  for (const { from, to, atOnce } of arrows) {
    if (atOnce) next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  return reachableFrom(file, next);
}

function reachableFrom(start: string, next: ReadonlyMap<string, Set<string>>): Set<string> {
  const seen = new Set<string>();
  const waiting = [...(next.get(start) ?? [])];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    waiting.push(...(next.get(node) ?? []));
  }
  return seen;
}
