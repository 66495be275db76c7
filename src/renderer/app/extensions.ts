/**
 * What pages add to places outside of themselves: verbs of the command palette, sections and actions of
 * the user's and the bucket's detail, actions on chosen rows. Each import registers at load.
 */
import '../pages/users/user-sections.tsx';
import '../pages/buckets/bucket-sections.tsx';
import '../pages/users/operations/user-state-actions.tsx';
import '../pages/journal/history-section.tsx';
import '../pages/users/operations/create-user.tsx';
import '../pages/users/keys/keys-section.tsx';
import '../pages/users/accounts/accounts-section.tsx';
import '../pages/changes/extensions.tsx';
import '../pages/users/operations/user-limits.tsx';
import '../pages/buckets/operations/remove-bucket.tsx';
import '../pages/buckets/operations/bucket-limits.tsx';
import '../pages/usage/sections/register.tsx';
