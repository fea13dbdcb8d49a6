-- A dissector for the game channel of Pong, for Wireshark and tshark: docs/protocol.md, "The sealed datagram" and "The
-- game channel". README.md in this directory explains how to use it.
--
-- It shows the header of every datagram, which is in clear. With a key log (the preference pong.keylog: the file
-- that pong serve, play or bot writes with --keylog) it opens the datagram, shows every field, and marks datagrams
-- that are not authentic, were seen before, or are invalid.

local folder = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or "./"
local crypto = dofile(folder .. "pong_crypto.lua")

local HEADER, TAG, MIN, MAX = 13, 16, 30, 1200
local FIRST_BYTE, MAX_PACKETS = 0x09, 8388608
local STAMP, STATE_LEN, HISTORY, MAX_AHEAD = 13, 77, 24, 10
local NO_ECHO, NO_MARGIN = 0xffffffff, -128
local PIXEL = 256

local pong = Proto("pong", "Pong, game channel")
pong.prefs.keylog = Pref.string("Key log", "", "The file that pong serve, pong play or pong bot writes with --keylog")

local types = {
	[1] = "REGISTER", [2] = "INPUT", [3] = "STATE", [4] = "PING", [5] = "CHALLENGE", [6] = "RESPONSE",
}
local lengths = { [1] = 30, [2] = 33, [3] = STATE_LEN, [4] = 13, [5] = 21, [6] = 21 }
local goes = { [1] = "c2s", [2] = "c2s", [3] = "s2c", [5] = "s2c", [6] = "c2s" } -- PING both ways
local inputs = { [0] = "none", [1] = "up", [2] = "down", [3] = "away" }
local phases = { [0] = "Waiting", [1] = "Countdown", [2] = "Playing", [3] = "Scored", [4] = "Over" }
local statuses = { [0] = "free", [1] = "joined", [2] = "online", [3] = "hidden", [4] = "silent" }
local reasons = { [0] = "regular", [1] = "news", [2] = "SCORE", [3] = "RESET" }

