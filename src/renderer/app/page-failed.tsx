import { useRouteError } from 'react-router';
import { toAppError } from '#shared/errors.ts';
import { ErrorPanel } from '../kit/components/error-panel.tsx';
import classes from './layouts.module.css';

/** Stands in a page's place when drawing it failed; the rail stays usable. */
export function PageFailed() {
  const error = toAppError(useRouteError());
  return (
    <div className={classes.whole}>
      <ErrorPanel
        title="This page could not be shown"
        error={error}
        onRetry={() => window.location.reload()}
      />
    </div>
  );
}
