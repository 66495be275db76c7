import { PageBar } from '../../app/page-bar.tsx';

/** Settings. */
export function SettingsPage() {
  return <PageBar title="Settings" />;
}
