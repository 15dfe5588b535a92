"""The steps of order-validation. An exception's class is the error's name in Retry and Catch."""

STOCK = {"book": 40, "pen": 500, "lamp": 0}
PRICES = {"book": 19.9, "pen": 4, "lamp": 35}


class PaymentDeclined(Exception):
    pass


class OutOfStock(Exception):
    pass


class AddressUnknown(Exception):
    pass


def validate_payment(event, context):
    number = event["cardNumber"]
    if len(number) != 16 or number.endswith("0002"):
        raise PaymentDeclined(f"the card that ends in {number[-4:]} was declined")
    return {"check": "payment", "approved": True, "amount": event["amount"]}


def check_inventory(event, context):
    for item in event["items"]:
        if STOCK.get(item["sku"], 0) < item["quantity"]:
            raise OutOfStock(f"there are not {item['quantity']} of {item['sku']}")
    return {"check": "inventory", "available": True, "items": len(event["items"])}


def verify_address(event, context):
    address = event["address"]
    if not address.get("postcode"):
        raise AddressUnknown("the address has no postcode")
    return {"check": "address", "deliverable": True, "postcode": address["postcode"]}


def process_validation(event, context):
    payment, inventory, address = event["validationResults"]
    return {
        "orderId": event["orderId"],
        "status": "CONFIRMED",
        "charged": payment["amount"],
        "items": inventory["items"],
        "shipTo": address["postcode"],
    }


def handle_validation_failure(event, context):
    return {"orderId": event["orderId"], "status": "REJECTED", "reason": event["error"]["Error"]}
