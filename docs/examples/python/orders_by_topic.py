"""Places orders by topic and follows them, as a producer in another language does.

    python3 -m venv env && env/bin/pip install -r requirements.txt
    env/bin/python orders_by_topic.py --brokers 127.0.0.1:19092 --registry http://127.0.0.1:18081/apis/ccompat/v7 --sku DEMO-MUG

Prints what became of every order as JSON. The contract is docs/topics.md.
"""
import argparse
import json
import secrets
import time
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition

from wire import Wire

COMMANDS = "commerce.orders.commands"
EVENTS = "commerce.orders.events"
REJECTIONS = "commerce.orders.rejections"
DEAD_LETTERS = "commerce.dlq"
ENDINGS = {"OrderConfirmed", "OrderRejected", "OrderCancelled", "OrderFailed", "OrderTimedOut", "OrderActionRequired"}


def place_order(order_id, sku):
    now = int(time.time() * 1000)
    return {
        # Without a command id the place of the record in the log identifies it. With one (SHA-256 in hex, of your choice) you may send it again.
        "meta": {"commandId": "", "bodyHash": None, "issuedAt": now, "correlationId": "", "principal": None, "tenant": "default"},
        "orderId": order_id,
        "placedAt": now,
        "channel": "storefront",
        "customerId": f"python-{order_id}",
        "guestEmail": None,
        "currency": "GBP",
        "lines": [{"lineNo": 1, "sku": sku, "quantity": 1, "quotedUnitPrice": None}],
        # Encrypted by whoever holds the person's key; nothing is decided by it.
        "shippingAddress": {"keyId": f"customer/{order_id}", "ciphertext": b"sealed elsewhere"},
        "deliverySpeed": "standard",
        "payment": {"method": "card", "token": "tok_ok"},
        "onShortage": "reject",
        "onDecline": "cancel",
        "clientReference": None,
        "country": None,
    }


class Sender:
    """A producer that remembers into which partition each key went."""

    def __init__(self, brokers, **settings):
        self._producer = Producer({"bootstrap.servers": brokers, "enable.idempotence": True, **settings})
        self.partitions = {}

    def send(self, key, value):
        headers = [("traceparent", f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01".encode())]
        self._producer.produce(COMMANDS, key=key.encode(), value=value, headers=headers, on_delivery=self._delivered)

    def flush(self):
        if self._producer.flush(30) > 0:
            raise RuntimeError("the broker did not acknowledge every record")

    def _delivered(self, error, message):
        if error is not None:
            raise RuntimeError(str(error))
        self.partitions[message.key().decode()] = message.partition()


def open_follower(brokers, topics):
    """A consumer at the present end of the topics. Only committed records count: read_committed."""
    consumer = Consumer({
        "bootstrap.servers": brokers, "group.id": f"example-{uuid.uuid4()}", "isolation.level": "read_committed", "enable.auto.commit": False
    })
    known = consumer.list_topics(timeout=30).topics
    places = [TopicPartition(topic, partition) for topic in topics for partition in known[topic].partitions]
    for place in places:
        place.offset = consumer.get_watermark_offsets(place, timeout=30)[1]
    consumer.assign(places)
    return consumer


def follow(consumer, wire, orders, rejected, unreadable, timeout_s):
    """Reads until every order has ended, every rejection is there and the unreadable record is a dead letter."""
    events, rejections, letters = {}, {}, {}
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if all(events.get(order) and events[order][-1]["type"] in ENDINGS for order in orders) and rejected <= rejections.keys() and unreadable in letters:
            return events, rejections, letters
        message = consumer.poll(1)
        if message is None or message.error() is not None:
            continue
        key = (message.key() or b"").decode(errors="replace")
        if message.topic() == DEAD_LETTERS:
            headers = {name: (value or b"").decode(errors="replace") for name, value in message.headers() or []}
            letters.setdefault(key, []).append({"reason": headers.get("dlq.reason"), "processor": headers.get("dlq.processor"), "topic": headers.get("dlq.topic")})
            continue
        name, value = wire.decode(message.value())
        if message.topic() == EVENTS:
            events.setdefault(key, []).append({"type": name, "partition": message.partition()})
        else:
            rejections[key] = {"command": value["command"], "code": value["code"], "field": value["field"], "message": value["message"]}
    raise TimeoutError(f"after {timeout_s} s: {events}, {rejections}, {letters}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--registry", required=True)
    parser.add_argument("--sku", default="DEMO-MUG")
    parser.add_argument("--timeout", type=float, default=120)
    options = parser.parse_args()
    wire = Wire(options.registry)

    def order(sku):
        order_id = str(uuid.uuid4())
        return order_id, wire.encode(COMMANDS, "commerce.orders.PlaceOrder", place_order(order_id, sku))

    # The partitioner of Java, which is the platform's. What librdkafka takes by default is another one: such records are passed on to where
    # they belong, and processed there, once. It costs them a hop, and their order among each other.
    java = Sender(options.brokers, partitioner="murmur2_random")
    default = Sender(options.brokers)
    follower = open_follower(options.brokers, [EVENTS, REJECTIONS, DEAD_LETTERS])

    right = [order(options.sku) for _ in range(4)]
    astray = [order(options.sku) for _ in range(16)]
    wrong = order("NO-SUCH-SKU")
    unreadable = str(uuid.uuid4())
    java.send(unreadable, b"this is not Avro")
    for key, value in [*right, wrong]:
        java.send(key, value)
    for key, value in astray:
        default.send(key, value)
    java.flush()
    default.flush()

    orders = [key for key, _ in [*right, *astray]]
    events, rejections, letters = follow(follower, wire, orders, {wrong[0]}, unreadable, options.timeout)
    follower.close()
    print(json.dumps({
        "orders": [{"orderId": key, "sentTo": {**java.partitions, **default.partitions}[key], "events": events[key]} for key in orders],
        "rejected": {"orderId": wrong[0], **rejections[wrong[0]]},
        "deadLetters": letters[unreadable],
    }, indent=2))


if __name__ == "__main__":
    main()
