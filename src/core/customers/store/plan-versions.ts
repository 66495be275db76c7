/** The newest version of each plan. */
export const newest = `SELECT v.*, EXISTS (SELECT 1 FROM plan_retired AS r WHERE r.plan_id = v.plan_id)
    AS retired, (SELECT count(*) FROM plan_holder AS h WHERE h.plan_id = v.plan_id) AS holders
  FROM plan_version AS v WHERE version = (SELECT max(version) FROM plan_version AS other
    WHERE other.plan_id = v.plan_id)`;

/** Joins the products of a plan's newest version, `v`, and the services of these products. */
export const ofProduct = 'product.plan_id = v.plan_id AND product.version = v.version';
export const itsService = `service.billing_id = product.billing_id
  AND service.product_id = product.product_id`;
