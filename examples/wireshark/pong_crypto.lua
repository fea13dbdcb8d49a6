-- Opens sealed datagrams of Pong, in plain Lua: docs/protocol.md, "The sealed datagram".
--
-- The Lua of Wireshark 4.0, which Debian 12 has, offers no ciphers. So SHA-256 (FIPS 180-4), HMAC and HKDF-Expand (RFC
-- 5869), AES (FIPS 197) with GCM (SP 800-38D), and ChaCha20-Poly1305 (RFC 8439) are written out here, to be read,
-- and to read captures. They do not run in constant time, so they must never protect a secret against someone who can
-- measure them.
--
-- Bytes are Lua strings everywhere. Words are numbers from 0 to 2^32-1.

-- Lua 5.2 has the library bit32; later versions have operators that 5.2 cannot parse.
local bits = bit32 or load([[
	local function word(x) return x & 0xffffffff end
	return {
		band = function(a, b) return a & b end,
		bnot = function(a) return word(~a) end,
		bxor = function(a, b, c, d, e) return a ~ b ~ (c or 0) ~ (d or 0) ~ (e or 0) end,
		lshift = function(a, n) return word(a << n) end,
		rshift = function(a, n) return a >> n end,
		lrotate = function(a, n) return word(a << n) | a >> (32 - n) end,
		rrotate = function(a, n) return a >> n | word(a << (32 - n)) end,
	}
]])()
local band, bnot, bxor = bits.band, bits.bnot, bits.bxor
local lshift, rshift, lrotate, rrotate = bits.lshift, bits.rshift, bits.lrotate, bits.rrotate

local function add(...)
	local sum = 0
	for i = 1, select("#", ...) do sum = sum + select(i, ...) end
	return sum % 0x100000000
end

-- Four bytes of a string from position at on, as a word. Bytes after the end count as 0.
local function big(s, at)
	local a, b, c, d = s:byte(at, at + 3)
	return (a or 0) * 0x1000000 + (b or 0) * 0x10000 + (c or 0) * 0x100 + (d or 0)
end

local function little(s, at)
	local a, b, c, d = s:byte(at, at + 3)
	return (d or 0) * 0x1000000 + (c or 0) * 0x10000 + (b or 0) * 0x100 + (a or 0)
end

local function big_bytes(w)
	return string.char(rshift(w, 24), band(rshift(w, 16), 255), band(rshift(w, 8), 255), band(w, 255))
end

local function little_bytes(w)
	return big_bytes(w):reverse()
end

-- The exclusive or of two strings, as long as the first.
local function xor(a, b)
	local out = {}
	for i = 1, #a do out[i] = string.char(bxor(a:byte(i), b:byte(i))) end
	return table.concat(out)
end

---------- SHA-256, HMAC, HKDF

