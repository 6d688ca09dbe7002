package plot

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
)

var show = flag.String("show", "", "folder to write the figures of the tests to, to be looked at")

// lakeOrra is an invented case: a level, a quantity, a season, readings and a seat, worth 0 to 100 to each side.
func lakeOrra() Frontier {
	type option struct{ n, s float64 }
	issues := [][]option{
		{{0, 24}, {6, 22}, {13, 15}, {18, 9}, {22, 0}},
		{{0, 30}, {9, 24}, {14, 19}, {21, 9}, {30, 0}},
		{{0, 8}, {10, 0}, {4, 6}},
		{{0, 14}, {6, 11}, {9, 3}, {12, 0}},
		{{0, 10}, {12, 0}},
		{{0, 14}, {6, 9}, {14, 0}},
	}
	all := []Point{{}}
	for _, is := range issues {
		var next []Point
		for _, p := range all {
			for _, o := range is {
				next = append(next, Point{p.X + o.n, p.Y + o.s})
			}
		}
		all = next
	}
	var best []Point
	for _, p := range all {
		ok := true
		for _, q := range all {
			if q != p && q.X >= p.X && q.Y >= p.Y {
				ok = false
			}
		}
		if ok {
			best = append(best, p)
		}
	}
	sum, product, even := best[0], best[0], best[0]
	gain := func(p Point) (float64, float64) { return p.X - 40, p.Y - 38 }
	for _, p := range best {
		a, b := gain(p)
		if a < 0 || b < 0 {
			continue
		}
		if p.X+p.Y > sum.X+sum.Y {
			sum = p
		}
		if c, d := gain(product); a*b > c*d || c < 0 {
			product = p
		}
		if c, d := gain(even); math.Min(a, b) > math.Min(c, d) {
			even = p
		}
	}
	note := func(p Point) string { return fmt.Sprintf("N %.1f · S %.1f", p.X, p.Y) }
	draft := Point{48, 43}
	return Frontier{
		X:        Axis{Name: "worth to Northland", Min: 0, Max: 100, Reserve: 40, HasReserve: true, ReserveLabel: "Northland accepts to the right of 40"},
		Y:        Axis{Name: "worth to Southmark", Min: 0, Max: 100, Reserve: 38, HasReserve: true, ReserveLabel: "Southmark accepts above 38"},
		Packages: all, Best: best,
		Named: []Named{
			{Solution, "Largest sum", note(sum), sum}, {Solution, "Largest product", note(product), product}, {Solution, "Most even gains", note(even), even},
			{Draft, "Draft, Rev. 4", note(draft), draft}, {Ideal, "Ideal point", "not to be had", Point{78, 80}},
		},
	}
}

func words(width float64) Options {
	return Options{Width: width, Title: "What each package is worth", Desc: "A figure of a test."}
}

func figures() map[string]interface {
	Draw(Options) (*Drawing, error)
} {
	tied := lakeOrra()
	tied.Named[1].At = tied.Named[0].At
	crowded := lakeOrra()
	for i := 0; i < 6; i++ {
		p := crowded.Best[len(crowded.Best)/2+i]
		crowded.Named = append(crowded.Named, Named{Solution, fmt.Sprintf("A package with a rather long name, %d", i+1), fmt.Sprintf("N %.1f · S %.1f", p.X, p.Y), p})
	}
	bare := Frontier{X: Axis{Name: "buyer"}, Y: Axis{Name: "seller"}, Best: []Point{{0.25, 1}, {0.5, 0.5}}, Named: []Named{{Solution, "Nash", "", Point{0.5, 0.5}}}}
	four := Parallel{
		Axes: []Axis{
			{Name: "Northland", Max: 100, Reserve: 30, HasReserve: true}, {Name: "Southmark", Max: 100, Reserve: 45, HasReserve: true},
			{Name: "Westerly", Max: 100}, {Name: "Republic of Eastmoor", Short: "Eastmoor", Max: 1, Reserve: 0.2, HasReserve: true},
		},
		Named: []Line{
			{Solution, "Largest sum", "298 in all", []float64{62, 71, 55, 0.61}}, {Solution, "Largest product", "", []float64{58, 64, 70, 0.66}},
			{Solution, "Most even gains", "26 each", []float64{56, 71, 66, 0.64}}, {Draft, "Draft, Rev. 4", "", []float64{40, 50, 61, 0.34}},
		},
	}
	for i := 0; i < 60; i++ {
		t := float64(i) / 59
		four.Best = append(four.Best, []float64{20 + 70*t, 95 - 60*t*t, 40 + 40*math.Sin(7*t), 0.2 + 0.6*math.Abs(math.Cos(5*t))})
	}
	return map[string]interface {
		Draw(Options) (*Drawing, error)
	}{
		"frontier": lakeOrra(), "frontier-tied": tied, "frontier-crowded": crowded, "frontier-bare": bare, "parallel": four,
		"bars": Bars{Unit: "share of 1,000 draws, weights ±10 %", Rows: []Bar{
			{"Lowest level", "does not depend on the weights", []Part{{"211.48 m", 1}}},
			{"Quantity", "", []Part{{"43 million m³", 0.81}, {"45 million m³", 0.16}, {"40 million m³", 0.03}}},
			{"Closed season", "", []Part{{"none", 0.55}, {"15 March to 15 May", 0.45}}},
			{"Readings", "six options", []Part{{"monthly", 0.40}, {"hourly", 0.3}, {"daily", 0.2}, {"yearly", 0.096}, {"never", 0.004}}},
		}},
	}
}

func TestShow(t *testing.T) {
	if *show == "" {
		t.Skip("figures are written for the eye with -show FOLDER only")
	}
	for name, f := range figures() {
		for _, w := range []float64{Phone, Wide} {
			d, err := f.Draw(words(w))
			if err != nil {
				t.Fatal(name, err)
			}
			for ext, write := range map[string]func(*bytes.Buffer) error{
				"svg": func(b *bytes.Buffer) error { return d.SVG(b) },
				"png": func(b *bytes.Buffer) error { return d.PNG(b, 2) },
			} {
				var b bytes.Buffer
				if err := write(&b); err != nil {
					t.Fatal(name, err)
				}
				if err := os.WriteFile(filepath.Join(*show, fmt.Sprintf("%s-%.0f.%s", name, w, ext)), b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
