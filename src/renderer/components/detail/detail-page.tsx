import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { PageBar } from '../../app/page-bar.tsx';
import { useShortcut } from '../../app/shortcuts.ts';
import classes from './detail.module.css';

/** When it is looked whether the focus was left nowhere: what led here may hold it for a moment. */
const looks = [0, 60, 200];

/** Lets Tab begin at what a page shows, where what led to it left the focus nowhere. */
function useFocusOnArrival() {
  const content = useRef<HTMLElement>(null);
  useEffect(() => {
    const timers = looks.map((delay) =>
      setTimeout(() => {
        const nowhere = document.activeElement === null || document.activeElement === document.body;
        if (nowhere) content.current?.focus({ preventScroll: true });
      }, delay),
    );
    return () => timers.forEach(clearTimeout);
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
        before={
          <Button
            component={Link}
            to={props.listPath}
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconArrowLeft size={14} />}
          >
            {props.listLabel}
          </Button>
        }
      />
      <section
        ref={content}
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
