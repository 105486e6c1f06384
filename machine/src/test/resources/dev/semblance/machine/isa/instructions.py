# Writes instructions.txt; see README.md.   python3 instructions.py riscv64-linux-gnu-objdump InstructionSet.java > instructions.txt
import random, re, struct, subprocess, sys, tempfile

SOURCE = open(sys.argv[2], encoding="ascii").read()
CONSTANTS = {name: int(value.replace("_", ""), 16) for name, value in re.findall(r"int (\w+) = 0x(\w+);", SOURCE)}
ROWS = [
    (scope, mnemonic, CONSTANTS[mask], int(match.replace("_", ""), 16), form)
    for scope, mnemonic, mask, match, form in re.findall(
        r'row\(\s*Op\.\w+,\s*Scope\.(\w+),\s*"([a-z.]+)",\s*(\w+),\s*0x(\w+),\s*Format\.(\w+)', SOURCE)
    if mnemonic != "illegal"
]
CSRS = [1, 2, 3, 0x100, 0x104, 0x105, 0x106, 0x140, 0x141, 0x142, 0x143, 0x144, 0x180, 0xC00, 0xC01, 0xC02, 0x300, 0x301,
        0x302, 0x303, 0x304, 0x305, 0x306, 0x30A, 0x320, 0x340, 0x341, 0x342, 0x343, 0x344, 0x3A0, 0x3B0, 0x3BF, 0xB00,
        0xB02, 0xF11, 0xF12, 0xF13, 0xF14]
SAMPLES = 5
NEIGHBOURS = 6
generator = random.Random(64)

def is_of(scope, xlen):
    return scope in ("BASE", "F", "D") or scope.endswith("RV64") == (xlen == 64)

def samples(mnemonic, mask, match, form):
    """Encodings of a row: all operand bits clear, all set, and at random."""
    for k in range(24):
        bits = match | [0, 0xFFFFFFFF, 0x7FFFFFFF, generator.getrandbits(32)][min(k, 3)] & ~mask
        if form.startswith("CSR") and mask >> 20 == 0:
            bits = bits & 0xFFFFF | generator.choice(CSRS) << 20
        if form.endswith("ROUNDED") or form == "FLOAT_R4":
            bits = bits & ~0x7000 | [0, 7, 7, 1, 2, 3, 4][k % 7] << 12
        if mnemonic == "fence":
            bits &= 0x0FF0000F
        yield bits & 0xFFFFFFFF

def neighbours(mask, match, form):
    """Encodings of a row but for some of the bits that tell it from others."""
    fixed = [bit for bit in range(2, 32) if mask >> bit & 1]
    for _ in range(NEIGHBOURS):
        bits = match | generator.getrandbits(32) & ~mask
        if form.endswith("ROUNDED") or form == "FLOAT_R4":
            bits &= ~0x7000
        for bit in generator.sample(fixed, min(len(fixed), generator.randint(1, 3))):
            bits ^= 1 << bit
        yield bits & 0xFFFFFFFF

def texts(words, xlen):
    with tempfile.NamedTemporaryFile() as binary:
        binary.write(b"".join(struct.pack("<I", word) for word in words))
        binary.flush()
        command = [sys.argv[1], "-D", "-z", "-b", "binary", "-m", f"riscv:rv{xlen}", "-M", "no-aliases", binary.name]
        found = {}
        for line in subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines():
            match = re.match(r"\s*([0-9a-f]+):\s+([0-9a-f]{8})\s+([^#<]*)", line)
            if match:
                address, text = int(match[1], 16), match[3].strip().replace("\t", " ")
                target = re.match(r"((?:b[a-z]+|jal) .*)\b0x([0-9a-f]+)$", text)
                if target:
                    # Addresses that would be negative are printed as of 64 or 32 bits.
                    distance = (int(target[2], 16) - address + (1 << 31)) % (1 << 32) - (1 << 31)
                    text = target[1] + str(distance)
                found[address // 4] = (int(match[2], 16), text)
        for index, word in enumerate(words):
            assert found[index][0] == word
            yield found[index][1]

for xlen in (32, 64):
    rows = [row for row in ROWS if is_of(row[0], xlen)]
    mnemonics = {row[1] for row in rows}
    seen = set()

    def lines(words, most, is_wanted):
        count = 0
        for word, text in zip(words, texts(words, xlen)):
            base = re.sub(r"\.(aq|rl|aqrl)$", "", text.split(" ")[0])
            shown = text if base in mnemonics else "none"
            # Rounding modes that are reserved are the hart's business, not the table's.
            if "unknown" not in text and word not in seen and count < most and is_wanted(shown, base):
                seen.add(word)
                count += 1
                print(f"{xlen} {word:08x} {shown}")

    for scope, mnemonic, mask, match, form in rows:
        lines(list(samples(mnemonic, mask, match, form)), SAMPLES, lambda shown, base: base == mnemonic and shown != "none")
    for scope, mnemonic, mask, match, form in rows:
        # Not fences, whose reserved fields objdump refuses, and nothing that begins a longer instruction.
        words = [word for word in neighbours(mask, match, form) if word & 0x607F != 0x000F and word & 0x1F != 0x1F]
        lines(words, NEIGHBOURS, lambda shown, base: True)
