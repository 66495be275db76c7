import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { BackLink } from '../components/back-link.tsx';
import { PageBar } from '../components/page-bar.tsx';
import { focusHomeMark } from '../focus-keeper.ts';
import { useShortcut } from '../shortcuts.ts';
import classes from './detail.module.css';

/**
 * Lets Tab begin at what a page shows, where what led to it left the focus nowhere; where a dialog or
 * menu that is just closing still holds it, the focus keeper leads here afterwards.
 */
function useFocusOnArrival() {
  const content = useRef<HTMLElement>(null);
  useEffect(() => {
    const nowhere = document.activeElement === null || document.activeElement === document.body;
    if (nowhere) content.current?.focus({ preventScroll: true });
  }, []);
  return content;
}

/** A detail on a page of its own, with the way back to its list. */
export function DetailPage(props: {
  title: string;
  listPath: string;
  listLabel: string;
  children: ReactNode;
}) {
  const navigate = useNavigate();
  // Back to where one came from, so that the list is as one left it; to the list where one came from nowhere.
  const cameFrom = useLocation().key !== 'default';
  useShortcut('Escape', () => (cameFrom ? navigate(-1) : navigate(props.listPath)));
  const content = useFocusOnArrival();
  return (
    <>
      <PageBar
        title={props.title}
        before={<BackLink to={props.listPath}>{props.listLabel}</BackLink>}
      />
      <section
        ref={content}
        {...{ [focusHomeMark]: true }}
        className={classes.page}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={`${props.title}, content`}
      >
        <div className={classes.pageInner}>{props.children}</div>
      </section>
    </>
  );
}
