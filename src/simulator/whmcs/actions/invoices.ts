import { ActionError, NestedList } from '../model/answer.ts';
import { amountText, dateText, dateTimeText, hundredthsOf, type Invoice } from '../model/state.ts';
import { type Action, type ActionContext, pageOf } from './action.ts';

const subtotalOf = ({ items }: Invoice): number =>
  items.reduce((sum, { amount }) => sum + amount, 0);

function taxOf(invoice: Invoice): number {
  const taxed = invoice.items
    .filter((item) => item.taxed)
    .reduce((sum, one) => sum + one.amount, 0);
  return Math.round((taxed * invoice.taxrate) / 100);
}

function linesOf({ form, state }: ActionContext): Invoice['items'] {
  const items: Invoice['items'] = [];
  for (let line = 1; form.text(`itemdescription${line}`) !== undefined; line += 1) {
    items.push({
      id: state.newId(),
      type: '',
      relid: 0,
      description: form.text(`itemdescription${line}`) ?? '',
      amount: hundredthsOf(form.text(`itemamount${line}`)),
      taxed: form.flag(`itemtaxed${line}`),
    });
  }
  return items;
}

const createInvoice: Action = (context) => {
  const { form, state, now } = context;
  const userid = form.number('userid');
  if (userid === null || !state.clients.has(userid)) throw new ActionError('Client ID Not Found');
  const draft = form.flag('draft');
  if (draft && form.flag('sendinvoice')) {
    throw new ActionError(
      'Cannot create and send a draft invoice in a single API request. Please create and send separately.',
    );
  }
  const invoice: Invoice = {
    id: state.newId(),
    userid,
    status: draft ? 'Draft' : (form.text('status') ?? 'Unpaid'),
    date: form.text('date') ?? dateText(now),
    duedate: form.text('duedate') ?? dateText(now),
    notes: form.text('notes') ?? '',
    taxrate: Number(form.text('taxrate') ?? 0),
    items: linesOf(context),
    createdAt: dateTimeText(now),
    updatedAt: dateTimeText(now),
  };
  state.invoices.set(invoice.id, invoice);
  return { invoiceid: invoice.id, status: invoice.status };
};

function invoiceOf({ form, state }: ActionContext): Invoice {
  const id = form.number('invoiceid');
  const invoice = id === null ? undefined : state.invoices.get(id);
  if (invoice === undefined) throw new ActionError('Invoice ID Not Found');
  return invoice;
}

const updateInvoice: Action = (context) => {
  const { form, variants, now, state } = context;
  const invoice = invoiceOf(context);
  if (form.flag('publish') || form.flag('publishandsendemail')) {
    if (invoice.status !== 'Draft') {
      throw new ActionError('Invoice must be in Draft status to be published');
    }
    invoice.status = 'Unpaid';
  } else if (variants.version === '9.0' && invoice.status !== 'Draft') {
    throw new ActionError('Only draft invoices can be edited');
  }
  for (const name of ['status', 'date', 'duedate', 'notes'] as const) {
    invoice[name] = form.text(name) ?? invoice[name];
  }
  for (const [id, description] of form.map('itemdescription')) {
    const item = invoice.items.find((one) => one.id === Number(id));
    if (!item) continue;
    item.description = description;
    item.amount = hundredthsOf(form.map('itemamount').get(id));
    item.taxed = (form.map('itemtaxed').get(id) ?? '0') !== '0';
  }
  for (const [index, description] of form.map('newitemdescription')) {
    const amount = hundredthsOf(form.map('newitemamount').get(index));
    const taxed = (form.map('newitemtaxed').get(index) ?? '0') !== '0';
    invoice.items.push({ id: state.newId(), type: '', relid: 0, description, amount, taxed });
  }
  const removed = new Set([...form.map('deletelineids').values()].map(Number));
  invoice.items = invoice.items.filter(({ id }) => !removed.has(id));
  invoice.updatedAt = dateTimeText(now);
  return { invoiceid: invoice.id };
};

function summary(invoice: Invoice): Record<string, unknown> {
  const subtotal = subtotalOf(invoice);
  const tax = taxOf(invoice);
  return {
    userid: invoice.userid,
    date: invoice.date,
    duedate: invoice.duedate,
    datepaid: '0000-00-00 00:00:00',
    subtotal: amountText(subtotal),
    credit: '0.00',
    tax: amountText(tax),
    total: amountText(subtotal + tax),
    taxrate: invoice.taxrate.toFixed(3),
    status: invoice.status,
    notes: invoice.notes,
  };
}

const getInvoice: Action = (context) => {
  const invoice = invoiceOf(context);
  const items = invoice.items.map(({ amount, taxed, ...item }) => ({
    ...item,
    amount: amountText(amount),
    taxed: taxed ? 1 : 0,
  }));
  const { total, ...fields } = summary(invoice);
  return {
    invoiceid: invoice.id,
    invoicenum: '',
    ...fields,
    total,
    balance: total,
    items: new NestedList('item', items),
    transactions: new NestedList('transaction', []),
  };
};

const getInvoices: Action = (context) => {
  const { form, state } = context;
  const status = form.text('status');
  const userid = form.number('userid');
  const rows = [...state.invoices.values()]
    .filter(
      (invoice) =>
        (userid === null || invoice.userid === userid) &&
        (status === undefined || invoice.status === status),
    )
    .sort((left, right) => left.id - right.id);
  if (form.text('order')?.toLowerCase() === 'desc') rows.reverse();
  return pageOf(context, 'invoices', 'invoice', rows, (invoice) => ({
    id: invoice.id,
    ...summary(invoice),
    currencycode: state.currencies.get(state.clients.get(invoice.userid)?.currency ?? 1)?.code,
    created_at: invoice.createdAt,
    updated_at: invoice.updatedAt,
  }));
};

const addBillableItem: Action = ({ form, state }) => {
  const clientid = form.number('clientid');
  if (clientid === null || !state.clients.has(clientid))
    throw new ActionError('Client ID not Found');
  const description = form.text('description');
  if (description === undefined) throw new ActionError('You must provide a description');
  const id = state.newId();
  state.billableItems.push({
    id,
    clientid,
    description,
    amount: hundredthsOf(form.text('amount')),
    quantity: form.number('quantity') ?? 0,
    invoiceaction: form.text('invoiceaction') ?? 'noinvoice',
  });
  return { billableid: id };
};

export const invoiceActions: Record<string, Action> = {
  CreateInvoice: createInvoice,
  UpdateInvoice: updateInvoice,
  GetInvoice: getInvoice,
  GetInvoices: getInvoices,
  AddBillableItem: addBillableItem,
};
