"""A model server that costs next to nothing: every chat is answered at once, plain or as a few events."""

from __future__ import annotations

import asyncio
import sys

EVENT = (
    b'data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":"word "}}],"created":1795363860,'
    b'"id":"chatcmpl-1","model":"qwen","system_fingerprint":"b1","object":"chat.completion.chunk"}\n\n'
)
LAST = EVENT.replace(b'"finish_reason":null', b'"finish_reason":"stop"') + b"data: [DONE]\n\n"
PLAIN = (
    b'{"choices":[{"finish_reason":"stop","index":0,"message":{"role":"assistant","content":"hello there"}}],'
    b'"created":1795363860,"model":"qwen","object":"chat.completion","usage":{"total_tokens":10},"id":"chatcmpl-1"}'
)
MODELS = b'{"object":"list","data":[{"id":"qwen","object":"model","created":1,"owned_by":"llama-swap"}]}'


def answer(head: bytes, body: bytes) -> bytes:
    if head.startswith(b"GET"):
        data = MODELS if b"/v1/models" in head else b'{"running":[]}'
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(data), data)
    if b'"stream":true' in body:
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(e), e) for e in [EVENT] * 8 + [LAST])
        return (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
            + chunks
            + b"0\r\n\r\n"
        )
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(PLAIN), PLAIN)


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(x.partition(b":")[2]) for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")), 0
            )
            writer.write(answer(head, await reader.readexactly(length)))
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    try:
        uvloop.run(main())
    except KeyboardInterrupt:
        sys.exit(0)
