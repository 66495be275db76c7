import { PageBar } from '../../app/page-bar.tsx';

/** One connection's form. */
export function ConnectionPage() {
  return <PageBar title="Connection" />;
}
