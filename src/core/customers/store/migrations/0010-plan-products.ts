import type { Migration } from '../../../store/sqlite/database.ts';

/**
 * The products of plans, each of one billing connection: two of them may have the same product id.
 * Ids that were kept without one become those of every connection that lists them, as they counted so
 * far; of the only connection where none does; of no connection yet where there is none.
 */
export const planProducts: Migration = {
  version: 10,
  name: '0010-plan-products',
  up(database) {
    database.exec(`
      CREATE TABLE plan_product (
        plan_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        product_id TEXT NOT NULL,
        billing_id TEXT
      ) STRICT;
      CREATE INDEX plan_product_by_plan ON plan_product (plan_id, version);
      CREATE INDEX plan_product_by_product ON plan_product (billing_id, product_id);
      INSERT INTO plan_product
        SELECT DISTINCT plan_version.plan_id, version, kept.value, listed.billing_id
        FROM plan_version JOIN json_each(body, '$.productIds') AS kept
        LEFT JOIN (SELECT billing_id, product_id FROM service
          UNION SELECT billing_id, product_id FROM product) AS listed
          ON listed.product_id = kept.value;
      UPDATE plan_product SET billing_id = (SELECT billing_id FROM billing_connection)
        WHERE billing_id IS NULL AND (SELECT count(*) FROM billing_connection) = 1;
    `);
  },
};
