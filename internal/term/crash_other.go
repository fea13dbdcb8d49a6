//go:build !unix && !js

package term

import tea "charm.land/bubbletea/v2"

// restoreAtCrash does nothing: there are no such signals here.
func restoreAtCrash(*tea.Program) (end func()) { return func() {} }
