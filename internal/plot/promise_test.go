package plot

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// randomFrontier draws figures of every kind of crowding: few and many packages, named points that coincide, long names.
func randomFrontier(t *rapid.T) Frontier {
	coord := rapid.Float64Range(0, 100)
	point := rapid.Custom(func(t *rapid.T) Point { return Point{coord.Draw(t, "x"), coord.Draw(t, "y")} })
	f := Frontier{
		X: Axis{Name: "worth to Northland", ReserveLabel: "Northland accepts to the right of this", HasReserve: rapid.Bool().Draw(t, "rx"), Reserve: coord.Draw(t, "rvx")},
		Y: Axis{Name: "worth to Southmark", ReserveLabel: "Southmark accepts above this", HasReserve: rapid.Bool().Draw(t, "ry"), Reserve: coord.Draw(t, "rvy")},
	}
	f.Best = rapid.SliceOfN(point, 1, 30).Draw(t, "best")
	f.Packages = rapid.SliceOfN(point, 0, 60).Draw(t, "packages")
	for i := range rapid.IntRange(0, maxMarks).Draw(t, "named") {
		at := rapid.OneOf(point, rapid.SampledFrom(f.Best)).Draw(t, "at")
		name := strings.Repeat("long ", rapid.IntRange(0, 30).Draw(t, "length")) + fmt.Sprint("name ", i)
		f.Named = append(f.Named, Named{Kind(rapid.IntRange(0, 3).Draw(t, "kind")), name, rapid.SampledFrom([]string{"", "N 1 · S 2"}).Draw(t, "note"), at})
	}
	return f
}

func TestNoLabelLiesOnAnotherNorLeavesTheSheet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := randomFrontier(t)
		w := rapid.SampledFrom([]float64{Phone, Wide, 1000}).Draw(t, "width")
		d, err := f.Draw(words(w))
		if err != nil {
			t.Fatal(err)
		}
		holdLabels(t, d)
		said := strings.Join(d.words(), "\n")
		for _, n := range f.Named {
			if first := strings.Fields(n.Name)[0]; !strings.Contains(said, first) {
				t.Fatalf("%q is neither beside its point nor in the key", n.Name)
			}
		}
	})
}

func holdLabels(t *rapid.T, d *Drawing) {
	sheet := box{0, 0, d.Width, d.Height}.grow(0.5)
	for i, a := range d.labels {
		if !a.within(sheet) {
			t.Fatalf("label %q at %+v leaves the sheet of %v × %v", d.words()[i], a, d.Width, d.Height)
		}
		for j, b := range d.labels[:i] {
			if a.grow(-0.5).meets(b.grow(-0.5)) {
				t.Fatalf("labels %q and %q overlap: %+v %+v", d.words()[i], d.words()[j], a, b)
			}
		}
	}
}

// words are the lines of text of a drawing, in the order of its labels.
func (d *Drawing) words() (out []string) {
	for _, m := range d.marks {
		if m.shape == textMark {
			out = append(out, m.text)
		}
	}
	return out
}

func TestParallelScalesNameEveryLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(t, "parties")
		worth := rapid.SliceOfN(rapid.Float64Range(-5, 5), n, n)
		f := Parallel{Best: rapid.SliceOfN(worth, 0, 10).Draw(t, "best")}
		for i := range n {
			f.Axes = append(f.Axes, Axis{Name: fmt.Sprint("Party with a long name ", i), HasReserve: rapid.Bool().Draw(t, "r")})
		}
		for i := range rapid.IntRange(1, maxMarks).Draw(t, "named") {
			f.Named = append(f.Named, Line{Kind(i % 2), fmt.Sprint("line ", i), rapid.SampledFrom([]string{"", "a note"}).Draw(t, "note"), worth.Draw(t, "at")})
		}
		d, err := f.Draw(words(rapid.SampledFrom([]float64{Phone, Wide}).Draw(t, "width")))
		if err != nil {
			t.Fatal(err)
		}
		holdLabels(t, d)
		for i := range f.Named {
			if !strings.Contains(strings.Join(d.words(), "\n")+"\n", fmt.Sprintf("line %d\n", i)) {
				t.Fatalf("line %d has no name", i)
			}
		}
	})
}

