import type { Migration } from '../../../store/sqlite/database.ts';

/** What a preview was asked for, so that it can be made once more; null once it was started, or made before. */
export const onboardingAsked: Migration = {
  version: 15,
  name: '0015-onboarding-asked',
  up(database) {
    database.exec('ALTER TABLE onboarding ADD COLUMN asked TEXT');
  },
};
