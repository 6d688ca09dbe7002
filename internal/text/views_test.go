package text

import (
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParisDraft(t *testing.T) {
	var c struct {
		Sample   string
		Expected struct {
			Pairs    int   `json:"bracket_pairs"`
			Depth    int   `json:"max_depth"`
			Groups   []int `json:"alternative_groups"`
			Optional int
			Readings int64 `json:"clean_readings"`
		}
	}
	cases(t, "cop21-brackets", &c)
	x := whole(t, c.Sample, nil)
	n := x.Counts()
	var groups []int
	optional := 0
	for ch := range x.Clauses[0].Body.Choices {
		if ch.Form == Optional {
			optional++
		} else {
			groups = append(groups, len(ch.Options))
		}
	}
	if n.Pairs != c.Expected.Pairs || n.Depth != c.Expected.Depth || optional != c.Expected.Optional || !cmp.Equal(groups, c.Expected.Groups) {
		t.Errorf("%d pairs, depth %d, groups %v, %d optional; want %+v", n.Pairs, n.Depth, groups, optional, c.Expected)
	}
	if got := x.Count(); got.Cmp(big.NewInt(c.Expected.Readings)) != 0 {
		t.Errorf("%v clean readings, want %d", got, c.Expected.Readings)
	}
	seen := map[string]bool{}
	for s := range x.Readings() {
		words := x.Read(s).Clauses[0].Body
		if hasChoice(words) || strings.Contains(words.String(), "  ") {
			t.Errorf("%q is no clean reading", words.String())
		}
		seen[words.String()] = true
	}
	if len(seen) != int(c.Expected.Readings) {
		t.Errorf("%d different readings were enumerated, want %d", len(seen), c.Expected.Readings)
	}
	if got := strings.TrimSuffix(Print(x, nil), "\n"); got != c.Sample {
		t.Errorf("printed:\n%s\nwant\n%s", got, c.Sample)
	}
}

func TestReadingsOfNestedBrackets(t *testing.T) {
	x := whole(t, "1. a [b [c][d]] {RU: e [f]} {UA: g} [h][i [j [k]]]", nil)
	// [b [c][d]]: 2 or nothing. The two sides' readings: f or not. Then h, or i with nothing, j, or j k.
	if got, want := x.Count().Int64(), int64((2+1)*2*(1+3)); got != want {
		t.Errorf("%d readings, want %d", got, want)
	}
	n := 0
	for range x.Readings() {
		n++
	}
	if int64(n) != x.Count().Int64() {
		t.Errorf("%d readings enumerated of %v", n, x.Count())
	}
	first := ""
	for s := range x.Readings() {
		first = x.Clauses[0].Body.Read(s).String()
		break
	}
	if want := "a b c {e f} {g} h"; first != want {
		t.Errorf("first reading %q, want %q", first, want)
	}
}

func TestAsManyReadingsAreEnumeratedAsCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBody(t, 1, nil)
		want := b.Count()
		if want.Cmp(big.NewInt(5000)) > 0 {
			t.Skip("too many to enumerate in a test")
		}
		n := int64(0)
		for s := range b.Readings() {
			if n++; b.Read(s).Open() {
				t.Fatalf("%s is not clean", b.Read(s))
			}
		}
		if want.Int64() != n {
			t.Fatalf("%d readings of %v", n, want)
		}
	})
}

// Lake Orra, as in the specimen: what each side would sign.
const lake = `# Treaty on the Waters of Lake Orra

Article 2. Level of the Lake

1. The Parties shall keep the surface no lower than [S: 211.40][MEDIATION: 211.48][N: 211.55] metres above datum [, except in a declared drought (+S; -N)].

2. Either Party may ask for a reading within [N: two] [S: five] days.

Article 3. Abstraction

1.
Option 1: N: Each Party may take up to [N: 40][MEDIATION: 43][S: 46] million cubic metres. (+S)
Option 2: S: The Parties shall divide the yield equally. (-N)
Option 3: MEDIATION: no text
`

