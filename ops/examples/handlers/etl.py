"""The steps of etl."""


def fetch_customers(event, context):
    return [{"customer": number, "name": f"Customer {number}"} for number in range(1, event["customers"] + 1)]


def fetch_orders(event, context):
    return [
        {"order": f"{customer}-{number}", "customer": customer, "product": number % 3, "quantity": number}
        for customer in range(1, event["customers"] + 1)
        for number in range(1, event["ordersPerCustomer"] + 1)
    ]


def fetch_products(event, context):
    return [{"product": number, "price": 10 * (number + 1)} for number in range(3)]


def merge(event, context):
    customers, orders, products = event["rawData"]
    names = {row["customer"]: row["name"] for row in customers}
    prices = {row["product"]: row["price"] for row in products}
    return {"records": [{**row, "name": names[row["customer"]], "price": prices[row["product"]]} for row in orders]}


def transform(record, context):
    return {"order": record["order"], "name": record["name"], "total": record["quantity"] * record["price"]}


def load(record, context):
    return {"order": record["order"], "loaded": True, "total": record["total"]}
