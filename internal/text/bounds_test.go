package text

import (
	"flag"
	"strings"
	"testing"
)

var everything = flag.Bool("long", false, "try hostile sources of the full size")

// A sample like the one of 2009, of our own making: 18 brackets open and 17
// close, two deep.
const unbalanced = `10. [Developed country Parties [and other Parties in a position to do so]
shall][should] provide [new] [and] [additional] resources, [amounting to [0.5][1.5] per cent of output,]
by [2015][2020], [subject to [review][verification]], and [report [annually] thereon.

11. [Adaptation funding has [priority].]`

func TestUnbalancedSample(t *testing.T) {
	var want struct {
		Expected struct {
			Open, Close, Unclosed int
			Depth                 int `json:"max_depth"`
		}
	}
	cases(t, "cop15-nested", &want)
	e := want.Expected
	if o, c := strings.Count(unbalanced, "["), strings.Count(unbalanced, "]"); o != e.Open || c != e.Close {
		t.Fatalf("the sample opens %d and closes %d, want %d and %d", o, c, e.Open, e.Close)
	}
	p := Parse(unbalanced, nil)
	if n := p.Text.Counts(); n.Depth != e.Depth {
		t.Errorf("depth %d, want %d", n.Depth, e.Depth)
	}
	if len(p.Warnings) != e.Unclosed || p.Warnings[0].String() != "3:59: unclosed-bracket" {
		t.Errorf("warnings %v, want one at the bracket before report", p.Warnings)
	}
	if len(p.Text.Clauses) != 2 || !p.Whole() {
		t.Errorf("the paragraph after it is not read: %s", Print(p.Text, nil))
	}
}

// Hostile sources are read in time and memory that go with their size, and
// say where they were too much.
func TestHostileSources(t *testing.T) {
	size := 1 << 20
	if *everything {
		size = MaxSource
	}
	deep := strings.Repeat("[", 10_000) + "x" + strings.Repeat("]", 10_000)
	for _, c := range []struct {
		name, src, key string
	}{
		{"10 MB of brackets", strings.Repeat("[", 10<<20), "source-too-large"},
		{"opening brackets", strings.Repeat("[", size), "too-deep"},
		{"closing brackets", strings.Repeat("]", size), ""},
		{"pairs", strings.Repeat("[a]", size/3), "too-many-brackets"},
		{"empty pairs", strings.Repeat("[]", size/2), "too-many-brackets"},
		{"slashes", "[" + strings.Repeat("/", size-2) + "]", ""},
		{"braces", strings.Repeat("{A: ", size/4), "too-deep"},
		{"stances", "[" + strings.Repeat("(+A,", size/4-1), ""},
		{"clauses", strings.Repeat("1. \n", size/4), "too-many-clauses"},
		{"backslashes", strings.Repeat(`\`, size), ""},
		{"footnotes", strings.Repeat("[^1]", size/4), "too-many-brackets"},
		{"controls", strings.Repeat("\x01", size), "control-character"},
		{"overrides", strings.Repeat("\u202e", size/3), ""},
		{"10,000 deep", deep, "too-deep"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Parse(c.src, nil)
			if p.Whole() != (c.key == "") {
				t.Errorf("whole: %v; %v", p.Whole(), p.Warnings)
			}
			found := c.key == ""
			for _, w := range p.Warnings {
				found = found || w.Key == c.key
			}
			if !found {
				t.Errorf("no warning %s in %v", c.key, p.Warnings)
			}
			if len(p.Warnings) > 2*maxWarnings {
				t.Errorf("%d warnings", len(p.Warnings))
			}
		})
	}
}
