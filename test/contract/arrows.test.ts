import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Arrow, circlesOf, loadedBy, readArrows } from './import-graph.ts';

/** The floors of core and of the interface, the ground first: imports go down alone. */
const floors = {
  core: [
    'platform',
    'gateway',
    'store',
    'clusters',
    'changes',
    'usage',
    'customers',
    'attention',
    'calls',
  ],
  renderer: ['kit', 'lists', 'changes', 'pages', 'app'],
};

/** What each side of the program may import besides itself. */
const sides: Record<string, readonly string[]> = {
  shared: [],
  core: ['shared'],
  simulator: ['shared/wire'],
  preload: ['shared'],
  renderer: ['shared'],
  main: ['shared', 'core', 'simulator'],
  web: ['shared', 'core', 'simulator'],
  collect: ['shared', 'core'],
};

const { arrows } = readArrows();
const parts = (path: string): string[] => path.split('/').slice(1, -1);
const reported = ({ from, to }: Arrow): string => `${from} → ${to}`;

function isUpward(side: keyof typeof floors, { from, to }: Arrow): boolean {
  const [fromSide, fromRoom] = parts(from);
  const [toSide, toRoom] = parts(to);
  if (fromSide !== side || toSide !== side || fromRoom === undefined) return false;
  if (toRoom === undefined) return true;
  return floors[side].indexOf(toRoom) > floors[side].indexOf(fromRoom);
}

describe('the house', () => {
  it('has no arrow from one side of the program to another that is not meant to be', () => {
    const wrong = arrows.filter(({ from, to }) => {
      const [fromSide = ''] = parts(from);
      const [toSide = ''] = parts(to);
      const allowed = sides[fromSide] ?? [];
      return fromSide !== toSide && !allowed.some((side) => to.startsWith(`src/${side}/`));
    });
    expect(wrong.map(reported)).toEqual([]);
  });

  it.each(['core', 'renderer'] as const)('has only rooms with a floor in %s', (side) => {
    const rooms = new Set(
      arrows.flatMap(({ from }) => {
        const [own, room] = parts(from);
        return own === side && room !== undefined ? [room] : [];
      }),
    );
    expect([...rooms].filter((room) => !floors[side].includes(room))).toEqual([]);
  });

  it.each(['core', 'renderer'] as const)('has no arrow that runs up in %s', (side) => {
    expect(arrows.filter((arrow) => isUpward(side, arrow)).map(reported)).toEqual([]);
  });

  it('has no page that imports another page', () => {
    const page = (path: string): string | undefined =>
      /^src\/renderer\/pages\/([^/]+)\//.exec(path)?.[1];
    const wrong = arrows.filter(({ from, to }) => {
      const [own, other] = [page(from), page(to)];
      return own !== undefined && other !== undefined && own !== other;
    });
    expect(wrong.map(reported)).toEqual([]);
  });

  it('is put together in one place: what create-core makes, and the handlers, nobody else makes', () => {
    const root = 'src/core/create-core.ts';
    const made = readFileSync(root, 'utf8').matchAll(/new ([A-Z]\w+)\(/g);
    const making = new RegExp(
      `new (${[...new Set([...made].map(([, name]) => name))].join('|')})\\(`,
    );
    const core = new Set(
      arrows.map(({ from }) => from).filter((path) => path.startsWith('src/core/')),
    );
    core.delete(root);
    expect([...core].filter((path) => making.test(readFileSync(path, 'utf8')))).toEqual([]);
    const toHandlers = arrows.filter(
      ({ from, to }) => to.startsWith('src/core/calls/') && from !== root,
    );
    expect(
      toHandlers.filter(({ from }) => !from.startsWith('src/core/calls/')).map(reported),
    ).toEqual([]);
  });

  it('has no circle of files', () => {
    expect(circlesOf(arrows)).toEqual([]);
  });

  it('has no circle of folders', () => {
    const between = arrows
      .map(({ from, to }) => ({ from: dirname(from), to: dirname(to) }))
      .filter(({ from, to }) => from !== to);
    expect(circlesOf(between)).toEqual([]);
  });

  // reading the schemas takes longer than all else that a thread's start takes
  it.each(['store/snapshot/snapshot', 'store/archive/archive', 'customers/store/customers'])(
    'opens a file without the contract in the thread of %s',
    (thread) => {
      const loaded = loadedBy(`src/core/${thread}-worker.ts`, arrows);
      expect(loaded.size).toBeGreaterThan(20);
      expect([...loaded].filter((path) => path.startsWith('src/shared/contract/'))).toEqual([]);
    },
  );

  it('finds a circle and an arrow that runs up where there is one', () => {
    const arrow = (from: string, to: string): Arrow => ({ from, to });
    expect(circlesOf([arrow('a', 'b'), arrow('b', 'c'), arrow('c', 'a'), arrow('c', 'd')])).toEqual(
      [['a', 'b', 'c']],
    );
    expect(isUpward('core', arrow('src/core/store/a.ts', 'src/core/usage/b.ts'))).toBe(true);
    expect(isUpward('core', arrow('src/core/usage/a.ts', 'src/core/store/b.ts'))).toBe(false);
    expect(isUpward('core', arrow('src/core/usage/a.ts', 'src/core/create-core.ts'))).toBe(true);
  });
});
