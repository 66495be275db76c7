import { PageBar } from '../../app/page-bar.tsx';

/** The cluster at a glance. */
export function OverviewPage() {
  return <PageBar title="Overview" />;
}
