import { ActionError, NestedList } from '../model/answer.ts';
import { amountText, type Order } from '../model/state.ts';
import type { Action, ActionContext } from './action.ts';
import { pageOf } from './action.ts';

const getOrders: Action = (context) => {
  const { form, state } = context;
  const rows = [...state.orders.values()].filter(
    (order) =>
      (form.number('id') ?? order.id) === order.id &&
      (form.number('userid') ?? order.userid) === order.userid &&
      (form.text('status') ?? order.status) === order.status,
  );
  return pageOf(context, 'orders', 'order', rows, ({ serviceIds, amount, ...order }) => ({
    ...order,
    ordernum: 1_000_000 + order.id,
    amount: amountText(amount),
    lineitems: new NestedList(
      'lineitem',
      serviceIds.map((relid) => {
        const service = state.services.get(relid);
        const product = service ? state.products.get(service.pid) : undefined;
        return {
          type: 'product',
          relid,
          producttype: 'Other Product/Service',
          product: product ? `${product.groupname} - ${product.name}` : '',
          status: service?.status ?? '',
        };
      }),
    ),
  }));
};

function orderOf({ form, state }: ActionContext): Order {
  const id = form.number('orderid');
  const order = id === null ? undefined : state.orders.get(id);
  if (order === undefined) throw new ActionError('Order ID not found or Status not Pending');
  return order;
}

const acceptOrder: Action = (context) => {
  const order = orderOf(context);
  if (order.status !== 'Pending') throw new ActionError('Order ID not found or Status not Pending');
  order.status = 'Active';
  for (const id of order.serviceIds) {
    const service = context.state.services.get(id);
    if (service) service.status = 'Active';
  }
  return {};
};

const pendingOrder: Action = (context) => {
  orderOf(context).status = 'Pending';
  return {};
};

/** What is done with orders. */
export const orderActions: Record<string, Action> = {
  GetOrders: getOrders,
  AcceptOrder: acceptOrder,
  PendingOrder: pendingOrder,
};
