import { Tooltip } from '@mantine/core';
import { useEffect, useId, useState } from 'react';

const hoverDelay = 300;
/** Among figures a hint covers those next to it: it opens where the pointer rests, not where it passes. */
const delayAmongFigures = 800;

function hintedAround(node: EventTarget | null): HTMLElement | null {
  return node instanceof Element ? node.closest<HTMLElement>('[data-hint]') : null;
}

const delayOf = (hinted: HTMLElement): number =>
  hinted.closest('[role="gridcell"], td') ? delayAmongFigures : hoverDelay;

/**
 * Shows the `data-hint` of whatever the pointer rests on or the keyboard has reached: one tooltip for
 * the whole window, so that a list of a thousand figures holds a thousand plain elements.
 */
export function HintHost() {
  const [target, setTarget] = useState<HTMLElement | null>(null);
  const id = useId();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const show = (next: HTMLElement | null) => {
      clearTimeout(timer);
      setTarget(next);
    };
    const hide = () => show(null);
    const onPointerOver = (event: PointerEvent) => {
      const next = event.pointerType === 'touch' ? null : hintedAround(event.target);
      hide();
      if (next) timer = setTimeout(show, delayOf(next), next);
    };
    const onFocus = ({ target: focused }: FocusEvent) => {
      const isByKeyboard = focused instanceof Element && focused.matches(':focus-visible');
      show(isByKeyboard ? hintedAround(focused) : null);
    };
    const onKey = ({ key }: KeyboardEvent) => key === 'Escape' && hide();
    const listeners = new AbortController();
    const options = { capture: true, passive: true, signal: listeners.signal };
    document.addEventListener('pointerover', onPointerOver, options);
    document.addEventListener('focusin', onFocus, options);
    document.addEventListener('keydown', onKey, options);
    // Not before it is known where the focus goes: between two places nothing has it, and a tooltip
    // that leaves the page just then makes the focus keeper give it back.
    const onLeave = () => setTimeout(() => document.activeElement === document.body && hide());
    document.addEventListener('focusout', onLeave, options);
    document.addEventListener('pointerdown', hide, options);
    document.addEventListener('scroll', hide, options);
    document.documentElement.addEventListener('pointerleave', hide, options);
    return () => {
      clearTimeout(timer);
      listeners.abort();
    };
  }, []);
  useEffect(() => {
    if (!target || target.hasAttribute('aria-describedby')) return;
    target.setAttribute('aria-describedby', id);
    return () => target.removeAttribute('aria-describedby');
  }, [target, id]);
  if (!target?.dataset.hint) return null;
  return <Tooltip target={target} opened label={<span id={id}>{target.dataset.hint}</span>} />;
}
