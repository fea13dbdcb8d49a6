package qr

import (
	"crypto/sha256"
	"image"
	"image/color"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"pong/internal/trust"
)

// The size of a terminal's character in the pictures: about twice as high as wide, as in most terminals.
const cellWidth, cellHeight = 9, 18

// A theme has the two colours of a terminal.
type theme struct{ ink, paper uint8 }

var (
	dark  = theme{229, 0}
	light = theme{0, 255}
)

// photograph returns a picture of a terminal that shows a text of half blocks, in the colours that the text sets,
// otherwise in the terminal's own.
func photograph(t testing.TB, text string, own theme) image.Image {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 80*cellWidth, 40*cellHeight))
	for i := range picture.Pix {
		picture.Pix[i] = own.paper
	}
	x, y, now := 0, 0, own
	for text != "" {
		for code, then := range map[string]theme{qrColour: {255, 0}, qrPlain: own} {
			if rest, found := strings.CutPrefix(text, code); found {
				text, now = rest, then
			}
		}
		c, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		switch c {
		case '\n':
			x, y = 0, y+1
			continue
		case utf8.RuneError: // the end
			continue
		case ' ', '█', '▀', '▄':
		default:
			t.Fatalf("unexpected character %q", c)
		}
		for i := range cellWidth * cellHeight {
			upper, colour := i/cellWidth < cellHeight/2, now.paper
			if c == '█' || c == '▀' && upper || c == '▄' && !upper {
				colour = now.ink
			}
			picture.SetGray(x*cellWidth+i%cellWidth, y*cellHeight+i/cellWidth, color.Gray{Y: colour})
		}
		x++
	}
	return picture
}

// scan decodes the QR code in a picture with the Go port of ZXing, which many phones use.
func scan(t testing.TB, picture image.Image) (string, error) {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	hints := map[gozxing.DecodeHintType]interface{}{gozxing.DecodeHintType_TRY_HARDER: true}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		return "", err
	}
	return result.GetText(), nil
}

// TestWrite_Scans expects a phone to read exactly the link off the terminal, with the server's fingerprint.
func TestWrite_Scans(t *testing.T) {
	key := trust.Fingerprint(sha256.Sum256([]byte("abc")))
	for _, address := range []string{"127.0.0.1:5555", "192.168.178.21:5555",
		"[2001:db8:85a3:8d3:1319:8a2e:370:7348]:65535", "pong.department.university.example.org:5555"} {
		link := trust.JoinLink{Address: address, Key: key, HasKey: true}
		for _, on := range []struct {
			name   string
			colour bool
			theme  theme
		}{{"a dark terminal", true, dark}, {"a light terminal", true, light}, {"a dark terminal without colour", false,
			dark}} {
			var text strings.Builder
			if err := Write(&text, link.String(), on.colour); err != nil {
				t.Fatal(err)
			}
			read, err := scan(t, photograph(t, text.String(), on.theme))
			if err != nil || read != link.String() {
				t.Errorf("%s on %s was scanned as %q, %v", link, on.name, read, err)
				continue
			}
			if again, err := trust.ParseJoinLink(read); err != nil || again != link {
				t.Errorf("%s was scanned and parsed as %+v, %v", link, again, err)
			}
		}
	}
}

// TestModules_Scan draws the modules as a window does, and expects a phone to read the text off them.
func TestModules_Scan(t *testing.T) {
	const text = "pong://192.168.178.21:5555/#k=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8&r=river-otter-maple-cloud"
	rows, err := Modules(text)
	if err != nil {
		t.Fatal(err)
	}
	const size = 4 // pixels of a module
	picture := image.NewGray(image.Rect(0, 0, size*len(rows), size*len(rows)))
	for i := range picture.Pix {
		if x, y := i%picture.Stride, i/picture.Stride; !rows[y/size][x/size] {
			picture.Pix[i] = 255
		}
	}
	if read, err := scan(t, picture); err != nil || read != text {
		t.Errorf("%s was scanned as %q, %v", text, read, err)
	}
	if _, err := Modules(strings.Repeat("x", maxQR+1)); err == nil {
		t.Error("a text that is too long: got no error")
	}
}
