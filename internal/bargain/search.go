package bargain

import (
	"context"
	"math"
	"math/big"
	"slices"

	"parley/internal/certificate"
)

// search finds the best deal for one question and proves it. Prices bound
// what is possible; a deal that beats the best found loses little at those
// prices, so only choices with small losses can be in it. The search lists
// such choices for two halves of the groups and joins the halves through
// trees, allowing more loss from round to round until the proof is complete.
type search struct {
	f *field
	q certificate.Question
	n int

	weights []float64 // of the product or the sum
	floors  []int64   // always set; none: certificate.None

	prices []int64
	start  []int // the dearest choice in every group
	losses [][]int64
	dear   int64 // worth of start at the prices

	best    *found
	also    []*found // others whose primary value is the same
	crowded bool     // more of them than are kept
	budget  int      // partials
	limit   Limit
	tell    func(lower, upper float64)
	aims    aims
	spares  [2]spare
	longest int  // the longest list of the last round
	any     bool // any allowed deal will do: only whether there is one is asked
}

// found is a deal by its choice in every group, with gains.
type found struct {
	choice []int
	gains  []int64
}

// maxAlso bounds how many tied deals with other utilities are kept.
const maxAlso = 64

// newSearch prepares prices. floors may be nil.
func newSearch(f *field, q certificate.Question, budget int) *search {
	s := &search{f: f, q: q, n: f.n, budget: budget, floors: q.Floors}
	if s.floors == nil {
		s.floors = make([]int64, f.n)
		for p := range s.floors {
			s.floors[p] = certificate.None
		}
	}
	k := pricing{f: f, n: f.n, aim: q.Aim}
	top := 0.0
	for p := range f.n {
		k.x[p] = 1
		k.d[p] = float64(f.offset[p]) / f.span[p]
		floor := s.floors[p]
		switch q.Aim {
		case certificate.Product:
			if k.a[p] = float64(q.Weights[p]); k.a[p] == 0 {
				k.free[p] = floor == certificate.None
				if !k.free[p] {
					k.d[p] -= float64(floor) / f.span[p]
				}
			}
		case certificate.Least:
			k.s[p] = float64(q.Scale[p]) / f.span[p]
			top = max(top, k.s[p])
		default:
			k.w[p] = float64(q.Weights[p]) * f.span[p]
			top = max(top, k.w[p])
			if k.free[p] = floor == certificate.None; !k.free[p] {
				k.d[p] -= float64(floor) / f.span[p]
			}
		}
	}
	for p := range f.n {
		switch q.Aim {
		case certificate.Least:
			k.s[p] /= top
		case certificate.Sum:
			k.w[p] /= top
			k.x[p] = 0.1
		}
		if k.free[p] {
			k.x[p] = 0
		}
	}
	if q.Aim == certificate.Least {
		total := 0.0
		for p := range f.n {
			total += k.s[p]
		}
		for p := range f.n {
			k.x[p] = 1 / total
		}
	}
	k.prices(0.3)
	s.whole(&k)
	s.lose()
	s.aims = newAims(s)
	return s
}

// whole turns the prices into whole numbers small enough that no worth
// overflows. The weights of a sum are scaled with them, which asks the same.
func (s *search) whole(k *pricing) {
	heavy := 0.0
	for p := range s.n {
		off := math.Abs(float64(s.f.offset[p])) + max(s.f.span[p], float64(s.f.s.full[p]))
		if s.floors[p] != certificate.None {
			off += math.Abs(float64(s.floors[p]))
		}
		heavy += k.best[p] * off / s.f.span[p]
	}
	unit := math.Exp2(math.Floor(math.Log2(math.Exp2(59) / heavy)))
	s.prices = make([]int64, s.n)
	if s.q.Aim == certificate.Sum {
		// The weights' own scale: w[p]·span/top was what the pricing saw.
		top := 0.0
		for p := range s.n {
			top = max(top, float64(s.q.Weights[p])*s.f.span[p])
		}
		factor := max(1, int64(unit/top))
		s.q.Weights = slices.Clone(s.q.Weights)
		for p := range s.n {
			s.q.Weights[p] *= factor
			s.prices[p] = s.q.Weights[p]
			if !k.free[p] {
				s.prices[p] += int64(unit * max(0, k.best[p]-k.w[p]) / s.f.span[p])
			}
		}
		return
	}
	for p := range s.n {
		s.prices[p] = int64(math.Round(unit * k.best[p] / s.f.span[p]))
		if s.q.Aim == certificate.Product && s.q.Weights[p] > 0 {
			s.prices[p] = max(1, s.prices[p])
		}
		if k.free[p] {
			s.prices[p] = 0
		}
	}
	if slices.Max(s.prices) == 0 {
		s.prices[0] = 1
	}
}

