package scenario

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/internal/bargain"
)

func numbers(words string) (out []bargain.Number) {
	for _, w := range strings.Fields(words) {
		out = append(out, bargain.MustNumber(w))
	}
	return out
}

func line(ns []bargain.Number) string {
	var out []string
	for _, n := range ns {
		out = append(out, n.Rat().RatString())
	}
	return strings.Join(out, " ")
}

func TestSwingWeights(t *testing.T) {
	got, err := Swing(numbers("100 50 30 20"))
	if err != nil || line(got) != "1/2 1/4 3/20 1/10" {
		t.Errorf("swings of 100, 50, 30 and 20 weigh %s (%v)", line(got), err)
	}
	if _, err := Swing(numbers("0 0")); err == nil {
		t.Error("swings of nothing were weighed")
	}
	if _, err := Swing(numbers("100 -5")); err == nil {
		t.Error("a negative swing was weighed")
	}
}

// TestRankOrderCentroids: the published tables for two to four issues (Edwards and Barron 1994).
func TestRankOrderCentroids(t *testing.T) {
	for _, c := range []struct {
		ranks []int
		want  string
	}{
		{[]int{1}, "1"},
		{[]int{1, 2}, "3/4 1/4"},
		{[]int{3, 1, 2}, "1/9 11/18 5/18"},
		{[]int{1, 2, 3, 4}, "25/48 13/48 7/48 1/16"},
		{[]int{1, 2, 2}, "11/18 7/36 7/36"},
		{[]int{1, 1, 1}, "1/3 1/3 1/3"},
	} {
		got, err := SMARTER(c.ranks)
		if err != nil || line(got) != c.want {
			t.Errorf("ranks %v weigh %s (%v), want %s", c.ranks, line(got), err, c.want)
		}
	}
	for _, bad := range [][]int{nil, {0}, {1, 3}} {
		if w, err := SMARTER(bad); err == nil {
			t.Errorf("ranks %v weigh %s, want a refusal", bad, line(w))
		}
	}
}

func TestDirectRating(t *testing.T) {
	got, err := Rate(numbers("20 100 60"))
	if err != nil || line(got) != "0 1 1/2" {
		t.Errorf("points are rated %s (%v)", line(got), err)
	}
	if _, err := Rate(numbers("7 7")); err == nil || !strings.Contains(err.Error(), "weight 0") {
		t.Errorf("points all alike: %v", err)
	}
}

func TestDoubtsAreSaid(t *testing.T) {
	ws := DoubtWeights([]string{"level", "season", "seat"}, []int{1, 2, 3}, numbers("0.3 0.5 0.2"))
	if len(ws) != 1 || !strings.Contains(ws[0].Text, `"level" is ranked above "season"`) {
		t.Errorf("doubts %v", ws)
	}
	s, _, err := read(t, "a.csv", "issue,option,n\nlevel,low,0\nlevel,high,1\nseat,here,0\nseat,there,0.5\n")
	if err != nil {
		t.Fatal(err)
	}
	said := []Comparison{
		{First: bargain.Deal{1, 0}, Second: bargain.Deal{0, 1}},
		{First: bargain.Deal{0, 1}, Second: bargain.Deal{1, 0}},
		{First: bargain.Deal{0, 0}, Second: bargain.Deal{0, 1}, Alike: true},
	}
	ws, err = s.Doubt("n", said)
	if err != nil || len(ws) != 2 || !strings.Contains(ws[0].Text, "comparison 2") || !strings.Contains(ws[1].Text, "comparison 3") {
		t.Errorf("doubts %v (%v)", ws, err)
	}
}

// TestUTARecoversTwoIssues: with two options each, "level before seat" says only that level weighs at least 0.505.
func TestUTARecoversTwoIssues(t *testing.T) {
	order := [][]int{{0, 1}, {0, 1}}
	h, err := UTA(order, []Comparison{{First: bargain.Deal{1, 0}, Second: bargain.Deal{0, 1}}}, bargain.MustNumber("0.01"))
	if err != nil {
		t.Fatal(err)
	}
	if h.Error.Sign() != 0 || h.Least[0].String() != "0.505" || h.Most[0].String() != "1" || h.Most[1].String() != "0.495" {
		t.Errorf("error %s, level weighs %s to %s, seat at most %s", h.Error, h.Least[0], h.Most[0], h.Most[1])
	}
	if got := line(h.Values[0]); got != "0 301/400" { // the mean of 1 and 0.505
		t.Errorf("level brings %s", got)
	}
}

