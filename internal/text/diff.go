package text

import (
	"slices"
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/words"
)

func isLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// An Edit is a stretch of words that two wordings share, or that is in one of them only.
type Edit struct {
	Op    Op
	Words string
}

// An Op says where the words of an edit stand.
type Op int8

const (
	Delete Op = iota - 1 // in the earlier only
	Keep                 // in both
	Insert               // in the later only
)

// DiffWords compares two wordings word by word, as Unicode divides words
// (UAX 29): İstanbul'da and об'єднання are one word each. Words that are kept
// between two changes only as spaces or stops are shown as changed, which is
// easier to read. The result depends on nothing but the two wordings.
func DiffWords(a, b string) []Edit {
	if a == b {
		if a == "" {
			return nil
		}
		return []Edit{{Keep, a}}
	}
	d := differ{ids: map[string]int32{}}
	x, y := d.tokens(a), d.tokens(b)
	d.a, d.b = x.ids, y.ids
	d.compare(0, len(x.ids), 0, len(y.ids), 0)
	return readable(d.edits(a, b, x, y))
}

// tokens are the words of one wording: what they are, and where each begins.
type tokens struct {
	ids   []int32
	start []int32 // one more than ids
}

type differ struct {
	ids   map[string]int32
	a, b  []int32
	kept  [][2]int // pairs of tokens that are in both, in order
	v     []int32
	trace []int32
}

func (d *differ) tokens(s string) tokens {
	t := tokens{make([]int32, 0, len(s)/3), make([]int32, 0, len(s)/3)}
	for it := words.FromString(s); it.Next(); {
		word := it.Value()
		n, ok := d.ids[word]
		if !ok {
			n = int32(len(d.ids))
			d.ids[word] = n
		}
		t.ids = append(t.ids, n)
		t.start = append(t.start, int32(it.Start()))
	}
	t.start = append(t.start, int32(len(s)))
	return t
}

// maxSteps bounds the search for the shortest difference between two
// stretches. Stretches that differ by more are divided at words that stand in
// each only once; if there are none, they have nothing in common.
const maxSteps = 128

// compare compares two ranges of tokens: what they begin and end with, then by
// Myers' greedy algorithm, and if that takes too long, between words that
// both have once (patience diff).
func (d *differ) compare(a0, a1, b0, b1, depth int) {
	for a0 < a1 && b0 < b1 && d.a[a0] == d.b[b0] {
		d.kept = append(d.kept, [2]int{a0, b0})
		a0, b0 = a0+1, b0+1
	}
	tail := 0
	for a0 < a1 && b0 < b1 && d.a[a1-1] == d.b[b1-1] {
		a1, b1, tail = a1-1, b1-1, tail+1
	}
	if a0 < a1 && b0 < b1 && !d.myers(a0, a1, b0, b1) && depth < 40 {
		d.patience(a0, a1, b0, b1, depth)
	}
	for i := range tail {
		d.kept = append(d.kept, [2]int{a1 + i, b1 + i})
	}
}

// myers finds the shortest difference, and reports whether it did within bounds
// (E. W. Myers, An O(ND) Difference Algorithm and Its Variations, 1986).
func (d *differ) myers(a0, a1, b0, b1 int) bool {
	n, m := a1-a0, b1-b0
	limit := min(n+m, maxSteps)
	width := 2*limit + 2
	if cap(d.v) < width {
		d.v = make([]int32, width)
	}
	v := d.v[:width]
	clear(v)
	trace := d.trace[:0] // row after row; row n has n+1 entries
	for step := 0; step <= limit; step++ {
		for k := -step; k <= step; k += 2 {
			x := 0
			if k == -step || k != step && v[limit+k] < v[limit+k+2] {
				x = int(v[limit+k+2])
			} else {
				x = int(v[limit+k]) + 1
			}
			y := x - k
			for x < n && y < m && y >= 0 && d.a[a0+x] == d.b[b0+y] {
				x, y = x+1, y+1
			}
			v[limit+k+1] = int32(x)
			trace = append(trace, int32(x))
			if x >= n && y >= m {
				d.trace = trace
				d.back(step, a0, b0, n, m)
				return true
			}
		}
	}
	d.trace = trace
	return false
}

// back walks the trace from the end and enters what was kept.
func (d *differ) back(steps, a0, b0, n, m int) {
	at := func(step, k int) int { return int(d.trace[step*(step+1)/2+(k+step)/2]) }
	from := len(d.kept)
	x, y := n, m
	for step := steps; step >= 0; step-- {
		k := x - y
		px, py, sx := 0, 0, 0 // where the step before ended; where this one's matches begin
		switch {
		case step == 0:
		case k == -step || k != step && at(step-1, k-1) < at(step-1, k+1):
			px = at(step-1, k+1)
			py, sx = px-k-1, px
		default:
			px = at(step-1, k-1)
			py, sx = px-k+1, px+1
		}
		for ; x > sx; x, y = x-1, y-1 {
			d.kept = append(d.kept, [2]int{a0 + x - 1, b0 + y - 1})
		}
		x, y = px, py
	}
	slices.Reverse(d.kept[from:])
}

