// The steps of nested and reminder.

exports.price = async (line) => ({ sku: line.sku, total: Math.round(line.quantity * line.price * 100) / 100 });

exports.notifyCustomer = async (event) => ({ notified: event.customer ?? `the customer of ${event.orderId}` });

exports.notifyWarehouse = async (event) => ({ notified: 'warehouse', lines: event.lines.length });
