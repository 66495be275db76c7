import type { Migration } from '../../sqlite/database.ts';
import { searchTextOf } from '../writes/save-user.ts';

/** Brings the texts that users are searched by into composed form, as they are asked for. */
export const composedSearch: Migration = {
  version: 3,
  name: '0003-composed-search',
  up(database) {
    const rows = database
      .prepare("SELECT id, email, user_id FROM user WHERE search GLOB '*[^ -~\n]*'")
      .all();
    const update = database.prepare('UPDATE user SET search = ? WHERE id = ?');
    for (const { id, email, user_id } of rows) {
      update.run(searchTextOf({ email: String(email), userId: String(user_id) }), Number(id));
    }
  },
};
