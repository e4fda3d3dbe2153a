"""Signs the callbacks that schemathesis sends, so that what comes after the check of the signature is tried, too."""
import hashlib
import hmac
import os
import time

import schemathesis
from requests.auth import AuthBase

HEADERS = {"/v1/webhooks/payments": "payment-signature", "/v1/webhooks/carriers": "carrier-signature"}


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
