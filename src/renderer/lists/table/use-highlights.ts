import { type RefObject, useEffect } from 'react';
import { comparable, searchedText } from '#shared/plain-text.ts';

/** Name under which the style sheet knows what is marked. */
const highlightName = 'oc-search';

/**
 * Marks what is searched for in the cells that are searched. The browser draws the marks over the text:
 * no cell is drawn again for them.
 */
export function useHighlights(table: RefObject<HTMLElement | null>, search: string): void {
  const text = searchedText(search);
  // whenever the table was drawn: rows are used again for others
  useEffect(() => {
    const marks = globalThis.CSS?.highlights;
    if (!marks || text === '' || !table.current) return;
    marks.set(highlightName, new Highlight(...rangesOf(table.current, text)));
  });
  useEffect(() => {
    if (text === '') return;
    return () => void globalThis.CSS?.highlights?.delete(highlightName);
  }, [text]);
}

/** Returns where a text is found in searched cells, as a search of core finds it. */
export function rangesOf(table: HTMLElement, text: string): Range[] {
  const ranges: Range[] = [];
  for (const cell of table.querySelectorAll('[data-searched]')) {
    const nodes = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) addRanges(nodes.currentNode as Text, text, ranges);
  }
  return ranges;
}

function addRanges(node: Text, text: string, ranges: Range[]): void {
  const words = comparable(node.data);
  // letters that are another length in small have no places to mark
  if (words.length !== node.data.length) return;
  for (let at = words.indexOf(text); at >= 0; at = words.indexOf(text, at + text.length)) {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + text.length);
    ranges.push(range);
  }
}
