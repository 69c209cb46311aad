"""The site with one more door, for tests: how many models are alive in the server."""

import gc
import json
import os
import sys

import uvicorn

from aimarket.model.market_model import MarketModel
from aimarket.server.serving import LOOPBACK, site


class Counted:
    """The site, and at /live the number of models that nobody has given back."""

    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        """Answer a request."""
        if scope["type"] != "http" or scope["path"] != "/live":
            await self.inner(scope, receive, send)
            return
        gc.collect()
        models = sum(isinstance(item, MarketModel) for item in gc.get_objects())
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": json.dumps(models).encode()})


if __name__ == "__main__":
    os.environ["SOLARA_KERNEL_CULL_TIMEOUT"] = "2s"
    uvicorn.run(Counted(site(max_sessions=12)), host=LOOPBACK, port=int(sys.argv[1]), log_level="warning")