// TestSVGIsPlainAndStrict reads every figure back as XML and looks for what a strict content policy would stop.
func TestSVGIsPlainAndStrict(t *testing.T) {
	for name, f := range figures() {
		for _, alone := range []bool{true, false} {
			d, err := f.Draw(Options{Title: `What <it> is "worth"`, Desc: "A & B"})
			if err != nil {
				t.Fatal(name, err)
			}
			var b bytes.Buffer
			if alone {
				err = d.SVG(&b)
			} else {
				err = d.Inline(&b)
			}
			if err != nil {
				t.Fatal(name, err)
			}
			var title, desc string
			dec := xml.NewDecoder(&b)
			for {
				tok, err := dec.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				e, ok := tok.(xml.StartElement)
				if !ok {
					continue
				}
				switch e.Name.Local {
				case "title":
					dec.DecodeElement(&title, &e)
				case "desc":
					dec.DecodeElement(&desc, &e)
				case "script", "image", "use", "foreignObject":
					t.Errorf("%s holds <%s>", name, e.Name.Local)
				case "style":
					if !alone {
						t.Errorf("%s, inline, holds <style>", name)
					}
				}
				for _, a := range e.Attr {
					if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Name.Local, "href") {
						t.Errorf("%s: <%s %s> would be stopped by a strict policy", name, e.Name.Local, a.Name.Local)
					}
				}
			}
			if title != `What <it> is "worth"` || desc != "A & B" {
				t.Errorf("%s: title %q, description %q", name, title, desc)
			}
		}
	}
}

func TestEveryClassHasALook(t *testing.T) {
	for name, f := range figures() {
		for _, w := range []float64{Phone, Wide} {
			d, err := f.Draw(words(w))
			if err != nil {
				t.Fatal(name, err)
			}
			for _, m := range d.marks {
				if l, ok := lookOf()[m.class]; !ok || l.text != (m.shape == textMark) {
					t.Errorf("%s: a mark of class %q has no look of its kind", name, m.class)
				}
			}
		}
	}
}

// TestPaintedMarksAreWhereTheyAreDrawn looks at pixels: ink in the middle of a solution's disc, paper off the plot.
func TestPaintedMarksAreWhereTheyAreDrawn(t *testing.T) {
	f := Frontier{
		X: Axis{Name: "N", Min: 0, Max: 100}, Y: Axis{Name: "S", Min: 0, Max: 100},
		Best: []Point{{50, 50}}, Named: []Named{{Lone, "here", "", Point{50, 50}}},
	}
	d, err := f.Draw(words(Wide))
	if err != nil {
		t.Fatal(err)
	}
	const scale = 2.0
	img, err := d.Image(scale)
	if err != nil {
		t.Fatal(err)
	}
	at := newPlane(f, d.opt).at(Point{50, 50})
	got := img.RGBAAt(int(at.x*scale), int(at.y*scale))
	want := rgb(light["ink"])
	if got.R != want.R || got.G != want.G || got.B != want.B {
		t.Errorf("the diamond's middle has colour %v, not ink %v", got, want)
	}
	if c := img.RGBAAt(2, img.Bounds().Dy()/2); c.R != 0xfb {
		t.Errorf("the margin has colour %v, not paper", c)
	}
	again, _ := d.Image(scale)
	if !bytes.Equal(img.Pix, again.Pix) {
		t.Error("the same drawing painted twice differs")
	}
}