// lose works out, in whole numbers, the dearest choice of each group and what
// every other choice loses against it.
func (s *search) lose() {
	s.start = make([]int, len(s.f.vals))
	s.losses = make([][]int64, len(s.f.vals))
	total := 0
	for _, v := range s.f.vals {
		total += len(v) / s.n
	}
	room := make([]int64, total)
	s.dear = 0
	for p, l := range s.prices {
		s.dear += l * s.f.offset[p]
	}
	for g, v := range s.f.vals {
		k := len(v) / s.n
		ls := room[:k:k]
		room = room[k:]
		top, at := int64(math.MinInt64), 0
		for c := range ls {
			w := int64(0)
			for p, l := range s.prices {
				w += l * v[c*s.n+p]
			}
			if ls[c] = w; w > top {
				top, at = w, c
			}
		}
		for c := range ls {
			ls[c] = top - ls[c]
		}
		s.losses[g], s.start[g] = ls, at
		s.dear += top
	}
}

// slack is the most a deal at least as good as the best found can lose; it is
// never less than the truth.
func (s *search) slack() int64 { return s.dear - s.aims.need() }

// most is what every choice can lose together.
func (s *search) most() int64 {
	total := int64(0)
	for _, ls := range s.losses {
		total += slices.Max(ls)
	}
	return total
}

// run searches until the proof is complete or a limit stops it.
func (s *search) run(ctx context.Context) {
	s.consider(s.start, nil)
	s.climb()
	if s.any && s.best != nil {
		return
	}
	most := s.most()
	scout := scoutAfter
	allow, passed, retries := s.firstAllowance(), int64(0), 1
	for {
		slack := min(s.slack(), most)
		if slack < 0 {
			return // nothing, or nothing better, is possible
		}
		allow = min(allow, slack)
		s.progress()
		asked := s.try(ctx, allow, slack)
		if s.limit == PartialLimit && allow < slack && retries > 0 {
			// Too much was allowed at once; what lies between may be enough.
			allow, retries, s.limit = passed+(allow-passed)/2, retries-1, NoLimit
			continue
		}
		if s.limit != NoLimit {
			return
		}
		passed = allow
		done := allow >= min(s.slack(), most) && covers(s.aims.least, asked)
		if done || s.any && s.best != nil {
			return
		}
		if s.longest > scout && s.slack() > allow {
			scout = 8 * s.longest
			s.scout(ctx, allow)
		}
		allow += 1 + int64(s.growth()*float64(allow))
	}
}

// try makes a round and says what it asked of every gain. As long as less is
// allowed than the proof needs, only deals that use the allowance well are
// asked for: if there is one, all better ones are found with it, and if there
// is none the round was short. So it matters little how good the best deal
// known is.
func (s *search) try(ctx context.Context, allow, slack int64) (asked []int64) {
	before, least := s.best, slices.Clone(s.aims.least)
	if allow < slack {
		s.aims.aspire(allow)
	}
	asked = slices.Clone(s.aims.least)
	s.limit = s.round(ctx, allow)
	if s.aims.least = least; s.best != before {
		s.aims.raise(s.best.gains)
	}
	return asked
}

// scoutAfter is how long lists are before a good deal is looked for.
const scoutAfter = 400

// scout looks for a deal that is good rather than best, among those that lose
// little: it is at hand when the search is stopped, and limits what has to be
// allowed.
func (s *search) scout(ctx context.Context, allow int64) {
	longest := s.longest
	for range 3 {
		if allow -= allow / 3; s.round(ctx, allow) == NoLimit {
			break
		}
	}
	s.longest = longest
}

// growth is by how much the allowance grows from round to round: more while
// rounds cost next to nothing, less when a round too generous would cost much.
func (s *search) growth() float64 {
	switch {
	case s.longest < 100:
		return 1
	case s.longest < 2000:
		return 0.5
	case s.longest < 20_000:
		return 0.25
	}
	return 0.12
}

func (s *search) progress() {
	if s.tell == nil {
		return
	}
	lower := math.NaN()
	if s.best != nil {
		lower = s.aims.value(s.best.gains)
	}
	s.tell(lower, s.aims.bound(s.dear))
}

// worth is what gains are worth at the prices.
func (s *search) worth(g []int64) int64 {
	t := int64(0)
	for p, v := range g {
		t += s.prices[p] * v
	}
	return t
}

