//go:build !nogui

package gui

import "pong/internal/client"

// phase is where the window stands: before, while and after there is a session.
//
//	prompt <-> menu <-> dialing -> match -> menu
//	   ^        ^ |      | ^  |
//	   |        | v      v |  v
//	   |       question ---'  failed -> menu, or prompt if the server was never reached
//	   '------------------------'
//
// With an address it begins by dialing. The menu asks the server what is being played, which may raise the question
// of trust as well.
type phase uint8

const (
	phasePrompt phase = iota
	phaseMenu
	phaseDialing
	phaseQuestion
	phaseFailed
	phaseMatch
)

// scene is one of the pictures that a person can see.
type scene uint8

const (
	sceneAddress scene = iota
	sceneMenu
	sceneConnecting
	sceneTrust
	sceneFailed
	sceneWaiting
	sceneReady
	sceneCountdown
	scenePlaying
	sceneScored
	scenePaused
	sceneOver
	sceneLost
	sceneClosed
)

// sceneOf chooses the picture. The stage matters only while there is a session. A stage that this window does not
// know is shown as the field.
func sceneOf(p phase, stage client.Stage) scene {
	switch p {
	case phasePrompt:
		return sceneAddress
	case phaseMenu:
		return sceneMenu
	case phaseDialing:
		return sceneConnecting
	case phaseQuestion:
		return sceneTrust
	case phaseFailed:
		return sceneFailed
	}
	switch stage {
	case client.StageWaiting:
		return sceneWaiting
	case client.StageReady:
		return sceneReady
	case client.StageCountdown:
		return sceneCountdown
	case client.StageScored:
		return sceneScored
	case client.StagePaused:
		return scenePaused
	case client.StageOver:
		return sceneOver
	case client.StageLost:
		return sceneLost
	case client.StageClosed:
		return sceneClosed
	}
	return scenePlaying
}

// inMatch reports whether the scene shows a session.
func (s scene) inMatch() bool { return s >= sceneWaiting }
