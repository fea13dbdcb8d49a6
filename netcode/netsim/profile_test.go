package netsim

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestProfile_ValidateAccepts(t *testing.T) {
	for name, p := range map[string]Profile{
		"perfect":  {},
		"all lost": {Loss: 1, Burst: 2.5},
		"everything": {
			Delay: 30 * time.Millisecond, Jitter: 4 * time.Millisecond, Spike: 0.08, SpikeDelay: 80 * time.Millisecond,
			Loss: 0.02, Burst: 2.5, Reorder: 0.05, Duplicate: 0.05, Corrupt: 0.01, Rate: 64000,
			Queue:       300 * time.Millisecond,
			OutageEvery: time.Minute, OutageFor: 5 * time.Second, Pace: 50 * time.Millisecond,
		},
	} {
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestProfile_ValidateNamesTheField(t *testing.T) {
	for _, test := range []struct {
		profile Profile
		want    string
	}{
		{Profile{Loss: 1.5}, "loss 1.5: must be a probability between 0 and 1"},
		{Profile{Loss: math.NaN()}, "loss NaN"},
		{Profile{Reorder: -0.1}, "reorder -0.1"},
		{Profile{Duplicate: 2}, "duplicate 2"},
		{Profile{Corrupt: 2}, "corrupt 2"},
		{Profile{Spike: 2}, "spike 2"},
		{Profile{Spike: 0.1}, "spike 0.1: needs a spike delay"},
		{Profile{Delay: -time.Second}, "delay -1s: must be between 0 and 1h0m0s"},
		{Profile{Delay: 2 * time.Hour}, "delay 2h0m0s"},
		{Profile{Jitter: -1}, "jitter -1ns"},
		{Profile{SpikeDelay: -1}, "spike delay -1ns"},
		{Profile{Queue: -1}, "queue -1ns"},
		{Profile{Burst: 0.5}, "burst 0.5: must be 0 or a number of packets from 1 on"},
		{Profile{Burst: math.Inf(1)}, "burst +Inf"},
		{Profile{Burst: math.NaN()}, "burst NaN"},
		{Profile{Pace: -1}, "pace -1ns"},
		{Profile{Pace: 2 * time.Hour}, "pace 2h0m0s"},
		{Profile{Pace: time.Microsecond}, "pace 1µs: must be 0 for losses packet by packet, or 1ms or more"},
		{Profile{Rate: -1}, "rate -1"},
		{Profile{OutageEvery: -1}, "time between outages -1ns"},
		{Profile{OutageFor: -1}, "length of an outage -1ns"},
		{Profile{OutageFor: 1}, "needs a time between outages"},
		{Profile{OutageFor: 2, OutageEvery: 1}, "must not be more than the time between outages"},
	} {
		err := test.profile.Validate()
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: error %v, want %q", test.profile, err, test.want)
		}
	}
}
