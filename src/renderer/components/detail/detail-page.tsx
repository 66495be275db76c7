import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useLocation, useNavigate } from 'react-router';
import { PageBar } from '../../app/page-bar.tsx';
import { useShortcut } from '../../app/shortcuts.ts';
import classes from './detail.module.css';

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
      <div className={classes.page}>
        <div className={classes.pageInner}>{props.children}</div>
      </div>
    </>
  );
}
