//go:build !nogui

package gui

import (
	"sync"

	"github.com/hajimehoshi/ebiten/v2"
)

// boxSource draws a box with rounded corners and smooth edges: the distance of a pixel from the outline decides how
// much of the pixel is covered. src is the offset from the middle of the box; custom holds half the width, half the
// height, the radius of the corners and the width of the edge, which is 0 for a filled box.
//
// One program draws boxes, discs and rings, because vector.FillPath needs two passes for each shape: without a graphics
// card that gave 23 frames a second instead of 60.
const boxSource = `//kage:unit pixels
package main

func Fragment(dst vec4, src vec2, color vec4, custom vec4) vec4 {
	q := abs(src) - custom.xy + custom.z
	d := length(max(q, vec2(0))) + min(max(q.x, q.y), 0) - custom.z
	cover := clamp(0.5 - d, 0, 1)
	if custom.w > 0 {
		cover *= clamp(0.5 + d + custom.w, 0, 1)
	}
	return color * cover
}
`

var boxShader = sync.OnceValue(func() *ebiten.Shader {
	s, err := ebiten.NewShader([]byte(boxSource))
	if err != nil {
		panic("gui: the shader of this binary is broken: " + err.Error())
	}
	return s
})

// A batch collects boxes to draw them in one call.
type batch struct {
	vertices []ebiten.Vertex
	indices  []uint16
}

// boxMargin is how far the quad of a box extends beyond its outline, for pixels that are half covered.
const boxMargin = 1

// add adds a box in device pixels, given by its middle.
func (b *batch) add(x, y, halfWidth, halfHeight, round, stroke float64, c tint) {
	first := uint16(len(b.vertices))
	alpha := float32(c.A) / 0xff
	for _, corner := range [...][2]float64{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		dx, dy := corner[0]*(halfWidth+boxMargin), corner[1]*(halfHeight+boxMargin)
		b.vertices = append(b.vertices, ebiten.Vertex{
			DstX: float32(x + dx), DstY: float32(y + dy),
			SrcX: float32(dx), SrcY: float32(dy),
			ColorR: float32(c.R) / 0xff * alpha, ColorG: float32(c.G) / 0xff * alpha,
			ColorB: float32(c.B) / 0xff * alpha, ColorA: alpha,
			Custom0: float32(halfWidth), Custom1: float32(halfHeight),
			Custom2: float32(round), Custom3: float32(stroke),
		})
	}
	b.indices = append(b.indices, first, first+1, first+2, first, first+2, first+3)
}

// flush draws and empties the batch.
func (b *batch) flush(dst *ebiten.Image) {
	if len(b.indices) > 0 {
		dst.DrawTrianglesShader(b.vertices, b.indices, boxShader(), nil)
	}
	b.vertices, b.indices = b.vertices[:0], b.indices[:0]
}