// patience divides two ranges at the words that each has once, as far as they
// stand in the same order, and compares what lies between.
func (d *differ) patience(a0, a1, b0, b1, depth int) {
	anchors := d.anchors(a0, a1, b0, b1)
	if len(anchors) == 0 {
		return
	}
	x, y := a0, b0
	for _, p := range anchors {
		if p[0] < x || p[1] < y {
			continue
		}
		d.compare(x, p[0], y, p[1], depth+1)
		d.kept = append(d.kept, p)
		x, y = p[0]+1, p[1]+1
	}
	d.compare(x, a1, y, b1, depth+1)
}

// anchors returns the longest rising sequence of tokens unique to both ranges.
func (d *differ) anchors(a0, a1, b0, b1 int) [][2]int {
	type seen struct{ a, b, at, bt int }
	count := map[int32]*seen{}
	for i := a0; i < a1; i++ {
		s := count[d.a[i]]
		if s == nil {
			s = &seen{}
			count[d.a[i]] = s
		}
		s.a++
		s.at = i
	}
	var pairs [][2]int
	for i := b0; i < b1; i++ {
		if s := count[d.b[i]]; s != nil {
			s.b++
			s.bt = i
		}
	}
	for i := a0; i < a1; i++ {
		if s := count[d.a[i]]; s.a == 1 && s.b == 1 {
			pairs = append(pairs, [2]int{s.at, s.bt})
		}
	}
	return rising(pairs)
}

// rising returns the longest subsequence of pairs whose second parts rise.
func rising(pairs [][2]int) [][2]int {
	var ends []int // index of the pair that ends the best sequence of each length
	before := make([]int, len(pairs))
	for i, p := range pairs {
		n, _ := slices.BinarySearchFunc(ends, p[1], func(e, want int) int { return pairs[e][1] - want })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		} else {
			ends[n] = i
		}
	}
	var out [][2]int
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			out = append(out, pairs[i])
		}
	}
	slices.Reverse(out)
	return out
}

// edits makes stretches of what is kept and what lies between.
func (d *differ) edits(a, b string, x, y tokens) []Edit {
	var out []Edit
	add := func(op Op, s string, t tokens, from, to int) {
		if from == to {
			return
		}
		words := s[t.start[from]:t.start[to]]
		if n := len(out); n > 0 && out[n-1].Op == op {
			out[n-1].Words += words
			return
		}
		out = append(out, Edit{op, words})
	}
	i, k := 0, 0
	for n := 0; n < len(d.kept); {
		p := d.kept[n]
		add(Delete, a, x, i, p[0])
		add(Insert, b, y, k, p[1])
		run := 1
		for n+run < len(d.kept) && d.kept[n+run] == [2]int{p[0] + run, p[1] + run} {
			run++
		}
		add(Keep, a, x, p[0], p[0]+run)
		i, k, n = p[0]+run, p[1]+run, n+run
	}
	add(Delete, a, x, i, len(x.ids))
	add(Insert, b, y, k, len(y.ids))
	return out
}

// readable joins changes between which nothing but spaces and stops is kept.
func readable(edits []Edit) []Edit {
	var out []Edit
	var deleted, inserted strings.Builder
	flush := func() {
		if deleted.Len() > 0 {
			out = append(out, Edit{Delete, deleted.String()})
		}
		if inserted.Len() > 0 {
			out = append(out, Edit{Insert, inserted.String()})
		}
		deleted.Reset()
		inserted.Reset()
	}
	for i, e := range edits {
		switch e.Op {
		case Delete:
			deleted.WriteString(e.Words)
		case Insert:
			inserted.WriteString(e.Words)
		case Keep:
			between := deleted.Len() > 0 && inserted.Len() > 0 && i+1 < len(edits) && strings.IndexFunc(e.Words, isLetterOrDigit) < 0 && len(e.Words) < 4
			if between && changesBoth(edits[i+1:]) {
				deleted.WriteString(e.Words)
				inserted.WriteString(e.Words)
				continue
			}
			flush()
			out = append(out, e)
		}
	}
	flush()
	return out
}

// changesBoth reports whether the next change both deletes and inserts.
func changesBoth(edits []Edit) bool {
	return len(edits) > 1 && edits[0].Op == Delete && edits[1].Op == Insert
}
