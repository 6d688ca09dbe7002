package bargain

import (
	"cmp"
	"context"
	"slices"
)

// Trade is a change of a draft in a few issues that leaves nobody worse off
// and somebody better.
type Trade struct {
	Issues []int   // positions of the issues that change, rising
	Deal   Deal    // the draft with the change
	Gains  []int64 // what each party gains on the draft, in units, none negative
}

// Trades are the answer to Problem.Trades.
type Trades struct {
	List      []Trade // fewest issues first, then the largest least gain as a share of the party's range
	Guarantee Guarantee
}

// maxTrades bounds the list; passing it is told by Guarantee.Limit.
const maxTrades = 100_000

// Trades lists every change of a draft in at most issues issues (1, 2 or 3)
// that leaves nobody worse off. A trade of more issues is listed only if it
// needs all of them: no smaller listed trade is contained in it. With
// coupled or opaque problems deals that break a rule are left out.
func (p *Problem) Trades(ctx context.Context, draft Deal, issues int, o Options) (Trades, error) {
	at, err := p.Score(draft)
	if err != nil {
		return Trades{}, err
	}
	if issues < 1 || issues > 3 {
		return Trades{}, &Refusal{Fault: BadTemplate, Why: "trades are looked for in 1, 2 or 3 issues"}
	}
	w := &trader{p: p, ctx: ctx, draft: slices.Clone(draft), at: at.Utilities, seen: map[string]bool{}, open: p.coupled()}
	w.rests()
	for size := 1; size <= issues && w.limit == NoLimit; size++ {
		w.size = size
		w.extend(0, nil, make([]int64, p.n))
	}
	t := Trades{List: w.found, Guarantee: Guarantee{Limit: w.limit}}
	if w.limit != NoLimit {
		t.Guarantee.Kind, t.Guarantee.Eps = Stopped, 1
	}
	w.rank(t.List)
	return t, nil
}

// trader walks through changes of a draft.
type trader struct {
	p     *Problem
	ctx   context.Context
	draft Deal
	at    []int64
	size  int
	open  bool      // coupled: gains do not add up issue by issue
	best  [][]int64 // best[i]: the most one of the issues i.. can add, per party
	found []Trade
	seen  map[string]bool
	limit Limit
	steps int
}

// rests works out what one more issue can still bring, to cut the walk.
func (w *trader) rests() {
	n, m := w.p.n, len(w.draft)
	w.best = make([][]int64, m+1)
	w.best[m] = make([]int64, n)
	for i := m - 1; i >= 0; i-- {
		w.best[i] = slices.Clone(w.best[i+1])
		now := w.p.values[i][int(w.draft[i])*n:]
		for o := range w.p.t.Issues[i].Options {
			for q := range n {
				w.best[i][q] = max(w.best[i][q], w.p.values[i][o*n+q]-now[q])
			}
		}
	}
}

func (w *trader) extend(from int, issues []int, gain []int64) {
	left := w.size - len(issues)
	if left == 0 {
		w.take(issues, gain)
		return
	}
	n := w.p.n
	for i := from; i < len(w.draft) && w.limit == NoLimit; i++ {
		if !w.open && !w.enough(gain, i, left) {
			return // later issues bring no more
		}
		now := w.draft[i]
		base := w.p.values[i][int(now)*n:]
		for o := range w.p.t.Issues[i].Options {
			if w.steps++; w.steps&1023 == 0 && w.ctx.Err() != nil {
				w.limit = Cancelled
			}
			if w.limit != NoLimit {
				break
			}
			if uint16(o) == now {
				continue
			}
			next := slices.Clone(gain)
			for q := range n {
				next[q] += w.p.values[i][o*n+q] - base[q]
			}
			w.draft[i] = uint16(o)
			if w.open || w.enough(next, i+1, left-1) {
				w.extend(i+1, append(issues, i), next)
			}
		}
		w.draft[i] = now
	}
}

// enough says whether left more issues from i on can still make every gain
// non-negative.
func (w *trader) enough(gain []int64, i, left int) bool {
	for q, g := range gain {
		if g+int64(left)*w.best[i][q] < 0 {
			return false
		}
	}
	return true
}

