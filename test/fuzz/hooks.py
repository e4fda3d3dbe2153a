"""What schemathesis cannot know of by itself: signatures of callbacks, entity tags, orders line by line, and rules that no schema can say."""
import hashlib
import hmac
import json
import os
import re
import time

import schemathesis
from requests.auth import AuthBase

HEADERS = {
    "/v1/webhooks/payments": "payment-signature",
    "/v1/webhooks/carriers": "carrier-signature",
    "/v1/webhooks/notifications": "receipt-signature",
}


class Signature(AuthBase):
    """t=<epoch seconds>,v1=<HMAC-SHA256 over time, full stop and body>, over the bytes as they are sent."""

    def __init__(self, header):
        self.header = header

    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else bytes(body)
        now = str(int(time.time()))
        digest = hmac.new(os.environ["FUZZ_CALLBACK_SECRET"].encode(), now.encode() + b"." + body, hashlib.sha256)
        request.headers[self.header] = f"t={now},v1={digest.hexdigest()}"
        return request


@schemathesis.hook
def before_call(ctx, case, kwargs):
    header = HEADERS.get(case.operation.path)
    if header is not None:
        kwargs["auth"] = Signature(header)
    quote_entity_tag(case)


def quote_entity_tag(case):
    """Entity tags stand in quotes, which schemathesis takes off values that were good."""
    tag = (case.headers or {}).get("if-match")
    is_good = case.meta is not None and case.meta.generation.mode.is_positive
    if is_good and tag is not None and re.fullmatch(r"\d{1,15}(-\w{1,20})?", tag):
        case.headers["if-match"] = f'"{tag}"'


@schemathesis.hook
def filter_failure(ctx, failure, case, response):
    """A busy server says so, as it promises: with 503 and when to come back. On one machine with everything else it may be busy."""
    return not (response.status_code == 503 and "retry-after" in response.headers and response.json().get("code") == "overloaded")


@schemathesis.serializer("application/x-ndjson")
def one_line(ctx, value):
    return {"data": (value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n"}


@schemathesis.deserializer("application/x-ndjson")
def first_result(ctx, response):
    if ctx.operation.path != "/v1/orders/bulk" or not response.content:
        raise NotImplementedError  # Not described line by line, or there is none.
    return json.loads(response.content.split(b"\n")[0])


# Why good data may be refused with 400 or 422: rules that no schema can say. Code, field and message of the problem begin like this.
TOKENS = [r"position-invalid", r"request-invalid /after is not the end of a page of this list"]
PASSWORDS = [r"request-invalid /(newP|p)assword has fewer than five different characters"]
CURRENCIES = [r"request-invalid /(prices/\d+/)?currency is not an active ISO 4217 code"]
FLAGS = [
    r"request-invalid /\w+ is nothing that a switch of the platform has",
    r"request-invalid /\w+ is required",
    r"request-invalid /(variants|rules|weights|layer|salt|experiment|variant)",
]
RULES = {
    # The same key means the same request: schemathesis repeats keys.
    "*": [r"idempotency-conflict"],
    # Tokens are made by the server, and say more than they look like.
    **dict.fromkeys(
        ["getOrder", "getPayment", "getStock", "getHold", "getProduct", "getProductBySku", "listCategories", "getCategory"], TOKENS
    ),
    "listFeaturedProducts": TOKENS,
    # schemathesis sends what it saw in answers as ids of events, whatever it looks like.
    "streamOrder": TOKENS + [r"request-malformed  headers/last-event-id must match pattern"],
    "streamMyNotifications": TOKENS + [r"request-malformed  headers/last-event-id must match pattern"],
    "listProducts": TOKENS + CURRENCIES + [r"request-invalid /currency is needed to compare prices", r"request-invalid /sort relevance is about the words of q"],
    "verifyEmail": [r"one-time-token-invalid"],
    "confirmPasswordReset": [r"one-time-token-invalid"] + PASSWORDS,
    "register": PASSWORDS,
    "changePassword": PASSWORDS,
    # A price has to be one for all pieces of its line. Whose an order may be depends on who asks: a customer orders for himself.
    "placeOrder": CURRENCIES
    + [r"request-invalid /lines/\d+/quotedUnitPrice is too large", r"request-invalid /(customerId give either|guestEmail is for orders without)"],
    "setCreditLimit": CURRENCIES,
    "createProduct": CURRENCIES,
    "changePrice": CURRENCIES,
    "setFlag": FLAGS,
    "changeFlag": FLAGS,
    # OpenAPI has no rules between parameters.
    "exportPerson": [r"request-malformed  give either customerId or orderId"],
    # Rules between a template and its values, time zones, services of browsers, and one choice for each kind.
    "sendNotification": [r"request-invalid /variables/\w+ is (needed by|not known to) the template"],
    "previewTemplate": [r"request-invalid /variables it lacks", r"request-invalid /timeZone is not known"],
    "setMyPreferences": [r"request-invalid /pushSubscriptions/\d+/endpoint is not one of", r"request-invalid  (the time zone is not known|a kind is named twice)"],
    # Where messages may be posted to is more than a form.
    "subscribeWebhook": [r"request-invalid /url "],
    "changeWebhook": [r"request-invalid /url "],
    "resendWebhookDeliveries": [r"request-invalid /until is not after"],
    "recordBehaviour": [r"request-invalid /events/\d+/at is "],
    # What is about nothing of ours is passed over, whatever else it lacks.
    "receivePaymentCallback": [r"request-invalid /data/authorisation does not have its four amounts"],
    "receiveCarrierCallback": [r"request-invalid /at is not a time"],
    "holdStock": [r"request-invalid  the SKU is not registered"],
}


@schemathesis.check
def good_data_is_refused_by_a_rule(ctx, response, case):
    """The status alone says nothing: a refusal of good data names a rule from the table above."""
    is_good = case.meta is not None and case.meta.generation.mode.is_positive
    if not is_good or response.status_code not in (400, 422):
        return
    problem = response.json()
    operation = case.operation.definition.raw["operationId"]
    errors = problem.get("errors") or [{"field": "", "message": problem.get("detail", "")}]
    rules = RULES["*"] + RULES.get(operation, [])
    for error in errors:
        text = f"{problem['code']} {error['field']} {error['message']}"
        assert any(re.match(rule, text) for rule in rules), f"{operation}: no rule is known that says: {text}"
