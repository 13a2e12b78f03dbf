"""The floor: the same server and client libraries, nothing done to the request. `bare_hop.py UPSTREAM`."""

from __future__ import annotations

import socket
import sys

import aiohttp
import uvicorn
import uvloop

UPSTREAM = sys.argv[1]
session: aiohttp.ClientSession | None = None


async def app(scope, receive, send) -> None:
    global session
    if session is None:
        session = aiohttp.ClientSession(auto_decompress=False, connector=aiohttp.TCPConnector(limit=0))
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = {"Content-Type": "application/json"}
    async with session.request(scope["method"], UPSTREAM + scope["path"], data=body, headers=headers) as upstream:
        kind = upstream.headers["Content-Type"].encode()
        await send({"type": "http.response.start", "status": upstream.status, "headers": [(b"content-type", kind)]})
        while chunk := await upstream.content.readany():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":
    # With the protocol named, event loops switch Nagle's algorithm off; without it every answer waits 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.bind(("127.0.0.1", 0))
    sock.listen(100)
    print(f"http://127.0.0.1:{sock.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, http="httptools", lifespan="off", log_config=None, access_log=False)
    uvloop.run(uvicorn.Server(config).serve([sock]))
