//go:build !nogui

package gui

import (
	"testing"

	"pong/internal/client"
)

func TestEveryStageHasItsScene(t *testing.T) {
	for stage, want := range map[client.Stage]scene{
		client.StageWaiting:   sceneWaiting,
		client.StageReady:     sceneReady,
		client.StageCountdown: sceneCountdown,
		client.StagePlaying:   scenePlaying,
		client.StageScored:    sceneScored,
		client.StagePaused:    scenePaused,
		client.StageOver:      sceneOver,
		client.StageLost:      sceneLost,
		client.StageClosed:    sceneClosed,
		200:                   scenePlaying, // of a later client
	} {
		if got := sceneOf(phaseMatch, stage); got != want || !got.inMatch() {
			t.Errorf("stage %d shows scene %d, want %d, in a match", stage, got, want)
		}
	}
}

func TestOutsideOfAMatchTheStageIsIgnored(t *testing.T) {
	for p, want := range map[phase]scene{
		phasePrompt: sceneAddress, phaseMenu: sceneMenu, phaseDialing: sceneConnecting, phaseQuestion: sceneTrust, phaseFailed: sceneFailed,
	} {
		if got := sceneOf(p, client.StagePlaying); got != want || got.inMatch() {
			t.Errorf("phase %d shows scene %d, want %d, outside of a match", p, got, want)
		}
	}
}
