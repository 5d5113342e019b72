"""The wire of a node where there is no perl: what relay.pl does, at about twice the cost a packet. See there."""

import errno
import fcntl
import os
import select
import socket
import struct
import sys

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
MAX_PACKET = 65_535
TURN = 64
READ = 262_144
MAX_WAITING = 4_194_304


def main(device):
    wire = socket.socket(fileno=0)
    wire.setblocking(False)
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TUN | IFF_NO_PI))
    os.write(1, b"up " + congestion_control() + b"\n")
    os.close(1)
    waiting, coming = bytearray(struct.pack("<I", 0)), bytearray()
    while True:
        readers = [wire, tun] if len(waiting) < MAX_WAITING else [wire]
        readable, _, _ = select.select(readers, [wire] if waiting else [], [])
        if tun in readable:
            take_from_device(tun, waiting)
        if waiting:
            try:
                del waiting[: wire.send(waiting)]
            except BlockingIOError:
                pass
        if wire in readable:
            try:
                read = wire.recv(READ)
            except BlockingIOError:
                continue
            if not read:
                return
            coming += read
            give_to_device(tun, coming)


def congestion_control():
    try:
        with open("/proc/sys/net/ipv4/tcp_congestion_control", "rb") as setting:
            return setting.read().strip()
    except OSError:
        return b""


def take_from_device(tun, waiting):
    for _ in range(TURN):
        try:
            packet = os.read(tun, MAX_PACKET)
        except BlockingIOError:
            return
        waiting += struct.pack("<I", len(packet))
        waiting += packet


def give_to_device(tun, coming):
    at, end = 0, len(coming)
    while end - at >= 4:
        (length,) = struct.unpack_from("<H", coming, at)
        if end - at - 4 < length:
            break
        try:
            os.write(tun, coming[at + 4 : at + 4 + length])
        except OSError as error:
            # A full queue of the device is the box's own; the kernel counts what it drops there.
            if error.errno not in (errno.EAGAIN, errno.EINVAL, errno.EIO):
                raise
        at += 4 + length
    del coming[:at]


try:
    main(*sys.argv[1:])
except (ConnectionError, BrokenPipeError):
    pass
except Exception as failure:  # one sentence for whoever started it, no traceback
    sys.exit(f"{type(failure).__name__}: {failure}")