// firstAllowance is a loss at which a dozen choices come into play.
func (s *search) firstAllowance() int64 {
	var few []int64
	for g, ls := range s.losses {
		for c, l := range ls {
			if c != s.start[g] {
				few = append(few, l)
			}
		}
	}
	if len(few) == 0 {
		return 0
	}
	slices.Sort(few)
	return few[min(len(few), 10+2*s.n)-1]
}

// climb improves the first deal by changing one choice at a time.
func (s *search) climb() {
	if len(s.f.vals) == 0 {
		return
	}
	choice := slices.Clone(s.start)
	gains := s.gains(choice)
	trial := make([]int64, s.n)
	for range 3 {
		moved := false
		for g, v := range s.f.vals {
			for c := range s.losses[g] {
				from := choice[g]
				if c == from {
					continue
				}
				for p := range s.n {
					trial[p] = gains[p] + v[c*s.n+p] - v[from*s.n+p]
				}
				if s.aims.leads(trial, gains) {
					choice[g], moved = c, true
					copy(gains, trial)
				}
			}
		}
		if !moved {
			break
		}
	}
	s.consider(choice, gains)
}

func (s *search) gains(choice []int) []int64 {
	g := slices.Clone(s.f.offset)
	for i, c := range choice {
		for p, v := range s.f.vals[i][c*s.n : (c+1)*s.n] {
			g[p] += v
		}
	}
	return g
}

// consider weighs a deal against the best found. gains may be nil.
func (s *search) consider(choice []int, gains []int64) {
	if gains == nil {
		gains = s.gains(choice)
	}
	if !s.aims.allowed(gains) {
		return
	}
	x := &found{slices.Clone(choice), slices.Clone(gains)}
	if s.best == nil {
		s.best = x
		s.aims.raise(x.gains)
		return
	}
	switch r := s.aims.compare(gains, s.best.gains); {
	case r > 0:
		s.best, s.also, s.crowded = x, nil, false
		s.aims.raise(x.gains)
	case r == 0:
		s.tie(x)
	}
}

// tie keeps a deal that is as good as the best but gives other utilities. The
// one whose least gain is larger stands first, then the one whose gains come
// first in order.
func (s *search) tie(x *found) {
	same := func(y *found) bool { return slices.Equal(x.gains, y.gains) }
	if same(s.best) || slices.ContainsFunc(s.also, same) {
		return
	}
	if len(s.also) >= maxAlso {
		s.crowded = true
		return
	}
	if s.aims.fairer(x.gains, s.best.gains) {
		x, s.best = s.best, x
	}
	s.also = append(s.also, x)
}

// proof is the certificate of what was proved.
func (s *search) proof(deal Deal, tables string) *certificate.Proof {
	p := &certificate.Proof{Tables: tables, Question: s.q, Prices: s.prices}
	if s.best != nil {
		p.Deal = deal
	}
	switch {
	case s.limit == NoLimit && s.best != nil:
		p.Exact = true
	default:
		p.Bound = s.exactBound()
	}
	return p.Close()
}

// exactBound is what the prices prove, as a fraction. For a product it is
// rounded up, which keeps the fraction short.
func (s *search) exactBound() *big.Rat {
	d := new(big.Int).SetInt64(s.dear)
	switch s.q.Aim {
	case certificate.Least:
		t := new(big.Int)
		for p, l := range s.prices {
			t.Add(t, new(big.Int).Mul(big.NewInt(l), big.NewInt(s.q.Scale[p])))
		}
		return new(big.Rat).SetFrac(d, t)
	case certificate.Sum:
		for p, l := range s.prices {
			if extra := l - s.q.Weights[p]; extra > 0 {
				d.Sub(d, new(big.Int).Mul(big.NewInt(extra), big.NewInt(s.floors[p])))
			}
		}
		return new(big.Rat).SetInt(d)
	}
	all := int64(0)
	for p, a := range s.q.Weights {
		if all += a; a == 0 && s.prices[p] > 0 {
			d.Sub(d, new(big.Int).Mul(big.NewInt(s.prices[p]), big.NewInt(s.floors[p])))
		}
	}
	if d.Sign() <= 0 {
		return new(big.Rat)
	}
	top, bottom := big.NewInt(1), new(big.Int).Exp(big.NewInt(all), big.NewInt(all), nil)
	for p, a := range s.q.Weights {
		e := big.NewInt(a)
		top.Mul(top, new(big.Int).Exp(new(big.Int).Mul(d, e), e, nil))
		bottom.Mul(bottom, new(big.Int).Exp(big.NewInt(s.prices[p]), e, nil))
	}
	top.Add(top, bottom).Sub(top, big.NewInt(1))
	return new(big.Rat).SetInt(top.Quo(top, bottom))
}
