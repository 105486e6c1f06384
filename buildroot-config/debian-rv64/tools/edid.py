#!/usr/bin/env python3
"""Writes an EDID 1.4 of one mode at 60 Hz, with CVT's reduced blanking, for drm.edid_firmware=.

usage: edid.py WIDTH HEIGHT OUT
"""

import sys

width, height = int(sys.argv[1]), int(sys.argv[2])
H_BLANK, V_BLANK, H_OFFSET, H_SYNC, V_OFFSET, V_SYNC = 160, 30, 48, 32, 3, 6
clock = round((width + H_BLANK) * (height + V_BLANK) * 60 / 10000)  # in units of 10 kHz


def millimetres(pixels):
    return round(pixels * 25.4 / 96)


def descriptor(tag, content):
    return bytes([0, 0, 0, tag, 0]) + content.ljust(13, b" ")


timing = bytes([
    clock & 255, clock >> 8,
    width & 255, H_BLANK, (width >> 8) << 4 | H_BLANK >> 8,
    height & 255, V_BLANK, (height >> 8) << 4 | V_BLANK >> 8,
    H_OFFSET, H_SYNC, (V_OFFSET & 15) << 4 | V_SYNC & 15, 0,
    millimetres(width) & 255, millimetres(height) & 255, (millimetres(width) >> 8) << 4 | millimetres(height) >> 8,
    0, 0, 0x1a])  # digital separate sync
edid = b"".join([
    bytes.fromhex("00ffffffffffff00"),
    bytes([0x3b, 0x4d, 1, 0, 1, 0, 0, 0, 1, 36, 1, 4]),  # maker, product, serial number, week and year, version
    bytes([0xa5, millimetres(width) // 10, millimetres(height) // 10, 120, 0x06]),  # 8 bits a colour; sRGB, preferred timing
    bytes.fromhex("ee91a3544c99260f5054"),  # sRGB's primaries
    bytes(3), b"\1" * 16,  # no established and no standard timings
    timing,
    descriptor(0xfd, bytes([1, 120, 1, 160, 255, 1, 10])),  # range limits
    descriptor(0xfc, b"guest64\n"),
    descriptor(0x10, bytes(13)),
    b"\0"])  # no extensions
edid += bytes([-sum(edid) & 255])
with open(sys.argv[3], "wb") as out:
    out.write(edid)
