package game

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unsafe"
)

// step plays a tick with the serve of a seed, if one is to be drawn.
func step(rules Rules, s State, in Inputs) State { return Step(rules, s, in, s.SeededServe(7)) }

// advance steps s by n ticks of the same inputs.
func advance(rules Rules, s State, in Inputs, n int) State {
	for range n {
		s = step(rules, s, in)
	}
	return s
}

// until steps s until it is in the phase, and fails after a minute of play.
func until(tb testing.TB, rules Rules, s State, in Inputs, phase Phase) State {
	tb.Helper()
	for range 60 * TickRate {
		if s.Phase == phase {
			return s
		}
		s = step(rules, s, in)
	}
	tb.Fatalf("phase %d did not come within a minute: %+v", phase, s)
	return s
}

// rally returns a state in the middle of a rally, with the ball as given and
// the paddles in the middle.
func rally(ball Ball) State {
	s := New(Rules{}, 1)
	s.Phase, s.Round, s.Ball = Playing, 1, ball
	return s
}

// must fails the test if Step cannot reach s.
func must(tb testing.TB, s State) {
	tb.Helper()
	if err := s.check(); err != nil {
		tb.Fatalf("%v: %+v", err, s)
	}
}

func TestState_NewWaitsInTheMiddle(t *testing.T) {
	for seed := range uint64(100) {
		s := New(DefaultRules(), seed)
		must(t, s)
		want := State{
			Paddle:  [2]Fixed{250 * One, 250 * One},
			Ball:    Ball{X: 395 * One, Y: 295 * One},
			ServeTo: s.ServeTo,
		}
		if s != want {
			t.Fatalf("seed %d: got %+v, want %+v", seed, s, want)
		}
	}
}

func TestState_IsASmallValue(t *testing.T) {
	if size := unsafe.Sizeof(State{}); size > 64 {
		t.Errorf("State has %d bytes, want 64 at most: it is copied at every tick", size)
	}
	var walk func(name string, typ reflect.Type)
	walk = func(name string, typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Struct:
			for i := range typ.NumField() {
				walk(name+"."+typ.Field(i).Name, typ.Field(i).Type)
			}
		case reflect.Array:
			walk(name, typ.Elem())
		case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Int32:
		default:
			t.Errorf("%s is a %v: a State holds integers of fixed size only", name, typ)
		}
	}
	walk("State", reflect.TypeFor[State]())
}

// The reasons are in docs/architecture.md: floats differ between machines, and time and randomness must be arguments.
func TestSource_HasNoFloatsMapsOrForeignImports(t *testing.T) {
	allowed := []string{"errors", "strconv", "encoding/binary"}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			if path, _ := strconv.Unquote(spec.Path.Value); !slices.Contains(allowed, path) {
				t.Errorf("%s imports %q", name, path)
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.BasicLit:
				if node.Kind == token.FLOAT || node.Kind == token.IMAG {
					t.Errorf("%s: %s is a float", files.Position(node.Pos()), node.Value)
				}
			case *ast.Ident:
				if strings.HasPrefix(node.Name, "float") || strings.HasPrefix(node.Name, "complex") {
					t.Errorf("%s: %s", files.Position(node.Pos()), node.Name)
				}
			case *ast.MapType, *ast.GoStmt, *ast.ChanType:
				t.Errorf("%s: a map, goroutine or channel", files.Position(node.Pos()))
			}
			return true
		})
	}
}
