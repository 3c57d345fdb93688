"""A gate does to connections what networks do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from demo_clients import until

from mytrader_tui.demo.gate import Gate

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        return
    finally:
        writer.close()


@asynccontextmanager
async def _gate() -> AsyncIterator[Gate]:
    """A gate before a server that says everything back."""
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    gate = Gate(server.sockets[0].getsockname()[1])
    gate.start()
    try:
        yield gate
    finally:
        await gate.stop()
        server.close()
        await asyncio.sleep(0.01)


@asynccontextmanager
async def _client(gate: Gate) -> AsyncIterator[Streams]:
    reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def _hears_back(streams: Streams, word: bytes, seconds: float = 2.0) -> bool:
    streams[1].write(word)
    return await _hears(streams, word, seconds)


async def _hears(streams: Streams, word: bytes, seconds: float = 2.0) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await streams[0].readexactly(len(word)) == word
    except TimeoutError:
        return False


async def test_bytes_go_both_ways_whole_and_in_order() -> None:
    async with _gate() as gate, _client(gate) as client:
        sent = bytes(range(256)) * 20_000
        client[1].write(sent)
        async with asyncio.timeout(30):
            assert await client[0].readexactly(len(sent)) == sent
        assert gate.connections == 1


async def test_a_cut_resets_every_connection_and_the_next_one_is_served() -> None:
    async with _gate() as gate, _client(gate) as old:
        assert await _hears_back(old, b"hello")
        gate.cut()
        with pytest.raises(ConnectionResetError):
            await _hears(old, b"x")
        async with _client(gate) as new:
            assert await _hears_back(new, b"hello")


async def test_a_frozen_connection_stays_and_carries_nothing_until_it_thaws() -> None:
    async with _gate() as gate, _client(gate) as client:
        assert await _hears_back(client, b"hello")
        gate.freeze()
        assert not await _hears_back(client, b"again", 0.05)
        assert gate.connections == 1
        gate.thaw()
        assert await _hears(client, b"again")


async def test_a_connection_opened_into_a_frozen_gate_is_accepted_and_served_when_it_thaws() -> None:
    async with _gate() as gate:
        gate.freeze()
        async with _client(gate) as client:
            assert not await _hears_back(client, b"hello", 0.05)
            gate.thaw()
            assert await _hears(client, b"hello")


async def test_a_refusing_gate_keeps_old_connections_and_returns_on_the_same_port() -> None:
    async with _gate() as gate, _client(gate) as old:
        assert await _hears_back(old, b"hello")
        port = gate.port
        gate.refuse()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        assert await _hears_back(old, b"still")
        gate.accept()
        assert gate.port == port
        async with _client(gate) as new:
            assert await _hears_back(new, b"hello")


async def test_refusing_and_accepting_in_one_breath_leaves_the_port_open() -> None:
    async with _gate() as gate:
        for _ in range(3):
            gate.refuse()
            gate.accept()
        gate.accept()
        async with _client(gate) as client:
            assert await _hears_back(client, b"hello")


async def test_a_black_hole_accepts_and_swallows_until_it_is_told_to_accept() -> None:
    async with _gate() as gate, _client(gate) as old:
        assert await _hears_back(old, b"hello")
        gate.black_hole()
        async with _client(gate) as new:
            assert not await _hears_back(new, b"hello", 0.05)
            assert not await _hears_back(old, b"hello", 0.05)
            gate.accept()
            with pytest.raises(ConnectionResetError):
                await _hears(new, b"hello")
        async with _client(gate) as later:
            assert await _hears_back(later, b"hello")


async def test_a_client_whose_server_is_gone_is_reset() -> None:
    gate = Gate(1)
    gate.start()
    async with _client(gate) as client:
        with pytest.raises(ConnectionResetError):
            await _hears_back(client, b"hello")
    await gate.stop()


async def test_a_client_that_leaves_is_forgotten() -> None:
    async with _gate() as gate:
        async with _client(gate) as client:
            assert await _hears_back(client, b"hello")
        await until(lambda: gate.connections == 0)
