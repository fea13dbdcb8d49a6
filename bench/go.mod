module pong/bench

go 1.26.8

require pong v0.0.0

replace pong => ../
