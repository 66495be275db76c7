import { Button } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { newConnectionPath } from '../kit/addresses.ts';
import classes from '../kit/frame.module.css';

/** Says that what is on screen is the demo cluster, and leads to adding one's own. */
export function DemoBanner() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a named region of the page, no section of a text
    <div className={classes.banner} role="region" aria-label="Demo cluster">
      <IconInfoCircle size={16} aria-hidden />
      <span>
        <b>Demo cluster.</b> Everything here, its WHMCS too, is made up and gone when the console
        closes.
      </span>
      <span className={classes.space} />
      <Button component={Link} to={newConnectionPath} size="compact-sm">
        Add a cluster
      </Button>
    </div>
  );
}
