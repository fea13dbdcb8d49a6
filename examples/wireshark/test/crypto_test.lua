-- Tests pong_crypto.lua with the vectors of a file that test/vectors.py has made: lines of suite, secret, direction,
-- plaintext and datagram. Its name is in the environment, for tshark gives a script no arguments.

local folder = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "./"
local crypto = dofile(folder .. "../pong_crypto.lua")

local function bytes(hex)
	return (hex:gsub("%x%x", function(digits) return string.char(tonumber(digits, 16)) end))
end

local function hex(s)
	return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

local failed, checked = 0, 0
local function want(condition, what)
	checked = checked + 1
	if not condition then
		failed = failed + 1
		print("FAIL " .. what)
	end
end

-- FIPS 180-4, and RFC 5869 appendix A.1.
want(hex(crypto.sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "sha256 of abc")
local prk = bytes("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
want(hex(crypto.hkdf_expand(prk, bytes("f0f1f2f3f4f5f6f7f8f9"), 42))
	== "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865", "hkdf")

-- RFC 8439 appendix A.3, numbers 5 to 9: sums near 2^128 and 2^130 - 5, which chance does not meet.
local function ff(n) return ("ff"):rep(n) end
local function oo(n) return ("00"):rep(n) end
for _, v in ipairs({
	{ "02" .. oo(31), ff(16), "03" .. oo(15) },
	{ "02" .. oo(15) .. ff(16), "02" .. oo(15), "03" .. oo(15) },
	{ "01" .. oo(31), ff(16) .. "f0" .. ff(15) .. "11" .. oo(15), "05" .. oo(15) },
	{ "01" .. oo(31), ff(16) .. "fb" .. ("fe"):rep(15) .. ("01"):rep(16), oo(16) },
	{ "02" .. oo(31), "fd" .. ff(15), "fa" .. ff(15) },
}) do
	want(hex(crypto.poly1305(bytes(v[1]), bytes(v[2]))) == v[3], "poly1305 of " .. v[2])
end

local suites = {}
for line in io.lines(os.getenv("PONG_VECTORS")) do
	local suite, secret, direction, plaintext, datagram = line:match("^(%x+) (%x+) (%w+) (%x+) (%x+)$")
	suite, datagram = tonumber(suite, 16), bytes(datagram)
	local what = ("%04x %s, %d bytes"):format(suite, direction, #datagram)
	local open = crypto.opener(suite, bytes(secret), direction)
	local got = open(datagram)
	want(got and hex(got) == plaintext, what .. ": opened as " .. (got and hex(got) or "nothing"))
	-- A bit of every part: the header, the number, the ciphertext, the tag.
	for _, at in ipairs({ 2, 13, 14, #datagram - 16, #datagram - 15, #datagram }) do
		local flipped = datagram:sub(1, at - 1) .. string.char((datagram:byte(at) + 128) % 256) .. datagram:sub(at + 1)
		want(open(flipped) == nil, what .. ": opened although byte " .. at .. " was changed")
	end
	want(open(datagram:sub(1, -2)) == nil, what .. ": opened although it was cut")
	local other = crypto.opener(suite, bytes(secret), direction == "c2s" and "s2c" or "c2s")
	want(other(datagram) == nil, what .. ": opened with the key of the other direction")
	suites[suite] = true
end
want(suites[0x1301] and suites[0x1302] and suites[0x1303], "there are vectors of every suite")
want(crypto.opener(0x1304, ("\0"):rep(32), "c2s") == nil, "an unknown suite has no key")

print(("%s: %d checks, %d failed"):format(_VERSION, checked, failed))
if failed > 0 then os.exit(1) end