// TestUTASaysWhichComparisonsContradict: two opposite answers must be set aside by twice the step together, no less.
func TestUTASaysWhichComparisonsContradict(t *testing.T) {
	a, b := bargain.Deal{1, 0}, bargain.Deal{0, 1}
	h, err := UTA([][]int{{0, 1}, {0, 1}}, []Comparison{{First: a, Second: b}, {First: b, Second: a}}, bargain.MustNumber("0.01"))
	if err != nil || h.Error.String() != "0.02" {
		t.Errorf("the error is %s (%v), want 0.02", h.Error, err)
	}
}

// TestUTAAgreesWithAConsistentParty: answers given by a true additive worth are all met, whatever it is.
func TestUTAAgreesWithAConsistentParty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := bargain.MustNumber("0.001")
		var order [][]int
		var truth [][]bargain.Number
		var total bargain.Number
		for range rapid.IntRange(1, 4).Draw(t, "issues") {
			n := rapid.IntRange(2, 5).Draw(t, "options")
			perm := rapid.Permutation([]int{0, 1, 2, 3, 4}[:n]).Draw(t, "order")
			vs, sum := make([]bargain.Number, n), bargain.Number{}
			for k, o := range perm {
				if k > 0 {
					sum = sum.Add(bargain.Whole(int64(rapid.IntRange(1, 50).Draw(t, "step"))))
				}
				vs[o] = sum
			}
			total = total.Add(sum)
			order, truth = append(order, perm), append(truth, vs)
		}
		worth := func(d bargain.Deal) (sum bargain.Number) {
			for i, o := range d {
				sum = sum.Add(truth[i][o].Quo(total))
			}
			return sum
		}
		pkg := func() bargain.Deal {
			d := make(bargain.Deal, len(order))
			for i := range d {
				d[i] = uint16(rapid.IntRange(0, len(order[i])-1).Draw(t, "option"))
			}
			return d
		}
		var said []Comparison
		for range rapid.IntRange(0, 8).Draw(t, "comparisons") {
			a, b := pkg(), pkg()
			switch d := worth(a).Sub(worth(b)); {
			case d.Cmp(step) >= 0:
				said = append(said, Comparison{First: a, Second: b})
			case bargain.Number{}.Sub(d).Cmp(step) >= 0:
				said = append(said, Comparison{First: b, Second: a})
			case d.Sign() == 0:
				said = append(said, Comparison{First: a, Second: b, Alike: true})
			}
		}
		h, err := UTA(order, said, step)
		if err != nil {
			t.Fatal(err)
		}
		if h.Error.Sign() != 0 {
			t.Fatalf("answers of one additive worth are set aside by %s", h.Error)
		}
		var bests bargain.Number
		for i, perm := range order {
			if h.Values[i][perm[0]].Sign() != 0 {
				t.Fatalf("the worst option of issue %d brings %s", i, h.Values[i][perm[0]])
			}
			w := h.Values[i][perm[len(perm)-1]]
			if w.Cmp(h.Least[i]) < 0 || w.Cmp(h.Most[i]) > 0 {
				t.Fatalf("issue %d weighs %s, outside %s to %s", i, w, h.Least[i], h.Most[i])
			}
			bests = bests.Add(w)
		}
		if !bests.Equal(bargain.Whole(1)) {
			t.Fatalf("the weights sum to %s", bests)
		}
		for k, c := range said {
			var a, b bargain.Number
			for i := range order {
				a, b = a.Add(h.Values[i][c.First[i]]), b.Add(h.Values[i][c.Second[i]])
			}
			if d := a.Sub(b); c.Alike && d.Sign() != 0 || !c.Alike && d.Cmp(step) < 0 {
				t.Fatalf("comparison %d is not met: %s and %s", k, a, b)
			}
		}
	})
}