func (w *trader) take(issues []int, gain []int64) {
	if w.open {
		if w.p.broken(w.draft) >= 0 {
			return
		}
		for q, u := range w.p.score1(w.draft) {
			gain[q] = u - w.at[q]
		}
	}
	if slices.Min(gain) < 0 || slices.Max(gain) == 0 || w.smaller(issues) {
		return
	}
	if len(w.found) >= maxTrades {
		w.limit = PointLimit
		return
	}
	w.seen[w.key(issues)] = true
	w.found = append(w.found, Trade{slices.Clone(issues), slices.Clone(w.draft), slices.Clone(gain)})
}

// key names a change by its issues and new options.
func (w *trader) key(issues []int) string {
	var b []byte
	for _, i := range issues {
		b = append(b, byte(i), byte(i>>8), byte(w.draft[i]), byte(w.draft[i]>>8))
	}
	return string(b)
}

// smaller says whether a part of the change is itself a listed trade.
func (w *trader) smaller(issues []int) bool {
	for mask := 1; mask < 1<<len(issues)-1; mask++ {
		var part []int
		for x, i := range issues {
			if mask>>x&1 == 1 {
				part = append(part, i)
			}
		}
		if w.seen[w.key(part)] {
			return true
		}
	}
	return false
}

func (w *trader) rank(list []Trade) {
	range0 := make([]float64, w.p.n)
	for q := range range0 {
		for i := range w.draft {
			lo, hi := w.p.extremes(i, q)
			range0[q] += float64(hi - lo)
		}
	}
	least := func(t Trade) float64 {
		l := 1e300
		for q, g := range t.Gains {
			l = min(l, float64(g)/max(1, range0[q]))
		}
		return l
	}
	slices.SortStableFunc(list, func(a, b Trade) int {
		return cmp.Or(cmp.Compare(len(a.Issues), len(b.Issues)), cmp.Compare(least(b), least(a)), slices.Compare(a.Deal, b.Deal))
	})
}

// extremes are the least and largest value of an issue to a party.
func (p *Problem) extremes(issue, party int) (lo, hi int64) {
	vs := p.values[issue]
	lo, hi = vs[party], vs[party]
	for o := party; o < len(vs); o += p.n {
		lo, hi = min(lo, vs[o]), max(hi, vs[o])
	}
	return lo, hi
}

// IssueTrade says what an issue means to two parties, for logrolling: each
// giving way where it costs little and is worth much to the other.
type IssueTrade struct {
	Issue        int
	First, Other int // the parties
	// Swing is how much of a party's whole range the issue decides (0..1).
	FirstSwing, OtherSwing float64
	// Opposed: what the one likes best is not what the other likes best.
	Opposed bool
	// Ratio is FirstSwing/OtherSwing: above 1 the issue matters more to First.
	// Adjusted Winner hands out contested issues in the order of this ratio.
	Ratio float64
}

// Logroll compares the issues for every pair of parties: pair by pair, the
// issues that matter more to the first party first. Contested issues at the
// two ends of a pair's list are the ones to trade against each other; those
// not Opposed can be settled to both parties' liking at once. Pair terms and
// opaque scorings are not counted.
func (p *Problem) Logroll() []IssueTrade {
	whole := make([]float64, p.n)
	for q := range whole {
		for i := range p.values {
			lo, hi := p.extremes(i, q)
			whole[q] += float64(hi - lo)
		}
		whole[q] = max(1, whole[q])
	}
	var all []IssueTrade
	for a := range p.n {
		for b := a + 1; b < p.n; b++ {
			from := len(all)
			for i := range p.values {
				la, ha := p.extremes(i, a)
				lb, hb := p.extremes(i, b)
				t := IssueTrade{Issue: i, First: a, Other: b, FirstSwing: float64(ha-la) / whole[a], OtherSwing: float64(hb-lb) / whole[b]}
				t.Opposed = !p.likedByBoth(i, a, b, ha, hb)
				t.Ratio = t.FirstSwing / max(t.OtherSwing, 1e-12)
				all = append(all, t)
			}
			slices.SortStableFunc(all[from:], func(x, y IssueTrade) int { return cmp.Compare(y.Ratio, x.Ratio) })
		}
	}
	return all
}

func (p *Problem) likedByBoth(issue, a, b int, ha, hb int64) bool {
	vs := p.values[issue]
	for o := 0; o < len(vs); o += p.n {
		if vs[o+a] == ha && vs[o+b] == hb {
			return true
		}
	}
	return false
}
