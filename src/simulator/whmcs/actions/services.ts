import { ActionError, NestedList } from '../model/answer.ts';
import { amountText, dateTimeText, hundredthsOf, type Service } from '../model/state.ts';
import { type Action, type ActionContext, pageOf } from './action.ts';

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

export const orderActions: Record<string, Action> = {
  GetOrders: getOrders,
};

function serviceView({ state }: ActionContext, service: Service): Record<string, unknown> {
  const product = state.products.get(service.pid);
  const { recurringamount, customfields, ...fields } = service;
  return {
    ...fields,
    name: product?.name ?? '',
    translated_name: product?.name ?? '',
    groupname: product?.groupname ?? '',
    firstpaymentamount: amountText(recurringamount),
    recurringamount: amountText(recurringamount),
    customfields: new NestedList('customfield', customfields),
    configoptions: new NestedList('configoption', []),
  };
}

const getClientsProducts: Action = (context) => {
  const { form, state } = context;
  const wanted = (['clientid', 'pid'] as const).map((name) => [name, form.number(name)] as const);
  const rows = [...state.services.values()].filter(
    (service) =>
      wanted.every(([name, value]) => value === null || service[name] === value) &&
      (form.number('serviceid') ?? service.id) === service.id &&
      (form.text('username2') ?? service.username) === service.username &&
      (form.text('domain') ?? service.domain) === service.domain,
  );
  const clientid = form.number('clientid');
  if (clientid !== null && !state.clients.has(clientid))
    throw new ActionError('Client ID Not Found');
  return pageOf(context, 'products', 'product', rows, (service) => serviceView(context, service));
};

const getProducts: Action = ({ form, state }) => {
  const pid = form.number('pid');
  const rows = [...state.products.values()].filter(
    (product) =>
      (pid === null || product.pid === pid) &&
      (form.number('gid') ?? product.gid) === product.gid &&
      (form.text('module') ?? product.module) === product.module,
  );
  const views = rows.map(({ monthly, customfields, groupname: _group, ...product }) => ({
    ...product,
    type: 'other',
    paytype: 'recurring',
    pricing: { USD: { monthly: amountText(monthly), quarterly: '-1.00', annually: '-1.00' } },
    customfields: new NestedList(
      'customfield',
      customfields.filter(({ showorder }) => showorder).map(({ id, name }) => ({ id, name })),
    ),
    configoptions: new NestedList('configoption', []),
  }));
  return { totalresults: views.length, products: new NestedList('product', views) };
};

const getClientsAddons: Action = () => ({ totalresults: 0, addons: new NestedList('addon', []) });

function serviceOf({ form, state, variants }: ActionContext): Service {
  const id =
    form.number(variants.version === '7.10' ? 'accountid' : 'serviceid') ??
    form.number('serviceid');
  const service = id === null ? undefined : state.services.get(id);
  if (service === undefined) throw new ActionError('Service ID not found');
  return service;
}

const updateClientProduct: Action = (context) => {
  const { form, now } = context;
  const service = serviceOf(context);
  service.status = form.text('status') ?? service.status;
  service.notes = form.text('notes') ?? service.notes;
  service.username = form.text('serviceusername') ?? service.username;
  service.suspensionreason = form.text('suspendreason') ?? service.suspensionreason;
  const amount = form.text('recurringamount');
  if (amount !== undefined) service.recurringamount = hundredthsOf(amount);
  for (const name of ['diskusage', 'disklimit', 'bwusage', 'bwlimit'] as const) {
    const value = form.number(name);
    if (value === null) continue;
    service[name] = value;
    service.lastupdate = dateTimeText(now);
  }
  for (const [field, value] of form.serialized('customfields')) {
    const known = service.customfields.find(({ id }) => id === Number(field));
    if (known) known.value = value;
    else service.customfields.push({ id: Number(field), name: `Field ${field}`, value });
  }
  return { serviceid: service.id };
};

export const serviceActions: Record<string, Action> = {
  GetClientsProducts: getClientsProducts,
  GetClientsAddons: getClientsAddons,
  GetProducts: getProducts,
  UpdateClientProduct: updateClientProduct,
};
