//go:build !nogui

package gui

import "testing"

func TestBoxShader_Compiles(t *testing.T) {
	if boxShader() == nil {
		t.Error("no shader")
	}
}

func TestBatch_CoversABoxWithItsEdges(t *testing.T) {
	var b batch
	b.add(100, 50, 20, 10, 3, 2, tint{R: 0xff, A: 0x80})
	b.add(1, 1, 1, 1, 0, 0, colorInk)
	if len(b.vertices) != 8 || len(b.indices) != 12 {
		t.Fatalf("two boxes are %d vertices and %d indices, want 8 and 12", len(b.vertices), len(b.indices))
	}
	for _, v := range b.vertices[:4] {
		if v.DstX-v.SrcX != 100 || v.DstY-v.SrcY != 50 || abs(v.SrcX) != 21 || abs(v.SrcY) != 11 {
			t.Errorf("a corner is at %v, %v and %v, %v from the middle; want 100, 50 and a pixel over the edge",
				v.DstX, v.DstY, v.SrcX, v.SrcY)
		}
		if v.ColorR != v.ColorA || v.ColorA > 0.51 || v.ColorG != 0 {
			t.Errorf("a half-transparent red is %v %v %v %v, want it multiplied by its opacity",
				v.ColorR, v.ColorG, v.ColorB, v.ColorA)
		}
	}
	for _, i := range b.indices[6:] {
		if i < 4 {
			t.Errorf("the second box uses corner %d of the first", i)
		}
	}
}

func abs(v float32) float32 { return max(v, -v) }