func TestUndrawableFiguresAreRefusedInASentence(t *testing.T) {
	ok := lakeOrra()
	with := func(change func(*Frontier)) Frontier {
		f := ok
		f.Named = append([]Named{}, ok.Named...)
		change(&f)
		return f
	}
	many := make([]Named, maxMarks+1)
	for _, c := range []struct {
		why string
		f   interface {
			Draw(Options) (*Drawing, error)
		}
		o    Options
		want string
	}{
		{"no title", ok, Options{Desc: "d"}, "needs a title"},
		{"no width", ok, Options{Title: "t", Desc: "d", Width: 3}, "width"},
		{"NaN", with(func(f *Frontier) { f.Named[0].At.X = math.NaN() }), words(0), "Largest sum"},
		{"infinite", with(func(f *Frontier) { f.Best = []Point{{math.Inf(1), 0}} }), words(0), "package 1"},
		{"too many names", with(func(f *Frontier) { f.Named = many }), words(0), "13 named packages"},
		{"nothing", Frontier{}, words(0), "no package"},
		{"long name", with(func(f *Frontier) { f.Named[0].Name = strings.Repeat("x", 201) }), words(0), "201 characters"},
		{"id", ok, Options{Title: "t", Desc: "d", ID: `x" onload="`}, "letters, digits"},
		{"one scale", Parallel{Axes: make([]Axis, 1)}, words(0), "2 to 12 parties"},
		{"uneven", Parallel{Axes: make([]Axis, 3), Named: []Line{{Name: "a", At: []float64{1, 2}}}}, words(0), "2 worths for 3 parties"},
		{"share", Bars{Rows: []Bar{{Name: "a", Parts: []Part{{"b", 1.5}}}}}, words(0), "between 0 and 1"},
		{"shares", Bars{Rows: []Bar{{Name: "a", Parts: []Part{{"b", 0.7}, {"c", 0.7}}}}}, words(0), "more than 1"},
	} {
		if _, err := c.f.Draw(c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want a sentence with %q", c.why, err, c.want)
		}
	}
	d, err := with(func(f *Frontier) { f.Named[0].Name = "حزمة" }).Draw(words(0))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.PNG(io.Discard, 1); err == nil || !strings.Contains(err.Error(), "no letter") {
		t.Errorf("Arabic as PNG: %v, want the letter named rather than an empty box", err)
	}
	if err := d.SVG(io.Discard); err != nil {
		t.Errorf("Arabic as SVG: %v", err)
	}
	if err := d.PNG(io.Discard, 100); err == nil {
		t.Error("a scale of 100 was painted")
	}
}

func TestCloudIsThinnedAndTheFrontierIsNot(t *testing.T) {
	f := Frontier{X: Axis{Name: "N"}, Y: Axis{Name: "S"}}
	for i := range 60000 {
		f.Packages = append(f.Packages, Point{float64(i * 7919 % 60013), float64(i * 104729 % 60013)})
	}
	for i := range 500 {
		f.Best = append(f.Best, Point{60013 + float64(i*100), 110013 - float64(i*100)})
	}
	d, err := f.Draw(words(0))
	if err != nil {
		t.Fatal(err)
	}
	dots, rings := 0, 0
	for _, m := range d.marks {
		switch m.class {
		case "all":
			dots++
		case "pt":
			rings++
		}
	}
	if dots > maxDots || dots < maxDots/4 || rings != 500 {
		t.Errorf("%d dots and %d rings; want at most %d dots, far more than none, and every one of 500 rings", dots, rings, maxDots)
	}
}

func TestSpreadKeepsOrderAndDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Float64Range(0, 100), 1, 12).Draw(t, "want")
		for i := 1; i < len(want); i++ {
			want[i] = math.Max(want[i], want[i-1])
		}
		got := spread(want, 8, 0, 100)
		for i := range got {
			if got[i] < -1e-9 || got[i] > 100+1e-9 || i > 0 && got[i]-got[i-1] < 8-1e-9 {
				t.Fatalf("spread(%v) = %v", want, got)
			}
		}
	})
}

func TestTicksAreRound(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		want   string
	}{
		{0, 100, "0 20 40 60 80 100"}, {0, 1, "0.0 0.2 0.4 0.6 0.8 1.0"}, {-0.2, 0.65, "−0.2 0.0 0.2 0.4 0.6"}, {12, 14, "12.0 12.5 13.0 13.5 14.0"}, {0, 298, "0 100 200"},
	} {
		var got []string
		for _, k := range ticks(c.lo, c.hi, 5) {
			got = append(got, k.text)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("ticks from %v to %v: %s, want %s", c.lo, c.hi, s, c.want)
		}
	}
}

func BenchmarkFrontierDraw(b *testing.B) {
	f := lakeOrra()
	for b.Loop() {
		if _, err := f.Draw(words(0)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFrontierPNG(b *testing.B) {
	d, err := lakeOrra().Draw(words(0))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := d.PNG(io.Discard, 2); err != nil {
			b.Fatal(err)
		}
	}
}