func TestCleanReadings(t *testing.T) {
	x := whole(t, lake, nil)
	for _, c := range []struct {
		side, level, days, take string
		silent                  int
	}{
		{"n", "211.55 metres above datum.", "two", "up to 40 million", 0},
		{"s", "211.40 metres above datum, except in a declared drought.", "five", "divide the yield", 0},
	} {
		r := x.Clean(c.side)
		all := Print(r.Text, nil)
		for _, want := range []string{c.level, c.days, c.take} {
			if !strings.Contains(all, want) {
				t.Errorf("%s reads\n%s\nwithout %q", c.side, all, want)
			}
		}
		if len(r.Silent) != c.silent {
			t.Errorf("%s is silent on %v, want %d", c.side, r.Silent, c.silent)
		}
		if r.Text.Counts().Brackets != 0 {
			t.Errorf("the reading of %s has brackets:\n%s", c.side, all)
		}
	}
	chair := x.ChairReading()
	if s := Print(chair.Text, nil); !strings.Contains(s, "211.48 metres") || strings.Contains(s, "Each Party may take") {
		t.Errorf("the mediator reads\n%s", s)
	}
	if len(chair.Silent) != 2 {
		t.Errorf("the mediator is silent on %v, want the drought and the days", chair.Silent)
	}
}

func TestDiffWords(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"", "", ""},
		{"the Lake", "the Lake", "=the Lake"},
		{"shall keep", "may keep", "-shall +may = keep"},
		{"İstanbul'da toplanır", "İstanbul'da toplanacaktır", "=İstanbul'da -toplanır +toplanacaktır"},
		{"об'єднання сторін", "об'єднання держав", "=об'єднання -сторін +держав"},
		{"two working days", "five calendar days", "-two working +five calendar = days"},
		{"a b", "", "-a b"},
	} {
		var got []string
		for _, e := range DiffWords(c.a, c.b) {
			got = append(got, string("-=+"[e.Op+1])+e.Words)
		}
		if s := strings.Join(strings.Fields(strings.Join(got, " ")), " "); s != strings.Join(strings.Fields(c.want), " ") {
			t.Errorf("%q to %q: %q, want %q", c.a, c.b, s, c.want)
		}
	}
}

func TestDiffHoldsBothWordings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"a", "b", "c", "d", " ", ", ", "lake ", "об'єднання "})
		a := strings.Join(rapid.SliceOfN(word, 0, 40).Draw(t, "a"), "")
		b := strings.Join(rapid.SliceOfN(word, 0, 40).Draw(t, "b"), "")
		if diff := rebuilt(DiffWords(a, b)); diff != [2]string{a, b} {
			t.Fatalf("%q and %q come back as %q", a, b, diff)
		}
	})
	a, b := long(30, 0, 1), strings.Repeat("other words entirely; ", 8000)
	if rebuilt(DiffWords(a, b)) != [2]string{a, b} {
		t.Error("two long wordings with nothing in common do not come back")
	}
}

func rebuilt(edits []Edit) (both [2]string) {
	for _, e := range edits {
		if e.Op != Insert {
			both[0] += e.Words
		}
		if e.Op != Delete {
			both[1] += e.Words
		}
	}
	return both
}

func TestDiffOfTexts(t *testing.T) {
	before := whole(t, "1. one\n\n2. two\n\n3. three\n\n4. four", nil)
	after := whole(t, "1. one\n\n2. the second\n\n3. three\n\n3 bis. new\n\n5. four", nil).Align(before)
	var got []string
	for _, d := range Diff(before, after) {
		switch {
		case d.Before == nil:
			got = append(got, "added "+d.After.Number)
		case d.After == nil:
			got = append(got, "out "+d.Before.Number)
		case !d.Same():
			got = append(got, "changed "+d.Before.Number+" "+d.After.Number)
		}
	}
	if s := strings.Join(got, ", "); s != "changed 2 2, added 3 bis, changed 4 5" {
		t.Errorf("got %s", s)
	}
}