-- The first 32 bits of the fractional parts of the square and cube roots of the first primes. A double has just enough
-- bits for them.
local roots, cubes = {}, {}
do
	local n = 2
	while #cubes < 64 do
		local prime = true
		for d = 2, math.floor(math.sqrt(n)) do prime = prime and n % d ~= 0 end
		if prime then
			if #roots < 8 then roots[#roots + 1] = math.floor(math.sqrt(n) % 1 * 0x100000000) end
			cubes[#cubes + 1] = math.floor(n ^ (1 / 3) % 1 * 0x100000000)
		end
		n = n + 1
	end
end

local function sha256(message)
	local length = #message * 8
	message = message .. "\128" .. ("\0"):rep((55 - #message) % 64) .. ("\0"):rep(4) .. big_bytes(length)
	local h = { table.unpack(roots) }
	for at = 1, #message, 64 do
		local w = {}
		for i = 1, 16 do w[i] = big(message, at + 4 * (i - 1)) end
		for i = 17, 64 do
			local x, y = w[i - 15], w[i - 2]
			local s0 = bxor(rrotate(x, 7), rrotate(x, 18), rshift(x, 3))
			local s1 = bxor(rrotate(y, 17), rrotate(y, 19), rshift(y, 10))
			w[i] = add(w[i - 16], s0, w[i - 7], s1)
		end
		local a, b, c, d, e, f, g, k = table.unpack(h)
		for i = 1, 64 do
			local s1 = bxor(rrotate(e, 6), rrotate(e, 11), rrotate(e, 25))
			local choice = bxor(band(e, f), band(bnot(e), g))
			local t1 = add(k, s1, choice, cubes[i], w[i])
			local s0 = bxor(rrotate(a, 2), rrotate(a, 13), rrotate(a, 22))
			local majority = bxor(band(a, b), band(a, c), band(b, c))
			k, g, f, e, d, c, b, a = g, f, e, add(d, t1), c, b, a, add(t1, s0, majority)
		end
		for i, v in ipairs({ a, b, c, d, e, f, g, k }) do h[i] = add(h[i], v) end
	end
	for i = 1, 8 do h[i] = big_bytes(h[i]) end
	return table.concat(h)
end

local function hmac(key, message)
	key = key .. ("\0"):rep(64 - #key)
	return sha256(xor(key, ("\x5c"):rep(64)) .. sha256(xor(key, ("\x36"):rep(64)) .. message))
end

local function hkdf_expand(secret, info, length)
	local out, block, i = "", "", 0
	while #out < length do
		i = i + 1
		block = hmac(secret, block .. info .. string.char(i))
		out = out .. block
	end
	return out:sub(1, length)
end

---------- AES

local function double(x) -- in the field of AES: times x modulo x^8 + x^4 + x^3 + x + 1
	x = x * 2
	return x > 255 and bxor(x, 0x11b) or x
end

-- sbox is the substitution; mixed[k][byte] is what byte k of a column becomes in a round, all four bytes of it.
local sbox, mixed = {}, { {}, {}, {}, {} }
do
	local p, inverse = 1, {}
	local powers = {} -- of 3, which generates the field
	for i = 0, 254 do
		powers[i] = p
		p = bxor(p, double(p))
	end
	inverse[0] = 0
	for i = 0, 254 do inverse[powers[i]] = powers[(255 - i) % 255] end
	for x = 0, 255 do
		local b, s = inverse[x], 0x63
		for _ = 1, 5 do
			s = bxor(s, b)
			b = band(b * 2, 255) + rshift(b, 7)
		end
		sbox[x] = s
		local two = double(s)
		local column = two * 0x1000000 + s * 0x10000 + s * 0x100 + bxor(two, s)
		for k = 1, 4 do mixed[k][x] = rrotate(column, 8 * (k - 1)) end
	end
end

local function substitute(w)
	return sbox[rshift(w, 24)] * 0x1000000 + sbox[band(rshift(w, 16), 255)] * 0x10000
		+ sbox[band(rshift(w, 8), 255)] * 0x100 + sbox[band(w, 255)]
end

-- The words of all round keys, from 0 on, and the number of rounds.
local function aes_schedule(key)
	local n = #key / 4
	local rounds, w, constant = n + 6, {}, 1
	for i = 0, n - 1 do w[i] = big(key, 4 * i + 1) end
	for i = n, 4 * (rounds + 1) - 1 do
		local t = w[i - 1]
		if i % n == 0 then
			t = bxor(substitute(lrotate(t, 8)), constant * 0x1000000)
			constant = double(constant)
		elseif n == 8 and i % n == 4 then
			t = substitute(t)
		end
		w[i] = bxor(w[i - n], t)
	end
	return { words = w, rounds = rounds }
end

-- Encrypts a block of four words.
local function aes_block(schedule, a, b, c, d)
	local w, at = schedule.words, 4
	local m1, m2, m3, m4 = mixed[1], mixed[2], mixed[3], mixed[4]
	a, b, c, d = bxor(a, w[0]), bxor(b, w[1]), bxor(c, w[2]), bxor(d, w[3])
	local function round(p, q, r, s, key)
		return bxor(m1[rshift(p, 24)], m2[band(rshift(q, 16), 255)], m3[band(rshift(r, 8), 255)], m4[band(s, 255)], key)
	end
	for _ = 2, schedule.rounds do
		a, b, c, d = round(a, b, c, d, w[at]), round(b, c, d, a, w[at + 1]),
			round(c, d, a, b, w[at + 2]), round(d, a, b, c, w[at + 3])
		at = at + 4
	end
	local function last(p, q, r, s, key) -- without mixing
		return bxor(sbox[rshift(p, 24)] * 0x1000000 + sbox[band(rshift(q, 16), 255)] * 0x10000
			+ sbox[band(rshift(r, 8), 255)] * 0x100 + sbox[band(s, 255)], key)
	end
	return last(a, b, c, d, w[at]), last(b, c, d, a, w[at + 1]),
		last(c, d, a, b, w[at + 2]), last(d, a, b, c, w[at + 3])
end

---------- GCM

-- The products of H with x^0 to x^127 in the field of GCM, in which bit 0 is the first one and shifting goes right.
local function gcm_products(a, b, c, d)
	local products = {}
	for i = 0, 127 do
		products[i] = { a, b, c, d }
		local carry = band(d, 1)
		d = rshift(d, 1) + band(c, 1) * 0x80000000
		c = rshift(c, 1) + band(b, 1) * 0x80000000
		b = rshift(b, 1) + band(a, 1) * 0x80000000
		a = bxor(rshift(a, 1), carry * 0xe1000000)
	end
	return products
end

local function ghash(products, data)
	local y = { 0, 0, 0, 0 }
	for at = 1, #data, 16 do
		local a, b, c, d = 0, 0, 0, 0
		for i = 1, 4 do
			local x = bxor(y[i], big(data, at + 4 * (i - 1)))
			for bit = 0, 31 do
				if x >= 0x80000000 then
					local p = products[32 * (i - 1) + bit]
					a, b, c, d = bxor(a, p[1]), bxor(b, p[2]), bxor(c, p[3]), bxor(d, p[4])
				end
				x = lshift(x, 1)
			end
		end
		y = { a, b, c, d }
	end
	return y
end

local function padded(s)
	return s .. ("\0"):rep(-#s % 16)
end

local function joined(a, b, c, d)
	return big_bytes(a) .. big_bytes(b) .. big_bytes(c) .. big_bytes(d)
end

local function gcm(key)
	local schedule = aes_schedule(key)
	local products = gcm_products(aes_block(schedule, 0, 0, 0, 0))
	return function(nonce, ciphertext, tag, associated)
		local n1, n2, n3 = big(nonce, 1), big(nonce, 5), big(nonce, 9)
		local lengths = joined(0, #associated * 8, 0, #ciphertext * 8)
		local hash = ghash(products, padded(associated) .. padded(ciphertext) .. lengths)
		if xor(joined(table.unpack(hash)), joined(aes_block(schedule, n1, n2, n3, 1))) ~= tag then return nil end
		local stream = {}
		for i = 1, math.ceil(#ciphertext / 16) do
			stream[i] = joined(aes_block(schedule, n1, n2, n3, i + 1))
		end
		return xor(ciphertext, table.concat(stream))
	end
end

---------- ChaCha20-Poly1305

local function quarter(s, a, b, c, d)
	s[a] = add(s[a], s[b]); s[d] = lrotate(bxor(s[d], s[a]), 16)
	s[c] = add(s[c], s[d]); s[b] = lrotate(bxor(s[b], s[c]), 12)
	s[a] = add(s[a], s[b]); s[d] = lrotate(bxor(s[d], s[a]), 8)
	s[c] = add(s[c], s[d]); s[b] = lrotate(bxor(s[b], s[c]), 7)
end

local function chacha20_block(key, nonce, counter)
	local start = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 } -- "expand 32-byte k"
	for i = 1, 8 do start[4 + i] = little(key, 4 * i - 3) end
	start[13] = counter
	for i = 1, 3 do start[13 + i] = little(nonce, 4 * i - 3) end
	local s = { table.unpack(start) }
	for _ = 1, 10 do
		quarter(s, 1, 5, 9, 13); quarter(s, 2, 6, 10, 14); quarter(s, 3, 7, 11, 15); quarter(s, 4, 8, 12, 16)
		quarter(s, 1, 6, 11, 16); quarter(s, 2, 7, 12, 13); quarter(s, 3, 8, 9, 14); quarter(s, 4, 5, 10, 15)
	end
	for i = 1, 16 do s[i] = little_bytes(add(s[i], start[i])) end
	return table.concat(s)
end

-- Numbers below 2^130 as ten limbs of 13 bits, the lowest first: their products, ten of them added up and times five,
-- still fit a double.
local LIMBS, RADIX = 10, 8192

local function limbs(s)
	local out, rest, have, at = {}, 0, 0, 1
	for i = 1, LIMBS do
		while have < 13 do
			rest = rest + (s:byte(at) or 0) * 2 ^ have
			have, at = have + 8, at + 1
		end
		out[i] = rest % RADIX
		rest, have = math.floor(rest / RADIX), have - 13
	end
	return out
end

-- Carries from limb to limb. What leaves the highest one is worth five at the lowest: 2^130 is 5 modulo 2^130 - 5.
local function carry(h)
	for _ = 1, 2 do
		local over = 0
		for i = 1, LIMBS do
			local sum = h[i] + over
			h[i], over = sum % RADIX, math.floor(sum / RADIX)
		end
		h[1] = h[1] + over * 5
	end
	return h
end

local function poly1305(key, message)
	local clamped = {}
	for i = 1, 16 do
		local b = key:byte(i)
		if i % 4 == 0 then b = band(b, 15) end
		if i % 4 == 1 and i > 1 then b = band(b, 252) end
		clamped[i] = string.char(b)
	end
	local r, h = limbs(table.concat(clamped)), limbs("")
	for at = 1, #message, 16 do
		local block = limbs(message:sub(at, at + 15) .. "\1")
		for i = 1, LIMBS do block[i] = block[i] + h[i] end
		for i = 1, LIMBS do
			local sum = 0
			for j = 1, LIMBS do
				local k = i - j + 1
				sum = sum + block[j] * (k >= 1 and r[k] or 5 * r[k + LIMBS])
			end
			h[i] = sum
		end
		carry(h)
	end
	carry(h)
	-- Take 2^130 - 5 off if it is in there: h + 5 then reaches 2^130.
	local over = 5
	local less = {}
	for i = 1, LIMBS do
		local sum = h[i] + over
		less[i], over = sum % RADIX, math.floor(sum / RADIX)
	end
	if over > 0 then h = less end
	-- h + s modulo 2^128, a byte at a time.
	local out, sum, have, limb = {}, 0, 0, 1
	local rest = 0
	for i = 1, 16 do
		while have < 8 do
			rest = rest + h[limb] * 2 ^ have
			have, limb = have + 13, limb + 1
		end
		sum = sum + rest % 256 + key:byte(16 + i)
		out[i] = string.char(math.floor(sum % 256))
		sum, rest, have = math.floor(sum / 256), math.floor(rest / 256), have - 8
	end
	return table.concat(out)
end

local function chacha20poly1305(key)
	return function(nonce, ciphertext, tag, associated)
		local lengths = little_bytes(#associated) .. ("\0"):rep(4) .. little_bytes(#ciphertext) .. ("\0"):rep(4)
		local one_time = chacha20_block(key, nonce, 0):sub(1, 32)
		if poly1305(one_time, padded(associated) .. padded(ciphertext) .. lengths) ~= tag then return nil end
		local stream = {}
		for i = 1, math.ceil(#ciphertext / 64) do stream[i] = chacha20_block(key, nonce, i) end
		return xor(ciphertext, table.concat(stream))
	end
end

---------- The sealed datagram

local HEADER, TAG = 13, 16
local suites = {
	[0x1301] = { name = "AES-128-GCM", aead = gcm, key = 16 },
	[0x1302] = { name = "AES-256-GCM", aead = gcm, key = 32 },
	[0x1303] = { name = "ChaCha20-Poly1305", aead = chacha20poly1305, key = 32 },
}

-- Returns a function that opens the datagrams of one direction, "c2s" or "s2c": it takes a datagram and returns the
-- plaintext, or nil if it is not authentic under this key. An unknown suite has no such function.
local function opener(suite, secret, direction)
	local known = suites[suite]
	if not known then return nil end
	local key = hkdf_expand(secret, "pong-udp v1 " .. direction .. " key", known.key)
	local iv = hkdf_expand(secret, "pong-udp v1 " .. direction .. " iv", 12)
	local open = known.aead(key)
	return function(datagram)
		if #datagram <= HEADER + TAG then return nil end
		local header, number = datagram:sub(1, HEADER), datagram:sub(10, HEADER)
		local nonce = xor(iv, ("\0"):rep(8) .. number)
		return open(nonce, datagram:sub(HEADER + 1, -TAG - 1), datagram:sub(-TAG), header)
	end
end

return {
	suites = suites,
	opener = opener,
	hkdf_expand = hkdf_expand,
	sha256 = sha256,
	poly1305 = poly1305,
}