local f = {
	first = ProtoField.uint8("pong.first", "First byte", base.HEX),
	session = ProtoField.bytes("pong.session", "Session id"),
	number = ProtoField.uint32("pong.number", "Packet number"),
	ciphertext = ProtoField.bytes("pong.ciphertext", "Ciphertext"),
	tag = ProtoField.bytes("pong.tag", "Tag"),
	suite = ProtoField.string("pong.suite", "AEAD"),
	direction = ProtoField.string("pong.direction", "Direction"),
	opened = ProtoField.bool("pong.opened", "Opened"),
	replayed = ProtoField.bool("pong.replayed", "Seen before"),

	type = ProtoField.uint8("pong.type", "Type", base.DEC, types),
	ts = ProtoField.uint32("pong.ts", "ts (us)"),
	echo = ProtoField.uint32("pong.echo", "echo (us)"),
	hold = ProtoField.uint32("pong.hold", "hold (us)"),

	player_id = ProtoField.uint8("pong.player_id", "Player id"),
	token = ProtoField.bytes("pong.token", "Token"),

	newest = ProtoField.uint32("pong.newest", "Newest tick"),
	run = ProtoField.none("pong.run", "Run"),
	run_input = ProtoField.uint8("pong.run.input", "Input", base.DEC, inputs, 0xc0),
	run_ticks = ProtoField.uint8("pong.run.ticks", "Ticks", base.DEC, nil, 0x3f),

	reason = ProtoField.uint8("pong.reason", "Reason", base.DEC, reasons, 0x03),
	pauses1 = ProtoField.uint8("pong.pauses1", "Pauses left to player 1, in tens of seconds", base.DEC, nil, 0x1c),
	pauses2 = ProtoField.uint8("pong.pauses2", "Pauses left to player 2, in tens of seconds", base.DEC, nil, 0xe0),
	tick = ProtoField.uint32("pong.tick", "Tick"),
	phase = ProtoField.uint8("pong.phase", "Phase", base.DEC, phases),
	timer = ProtoField.uint16("pong.timer", "Timer (ticks)"),
	round = ProtoField.uint16("pong.round", "Round"),
	score1 = ProtoField.uint16("pong.score1", "Score of player 1"),
	score2 = ProtoField.uint16("pong.score2", "Score of player 2"),
	paddle1 = ProtoField.int24("pong.paddle1", "Paddle of player 1"),
	paddle2 = ProtoField.int24("pong.paddle2", "Paddle of player 2"),
	ball_x = ProtoField.int24("pong.ball.x", "Ball x"),
	ball_y = ProtoField.int24("pong.ball.y", "Ball y"),
	ball_vx = ProtoField.int16("pong.ball.vx", "Ball speed along x"),
	ball_vy = ProtoField.int16("pong.ball.vy", "Ball speed along y"),
	hits = ProtoField.uint16("pong.hits", "Hits"),
	walls = ProtoField.uint8("pong.walls", "Walls"),
	serve_to = ProtoField.uint8("pong.serve_to", "Serve to seat"),
	serve = ProtoField.uint32("pong.serve", "Next serve (0: not drawn yet)", base.HEX),
	winner = ProtoField.uint8("pong.winner", "Winner"),
	acked1 = ProtoField.uint32("pong.acked1", "Acknowledged tick of player 1"),
	acked2 = ProtoField.uint32("pong.acked2", "Acknowledged tick of player 2"),
	applied1 = ProtoField.string("pong.applied1", "Applied inputs of player 1, newest first"),
	applied2 = ProtoField.string("pong.applied2", "Applied inputs of player 2, newest first"),
	lineup = ProtoField.uint8("pong.lineup", "Lineup"),
	seat1 = ProtoField.uint8("pong.seat1", "Seat of player 1", base.DEC, statuses, 0x07),
	seat2 = ProtoField.uint8("pong.seat2", "Seat of player 2", base.DEC, statuses, 0x38),
	rematch1 = ProtoField.uint8("pong.rematch1", "Player 1 asks for a rematch", base.DEC, nil, 0x40),
	rematch2 = ProtoField.uint8("pong.rematch2", "Player 2 asks for a rematch", base.DEC, nil, 0x80),
	game = ProtoField.uint8("pong.game", "Number of the game", base.DEC, nil, 0x3f),
	receiver = ProtoField.uint8("pong.receiver", "Player id of the receiver", base.DEC, nil, 0xc0),
	least = ProtoField.int8("pong.margin.least", "Least margin (eighths of a tick)"),
	base = ProtoField.int8("pong.margin.base", "Base margin (eighths of a tick)"),
	missed = ProtoField.uint8("pong.missed", "Missed ticks"),
	tail = ProtoField.uint8("pong.tail", "Tail (ms)"),
	loss = ProtoField.uint8("pong.loss", "Loss (255ths)"),
	ahead = ProtoField.string("pong.ahead", "Opponent's inputs ahead, from the STATE's tick on"),

	data = ProtoField.bytes("pong.data", "Random bytes"),
}
local all = {}
for _, field in pairs(f) do all[#all + 1] = field end
pong.fields = all

local e = {
	malformed = ProtoExpert.new("pong.malformed", "Not a sealed datagram of Pong",
		expert.group.MALFORMED, expert.severity.ERROR),
	forged = ProtoExpert.new("pong.forged",
		"Not authentic: changed on its way, forged, or the key log is another session's",
		expert.group.SECURITY, expert.severity.ERROR),
	replayed = ProtoExpert.new("pong.replay", "This packet number was seen before: a copy, or a replay",
		expert.group.SECURITY, expert.severity.WARN),
	no_key = ProtoExpert.new("pong.no_key", "The key log has no line for this session",
		expert.group.UNDECODED, expert.severity.NOTE),
	refused = ProtoExpert.new("pong.refused", "Authentic, but must be refused",
		expert.group.PROTOCOL, expert.severity.WARN),
}
local experts = {}
for _, field in pairs(e) do experts[#experts + 1] = field end
pong.experts = experts

---------- The key log

local sessions = {} -- by id, 8 bytes: suite, secret, and once they were needed the functions that open
local log_read = { path = "", size = -1 }

local function bytes(hex)
	return (hex:gsub("%x%x", function(digits) return string.char(tonumber(digits, 16)) end))
end

-- Reads the key log if it is another one or has grown: in a live capture, new sessions add lines.
local function read_key_log()
	local path = pong.prefs.keylog
	if path ~= log_read.path then
		sessions, log_read = {}, { path = path, size = -1 }
	end
	if path == "" then return end
	local file = io.open(path, "r")
	if not file then
		if log_read.size ~= -2 then report_failure("Pong: the key log " .. path .. " cannot be read") end
		log_read.size = -2
		return
	end
	local size = file:seek("end")
	if size ~= log_read.size then
		log_read.size = size
		file:seek("set")
		for line in file:lines() do
			local id, suite, secret = line:match("^PONG%-UDP%-V1 (%x+) (%x+) (%x+)%s*$")
			if id and #id == 16 and #suite == 4 and #secret == 64 and not sessions[bytes(id)] then
				sessions[bytes(id)] = { suite = tonumber(suite, 16), secret = bytes(secret) }
			end
		end
	end
	file:close()
end

local function session_of(id)
	if not sessions[id] or log_read.path ~= pong.prefs.keylog then read_key_log() end
	local session = sessions[id]
	if session and not session.c2s then
		session.c2s = crypto.opener(session.suite, session.secret, "c2s")
		session.s2c = crypto.opener(session.suite, session.secret, "s2c")
		session.ways, session.seen = {}, { c2s = {}, s2c = {} }
	end
	return session and session.c2s and session
end

---------- Opening

-- The results by frame. Wireshark dissects a packet again whenever it is displayed, but whether its number is new
-- depends on the packets before it.
local frames = {}

function pong.init()
	frames, sessions, log_read = {}, {}, { path = "", size = -1 }
end

-- Tries the direction first that these ports had before. A datagram of the other direction does not open.
local function open(session, way, datagram)
	local likely = session.ways[way] or "c2s"
	for _, direction in ipairs({ likely, likely == "c2s" and "s2c" or "c2s" }) do
		local plaintext = session[direction](datagram)
		if plaintext then
			session.ways[way] = direction
			return plaintext, direction
		end
	end
end

local function look(buffer, pinfo, session)
	local key = pinfo.number .. " " .. pinfo.src_port .. " " .. buffer:offset()
	local known = frames[key]
	if known then return known end
	local way = pinfo.src_port .. ">" .. pinfo.dst_port
	known = {}
	known.plaintext, known.direction = open(session, way, buffer:raw())
	if known.plaintext then
		local seen, number = session.seen[known.direction], buffer(9, 4):uint()
		known.replayed = seen[number] == true
		seen[number] = true
	end
	frames[key] = known
	return known
end

---------- Bodies

local function ticks(eighths) return (" = %.3f ticks"):format(eighths / 8) end
local function pixels(fixed) return (" = %.2f px"):format(fixed / PIXEL) end

local function add_stamp(tree, body)
	tree:add(f.ts, body(1, 4))
	tree:add(f.echo, body(5, 4))
	local hold = tree:add(f.hold, body(9, 4))
	if body(9, 4):uint() == NO_ECHO then hold:append_text(" (no echo)") end
end

local function add_register(tree, body)
	tree:add(f.player_id, body(13, 1))
	tree:add(f.token, body(14, 16))
	return ("player %d"):format(body(13, 1):uint())
end

local function add_input(tree, body)
	local newest = body(13, 4):uint()
	tree:add(f.newest, body(13, 4))
	local tick, ended, wrong, first = newest, false, nil, "nothing"
	for i = 17, 32 do
		local value = body(i, 1):uint()
		local input, n = math.floor(value / 64), value % 64
		if value == 0 then
			ended = true
		else
			local run = tree:add(f.run, body(i, 1))
			run:add(f.run_input, body(i, 1))
			run:add(f.run_ticks, body(i, 1))
			run:append_text((": %s at the ticks %d to %d"):format(inputs[input], tick - n + 1, tick))
			if i == 17 then first = inputs[input] end
			if ended then wrong = "a run after the end" end
			if n == 0 then wrong = "a run of no ticks" end
			if input == 3 then wrong = "input 3 is never sent up" end
			tick = tick - n
		end
	end
	if newest > 0x7fffffff then wrong = "a tick of 2^31 or more" end
	if newest - tick > 128 then wrong = "more than 128 ticks" end
	if tick < -1 then wrong = "inputs before tick 0" end
	return ("tick %d %s, %d ticks in all"):format(newest, first, newest - tick), wrong
end

-- name, offset, length, and the text after the number
local game = {
	{ "tick", 0, 4 }, { "phase", 4, 1 }, { "timer", 5, 2 }, { "round", 7, 2 }, { "score1", 9, 2 }, { "score2", 11, 2 },
	{ "paddle1", 13, 3, pixels }, { "paddle2", 16, 3, pixels },
	{ "ball_x", 19, 3, pixels }, { "ball_y", 22, 3, pixels },
	{ "ball_vx", 25, 2, pixels }, { "ball_vy", 27, 2, pixels }, { "hits", 29, 2 }, { "walls", 31, 1 },
	{ "serve_to", 32, 1 }, { "serve", 33, 4 }, { "winner", 37, 1 },
}

local function add_game(tree, body)
	for _, field in ipairs(game) do
		local name, offset, length, behind = table.unpack(field)
		local item = tree:add(f[name], body(offset, length))
		if behind then item:append_text(behind(body(offset, length):int())) end
	end
end

-- Returns the applied inputs of both players as digits, newest first, as in the document's example.
local function applied(body)
	local one, two = {}, {}
	for i = 0, HISTORY / 2 - 1 do
		local value = body(i, 1):uint()
		one[#one + 1], two[#two + 1] = math.floor(value / 64), math.floor(value / 16) % 4
		one[#one + 1], two[#two + 1] = math.floor(value / 4) % 4, value % 4
	end
	return table.concat(one), table.concat(two)
end

-- Returns the inputs ahead as digits, and the reason for refusing them, if there is one.
local function ahead(body, receiver)
	local bits, made, wrong = body:uint(), {}, nil
	local n = math.floor(bits / 2 ^ (2 * MAX_AHEAD))
	for i = 0, MAX_AHEAD - 1 do
		local input = math.floor(bits / 2 ^ (2 * (MAX_AHEAD - 1 - i))) % 4
		if i < n then made[#made + 1] = ("%d"):format(input) end
		if i < n and input == 3 then wrong = "input 3 ahead" end
		if i >= n and input ~= 0 then wrong = "a bit after the inputs ahead" end
	end
	if n > 0 and receiver == 0 then wrong = "inputs ahead for a watcher" end
	if n > MAX_AHEAD then wrong = "too many inputs ahead" end
	return table.concat(made), wrong
end

local function add_state(tree, body)
	for _, name in ipairs({ "reason", "pauses1", "pauses2" }) do tree:add(f[name], body(13, 1)) end
	add_game(tree:add(pong, body(14, 38), "Game state"), body(14, 38))
	local tick, wrong = body(14, 4):uint(), nil
	for seat = 1, 2 do
		local range = body(51 + seat, 1)
		local acked = tick + range:int()
		if acked < 0 then wrong, acked = "acknowledged before tick 0", 0 end
		tree:add(f["acked" .. seat], range, acked):append_text((" = tick %+d"):format(range:int()))
	end
	local one, two = applied(body(54, 12))
	tree:add(f.applied1, body(54, 12), one)
	tree:add(f.applied2, body(54, 12), two)
	tree:add(f.lineup, body(66, 1))
	for _, name in ipairs({ "seat1", "seat2", "rematch1", "rematch2" }) do tree:add(f[name], body(67, 1)) end
	tree:add(f.game, body(68, 1))
	tree:add(f.receiver, body(68, 1))
	local least, base = body(69, 1):int(), body(70, 1):int()
	tree:add(f.least, body(69, 1)):append_text(least == NO_MARGIN and " (no input came)" or ticks(least))
	tree:add(f.base, body(70, 1)):append_text(ticks(base))
	tree:add(f.missed, body(71, 1))
	tree:add(f.tail, body(72, 1))
	local loss = body(73, 1):uint()
	tree:add(f.loss, body(73, 1)):append_text((" = %.1f %%"):format(loss / 2.55))
	local made, refused = ahead(body(74, 3), math.floor(body(68, 1):uint() / 64))
	tree:add(f.ahead, body(74, 3), made)
	wrong = wrong or refused

	if math.floor(body(13, 1):uint() / 4) % 8 > 6 or body(13, 1):uint() >= 0xe0 then
		wrong = "an impossible rest of pauses"
	end
	if tick > 0x7fffffff then wrong = "a tick of 2^31 or more" end
	if body(18, 1):uint() > 4 then wrong = "an unknown phase" end
	if body(47, 4):uint() ~= 0 and (body(39, 2):uint() ~= 0 or body(18, 1):uint() == 4) then
		wrong = "a serve in a rally or after a game"
	end
	local left, right = body(67, 1):uint() % 8, math.floor(body(67, 1):uint() / 8) % 8
	if left > 4 or right > 4 then wrong = "an unknown status" end
	if body(68, 1):uint() >= 0xc0 then wrong = "a player id of no player" end
	if base == NO_MARGIN or least == NO_MARGIN and base ~= 0 then wrong = "a base margin of no inputs" end
	local reason = reasons[body(13, 1):uint() % 4]
	return ("tick %d %s, %d:%d%s"):format(tick, phases[body(18, 1):uint()] or "?",
		body(23, 2):uint(), body(25, 2):uint(),
		reason == "regular" and "" or ", " .. reason), wrong
end

local function add_data(tree, body)
	tree:add(f.data, body(13, 8))
	return tostring(body(13, 8):bytes()):lower()
end

local function nothing() return "" end

local bodies = { add_register, add_input, add_state, nothing, add_data, add_data }

-- Shows a plaintext. Returns a summary, and the reason for refusing it, if there is one.
local function add_body(tree, body, direction)
	local kind = body(0, 1):uint()
	local item = tree:add(f.type, body(0, 1))
	if not types[kind] then return ("type %d"):format(kind), "an unknown type" end
	if body:len() ~= lengths[kind] then return types[kind], ("%d bytes, not %d"):format(body:len(), lengths[kind]) end
	item:append_text((", %s"):format(direction))
	add_stamp(tree, body)
	local what, wrong = bodies[kind](tree, body)
	if goes[kind] and goes[kind] ~= direction then wrong = "it goes the other way" end
	return (types[kind] .. " " .. what):gsub(" $", ""), wrong
end

---------- Datagrams

local function dissect(buffer, pinfo, tree)
	pinfo.cols.protocol = "Pong"
	local top = tree:add(pong, buffer())
	if buffer:len() < MIN or buffer:len() > MAX or buffer(0, 1):uint() ~= FIRST_BYTE then
		top:add_proto_expert_info(e.malformed)
		pinfo.cols.info = "not a sealed datagram"
		return
	end
	local number = buffer(9, 4):uint()
	top:add(f.first, buffer(0, 1))
	top:add(f.session, buffer(1, 8))
	local item = top:add(f.number, buffer(9, 4))
	top:add(f.ciphertext, buffer(HEADER, buffer:len() - HEADER - TAG))
	top:add(f.tag, buffer(buffer:len() - TAG, TAG))
	local short = ("#%d, sealed"):format(number)
	pinfo.cols.info = short
	if number == 0 or number > MAX_PACKETS then
		item:add_proto_expert_info(e.malformed, "The packet number is not 1 to 2^23")
		return
	end
	if pong.prefs.keylog == "" then return end

	local session = session_of(buffer:raw(1, 8))
	if not session then
		top:add_proto_expert_info(e.no_key)
		return
	end
	top:add(f.suite, crypto.suites[session.suite].name):set_generated()
	local known = look(buffer, pinfo, session)
	top:add(f.opened, known.plaintext ~= nil):set_generated()
	if not known.plaintext then
		top:add_proto_expert_info(e.forged)
		pinfo.cols.info = short .. ", NOT AUTHENTIC"
		return
	end
	top:add(f.direction, known.direction):set_generated()
	local body = ByteArray.new(known.plaintext, true):tvb("Opened")
	local inside = top:add(pong, body(), "Opened")
	local what, wrong = add_body(inside, body, known.direction)
	pinfo.cols.info = ("%s #%d %s"):format(known.direction, number, what)
	if wrong then
		inside:add_proto_expert_info(e.refused, "Authentic, but to be refused: " .. wrong)
		pinfo.cols.info:append(", REFUSED: " .. wrong)
	end
	if known.replayed then
		top:add(f.replayed, true):set_generated()
		top:add_proto_expert_info(e.replayed)
		pinfo.cols.info:append(", SEEN BEFORE")
	end
end

function pong.dissector(buffer, pinfo, tree)
	dissect(buffer, pinfo, tree)
	return buffer:len()
end

-- Servers may use any port, so a datagram is recognized by its form: the first byte, a possible packet number, and a
-- session in the key log or a length of the protocol.
local function looks_right(buffer)
	if buffer:len() < MIN or buffer:len() > MAX or buffer(0, 1):uint() ~= FIRST_BYTE then return false end
	local number = buffer(9, 4):uint()
	if number == 0 or number > MAX_PACKETS then return false end
	if session_of(buffer:raw(1, 8)) then return true end
	for _, length in pairs(lengths) do
		if buffer:len() == HEADER + length + TAG then return true end
	end
	return false
end

pong:register_heuristic("udp", function(buffer, pinfo, tree)
	if not looks_right(buffer) then return false end
	dissect(buffer, pinfo, tree)
	return true
end)
DissectorTable.get("udp.port"):add(5556, pong)
