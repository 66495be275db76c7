import { PageBar } from '../../app/page-bar.tsx';

/** Saved connections. */
export function ConnectionsPage() {
  return <PageBar title="Connections" />;
}
