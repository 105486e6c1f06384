# Writes parcels.txt; see README.md.   python3 parcels.py riscv64-linux-gnu-objdump > parcels.txt
import re, struct, subprocess, sys, tempfile

PARCELS = [parcel for parcel in range(65536) if parcel & 3 != 3]

def texts(xlen):
    with tempfile.NamedTemporaryFile() as binary:
        # Each parcel at its own multiple of 4, c.nop behind it, so that none is taken for half of another.
        binary.write(b"".join(struct.pack("<HH", parcel, 1) for parcel in PARCELS))
        binary.flush()
        command = [sys.argv[1], "-D", "-b", "binary", "-m", f"riscv:rv{xlen}", "-M", "no-aliases,numeric", binary.name]
        for line in subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines():
            match = re.match(r"\s*([0-9a-f]+):\s+([0-9a-f]{4})\s+(\S+)\s*(\S*)", line)
            if match and int(match[1], 16) % 4 == 0:
                address, parcel, mnemonic, operands = int(match[1], 16), int(match[2], 16), match[3], match[4]
                if mnemonic in ("c.j", "c.jal", "c.beqz", "c.bnez"):
                    registers, target = re.match(r"(.*,)?0x([0-9a-f]+)$", operands).groups()
                    # Addresses that would be negative are printed as of 64 or 32 bits.
                    offset = (int(target, 16) - address + 0x8000) % 0x10000 - 0x8000
                    operands = (registers or "") + str(offset)
                yield parcel, "none" if mnemonic == ".2byte" else f"{mnemonic} {operands}".strip()

for (parcel, narrow), (same, wide) in zip(texts(32), texts(64), strict=True):
    assert parcel == same
    print(f"{parcel:04x};{narrow};{'=' if narrow == wide else wide}")
