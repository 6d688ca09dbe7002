package bargain

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"

	"parley/internal/certificate"
)

// Objective is what a solution is best at. The definitions are those of the
// literature, on the finite set of deals; where tools differ, Peers says how.
//
// In all of them the gain of a party is its utility less its reservation
// value, and only deals in which nobody's gain is negative are considered
// (unless Utilitarian.Anyhow says otherwise).
type Objective interface {
	ask(ctx context.Context, a *asking) (Solution, error)
}

// Nash is the deal with the largest product of gains (Nash 1950), each raised
// to its party's weight. Weights are whole numbers 1 to 64, nil for equal
// ones. If no deal gives everybody a positive gain, the product is taken over
// the first largest set of parties, in their order, that can all gain while
// nobody else loses (as maximum Nash welfare does).
type Nash struct{ Weights []int64 }

// KalaiSmorodinsky is the deal with the largest least share of the ideal
// gains, then the largest second least, and so on (Kalai and Smorodinsky
// 1975; on finite sets Nagahisa and Tanaka 2002). A party's ideal gain is the
// most it gains in any deal in which nobody's gain is negative; a party whose
// ideal gain is 0 is measured in its own units.
type KalaiSmorodinsky struct{}

// Egalitarian is the deal with the largest least gain on the parties' own
// scales, then the largest second least, and so on (Kalai 1977; leximin).
type Egalitarian struct{}

// Utilitarian is the deal with the largest weighted sum of utilities on the
// parties' own scales. Weights nil: 1 each. Anyhow drops the condition that
// nobody's gain be negative.
type Utilitarian struct {
	Weights []int64
	Anyhow  bool
}

// MaxParty is the most one party can have while nobody's gain is negative.
// Among equal deals the one whose other gains are fairest is preferred.
type MaxParty struct{ Party int }

// Solution is the answer to an Objective.
type Solution struct {
	Point               // the deal; zero when there is no agreement
	Agreement bool      // nobody's gain is negative in the deal
	Gains     []int64   // utilities less the reserves, in units
	Value     float64   // product, least share or sum, on the parties' own scales
	Upper     float64   // what Value is proved not to pass
	Also      []Point   // deals as good with other utilities; more by Problem.Ties
	AlsoMore  bool      // and there are more of them than are listed
	Ideals    []int64   // ideal gains in units; Kalai-Smorodinsky only
	Left      []int     // parties a Nash product had to leave out
	Guarantee Guarantee // of the deal, or that there is none

	// InfeasibleWhy says why no deal is acceptable to all; nil if one is.
	InfeasibleWhy *Shortfall
}

// asking is a question in progress.
type asking struct {
	p *Problem
	s *space
	f *field
	o Options
}

func (p *Problem) asking(ctx context.Context, o Options) (*asking, error) {
	s, err := p.space(ctx, o)
	if err != nil {
		return nil, err
	}
	f := p.ready
	if s.limit != NoLimit {
		f = newField(s)
	}
	return &asking{p: p, s: s, f: f, o: o}, nil
}

// Solve finds the deal that is best under the objective, with proof. When the
// context ends first the best deal found is returned with the proved gap.
func (p *Problem) Solve(ctx context.Context, obj Objective, o Options) (Solution, error) {
	a, err := p.asking(ctx, o)
	if err != nil {
		return Solution{}, err
	}
	sol, err := obj.ask(ctx, a)
	if err == nil && a.s.limit != NoLimit {
		// The best of the deals seen; nothing is known of the others.
		sol.Guarantee = Guarantee{Kind: Stopped, Eps: 1, Limit: a.s.limit}
		sol.Upper = math.Inf(1)
	}
	return sol, err
}

// search runs one question.
func (a *asking) search(ctx context.Context, q certificate.Question) *search {
	s := newSearch(a.f, q, a.o.Budget.partials())
	if a.o.OnProgress != nil {
		s.tell = func(lower, upper float64) {
			a.o.tell(Progress{Phase: "solve", Lower: lower * a.unit(s), Upper: upper * a.unit(s)})
		}
	}
	s.run(ctx)
	return s
}

// unit turns an objective in units into the parties' own scales.
func (a *asking) unit(s *search) float64 {
	u := 1.0
	switch s.q.Aim {
	case certificate.Product:
		for q, w := range s.q.Weights {
			u /= math.Pow(float64(a.p.denom[q]), float64(w))
		}
	case certificate.Sum:
		// The weights were multiplied by a common factor; this undoes it for
		// the parties that count equally, and sumValue does the rest.
		for _, w := range s.q.Weights {
			if w > 0 {
				return 1 / float64(w)
			}
		}
	}
	return u
}

// point turns a choice into a point.
func (a *asking) point(x *found) Point {
	u := make([]int64, len(x.gains))
	for q, g := range x.gains {
		u[q] = g + a.s.reserve[q]
	}
	return Point{u, a.s.deal(x.choice, len(a.p.t.Issues))}
}

// solution puts what a search found into words of the field.
func (a *asking) solution(s *search) Solution {
	sol := Solution{Agreement: true, Point: a.point(s.best), Gains: s.best.gains, AlsoMore: s.crowded}
	for _, x := range s.also {
		sol.Also = append(sol.Also, a.point(x))
	}
	lower, upper := s.aims.value(s.best.gains), s.aims.bound(s.dear)
	sol.Guarantee = Guarantee{Kind: Exact, Limit: s.limit}
	if s.limit == NoLimit {
		upper = lower
	} else {
		sol.Guarantee.Kind, sol.Guarantee.Eps = a.gap(s, lower, upper)
	}
	unit := a.unit(s)
	sol.Value, sol.Upper = lower*unit, max(lower, upper)*unit
	if a.s.simple {
		sol.Guarantee.Proof = s.proof(sol.Deal, a.p.digest)
	}
	return sol
}

// gap is the proved distance of an unfinished search.
func (a *asking) gap(s *search, lower, upper float64) (Kind, float64) {
	if upper <= 0 || lower <= 0 {
		return Stopped, 1
	}
	r := lower / upper
	if s.q.Aim == certificate.Product {
		all := int64(0)
		for _, w := range s.q.Weights {
			all += w
		}
		r = math.Pow(r, 1/float64(all))
	}
	return Within, max(0, 1-r)
}

func zeros(n int) []int64 { return make([]int64, n) }

func (nash Nash) ask(ctx context.Context, a *asking) (Solution, error) {
	w := nash.Weights
	if w == nil {
		w = slices.Repeat([]int64{1}, a.p.n)
	}
	if len(w) != a.p.n || slices.Min(w) < 1 || slices.Max(w) > 64 {
		return Solution{}, &Refusal{Fault: BadTemplate, Why: fmt.Sprintf("Nash weights must be whole numbers from 1 to 64, one for each of the %d parties", a.p.n)}
	}
	s := a.search(ctx, certificate.Question{Aim: certificate.Product, Weights: w})
	if s.best != nil {
		return a.solution(s), nil
	}
	if s.limit != NoLimit {
		return a.stopped(ctx, s)
	}
	zone := a.least(ctx)
	if zone.best == nil || slices.Min(zone.best.gains) < 0 {
		return a.noAgreement(zone), nil
	}
	return a.leaveOut(ctx, w, zone)
}

// leaveOut looks for the largest set of parties that can all gain.
func (a *asking) leaveOut(ctx context.Context, w []int64, zone *search) (Solution, error) {
	for size := a.p.n - 1; size > 0; size-- {
		for _, left := range subsets(a.p.n, a.p.n-size) {
			weights := slices.Clone(w)
			for _, q := range left {
				weights[q] = 0
			}
			s := a.search(ctx, certificate.Question{Aim: certificate.Product, Weights: weights, Floors: zeros(a.p.n)})
			if s.best == nil {
				continue
			}
			sol := a.solution(s)
			sol.Left = left
			return sol, nil
		}
	}
	sol := a.solution(zone)
	for q := range a.p.n {
		sol.Left = append(sol.Left, q)
	}
	return sol, nil
}

// subsets lists the sets of k of n parties so that the sets they leave come in
// the parties' order.
func subsets(n, k int) [][]int {
	var all [][]int
	for mask := range 1 << n {
		var set []int
		for q := range n {
			if mask>>(n-1-q)&1 == 1 {
				set = append(set, q)
			}
		}
		if len(set) == k {
			all = append(all, set)
		}
	}
	return all
}

// least finds the deal with the largest least gain, on the parties' own
// scales.
func (a *asking) least(ctx context.Context) *search {
	return a.search(ctx, certificate.Question{Aim: certificate.Least, Scale: slices.Clone(a.p.denom)})
}

// stopped answers when a limit came before any acceptable deal: the fairest
// deal known, which some party may not accept.
func (a *asking) stopped(ctx context.Context, s *search) (Solution, error) {
	sol := Solution{Guarantee: Guarantee{Kind: Stopped, Limit: s.limit}, Upper: s.aims.bound(s.dear) * a.unit(s)}
	zone := newSearch(a.f, certificate.Question{Aim: certificate.Least, Scale: slices.Clone(a.p.denom)}, a.o.Budget.partials())
	zone.consider(zone.start, nil)
	zone.climb()
	sol.Point, sol.Gains = a.point(zone.best), zone.best.gains
	if sol.Agreement = slices.Min(sol.Gains) >= 0; sol.Agreement {
		sol.Value = s.valueIfAllowed(sol.Gains) * a.unit(s)
	}
	return sol, nil
}

func (s *search) valueIfAllowed(g []int64) float64 {
	if !s.aims.allowed(g) {
		return 0
	}
	return s.aims.value(g)
}

// noAgreement answers that no deal is acceptable to everybody.
func (a *asking) noAgreement(zone *search) Solution {
	sol := Solution{Guarantee: Guarantee{Kind: Exact, Limit: zone.limit}}
	if a.s.simple {
		sol.Guarantee.Proof = zone.proof(a.s.deal(zone.best.choice, len(a.p.t.Issues)), a.p.digest)
	}
	sol.InfeasibleWhy = a.shortfall(zone)
	return sol
}

func (Egalitarian) ask(ctx context.Context, a *asking) (Solution, error) {
	s := a.least(ctx)
	if s.limit == NoLimit && slices.Min(s.best.gains) < 0 {
		return a.noAgreement(s), nil
	}
	sol := a.solution(s)
	sol.Agreement = slices.Min(sol.Gains) >= 0
	return sol, nil
}

func (u Utilitarian) ask(ctx context.Context, a *asking) (Solution, error) {
	w, err := a.sumWeights(u.Weights)
	if err != nil {
		return Solution{}, err
	}
	q := certificate.Question{Aim: certificate.Sum, Weights: w}
	if !u.Anyhow {
		q.Floors = zeros(a.p.n)
	}
	sol, err := a.sum(ctx, q)
	if err == nil && sol.Gains != nil && slices.Min(sol.Gains) < 0 {
		sol.Agreement = false
	}
	return sol, err
}

// sumWeights brings weights on the parties' own scales to weights on units.
func (a *asking) sumWeights(w []int64) ([]int64, error) {
	if w == nil {
		w = slices.Repeat([]int64{1}, a.p.n)
	}
	if len(w) != a.p.n || slices.Min(w) < 0 || slices.Max(w) < 1 {
		return nil, &Refusal{Fault: BadTemplate, Why: fmt.Sprintf("utilitarian weights must be whole numbers, one for each of the %d parties, none negative and not all 0", a.p.n)}
	}
	lcm := big.NewInt(1)
	for _, d := range a.p.denom {
		lcmInto(lcm, big.NewInt(d))
	}
	out := make([]int64, a.p.n)
	for q, x := range w {
		v := new(big.Int).Mul(big.NewInt(x), new(big.Int).Quo(lcm, big.NewInt(a.p.denom[q])))
		if v.BitLen() > 50 {
			return nil, &Refusal{Fault: TooFine, Why: "the parties' scales are too different in fineness to add up exactly; round the scorings to the same number of decimals"}
		}
		out[q] = v.Int64()
	}
	return out, nil
}

// sum solves a weighted sum and says so if there is no acceptable deal.
func (a *asking) sum(ctx context.Context, q certificate.Question) (Solution, error) {
	s := a.search(ctx, q)
	if s.best != nil {
		sol := a.solution(s)
		a.sumValue(&sol, q, s)
		return sol, nil
	}
	if s.limit != NoLimit {
		return a.stopped(ctx, s)
	}
	return a.noAgreement(a.least(ctx)), nil
}

// sumValue gives a sum's value as utilities, not gains, on the own scales.
func (a *asking) sumValue(sol *Solution, q certificate.Question, s *search) {
	total, top := 0.0, 0
	for p, w := range q.Weights {
		if w > q.Weights[top] {
			top = p
		}
		total += float64(w) * float64(sol.Utilities[p])
	}
	// One unit of a sum is 1/lcm of the own scales; recover it from a party
	// that counts: its weight is w·lcm/denom.
	reach := (sol.Upper - sol.Value) / a.unit(s) * float64(q.Weights[top]) / float64(s.q.Weights[top])
	unit := a.lcmUnit()
	sol.Value, sol.Upper = total*unit, (total+reach)*unit
}

func (a *asking) lcmUnit() float64 {
	lcm := big.NewInt(1)
	for _, d := range a.p.denom {
		lcmInto(lcm, big.NewInt(d))
	}
	f, _ := new(big.Float).SetInt(lcm).Float64()
	return 1 / f
}

func (m MaxParty) ask(ctx context.Context, a *asking) (Solution, error) {
	if m.Party < 0 || m.Party >= a.p.n {
		return Solution{}, &Refusal{Fault: BadTemplate, Why: fmt.Sprintf("there is no party number %d", m.Party+1)}
	}
	s := a.search(ctx, ideal(a.p.n, m.Party))
	if s.best == nil {
		if s.limit != NoLimit {
			return a.stopped(ctx, s)
		}
		return a.noAgreement(a.least(ctx)), nil
	}
	sol := a.solution(s)
	d := float64(a.p.denom[m.Party])
	gap := (sol.Upper - sol.Value) / a.unit(s) / float64(s.q.Weights[m.Party])
	sol.Value = float64(sol.Utilities[m.Party]) / d
	sol.Upper = sol.Value + gap/d
	return sol, nil
}

func ideal(n, party int) certificate.Question {
	q := certificate.Question{Aim: certificate.Sum, Weights: zeros(n), Floors: zeros(n)}
	q.Weights[party] = 1
	return q
}

func (KalaiSmorodinsky) ask(ctx context.Context, a *asking) (Solution, error) {
	ideals, proofs := make([]int64, a.p.n), make([]*certificate.Proof, a.p.n)
	worst := Guarantee{}
	for q := range a.p.n {
		s := a.search(ctx, ideal(a.p.n, q))
		if s.best == nil && s.limit == NoLimit {
			return a.noAgreement(a.least(ctx)), nil
		}
		if s.best == nil {
			return a.stopped(ctx, s)
		}
		x := a.solution(s)
		if ideals[q], proofs[q] = s.best.gains[q], x.Guarantee.Proof; x.Guarantee.Kind > worst.Kind {
			worst = x.Guarantee
		}
	}
	scale := make([]int64, a.p.n)
	for q, g := range ideals {
		scale[q] = max(1, g)
	}
	s := a.search(ctx, certificate.Question{Aim: certificate.Least, Scale: scale})
	sol := a.solution(s)
	sol.Ideals = ideals
	sol.Agreement = slices.Min(sol.Gains) >= 0
	if worst.Kind != Exact {
		// The ideals are only bounded, so the shares are of deals found.
		sol.Guarantee = Guarantee{Kind: max(worst.Kind, sol.Guarantee.Kind), Eps: max(worst.Eps, sol.Guarantee.Eps), Limit: worst.Limit}
		return sol, nil
	}
	if sol.Guarantee.Proof != nil {
		sol.Guarantee.Proof.Scales = proofs
		sol.Guarantee.Proof.Close()
	}
	return sol, nil
}

// Tables are what certificates of this problem speak about: additive
// problems' gains in units. A problem with rules, pair terms or opaque
// scorings has none and returns nil.
func (p *Problem) Tables() *certificate.Tables {
	if p.coupled() {
		return nil
	}
	t := &certificate.Tables{Parties: p.n, Values: p.values}
	for _, r := range p.reserve {
		t.Offset = append(t.Offset, -r)
	}
	return t
}

// Shortfall says why no deal is acceptable to everybody, in facts a surface
// can put into words: with these weights on the parties' gains, the best any
// deal reaches is Best, and acceptance by all would need at least 0. Where
// weighing alone does not show it, Searched is true: every deal that could
// still have done was looked at.
type Shortfall struct {
	Weights  []float64 // on the parties' own scales, adding up to 1
	Best     float64   // weighted gain of the best deal, on those scales
	Searched bool      // Best ≥ 0: the proof needed the search besides
	Nearest  Point     // the deal whose least gain is largest
	Missing  []Number  // what each party lacks in it, 0 where content
}

func (a *asking) shortfall(zone *search) *Shortfall {
	x := &Shortfall{Weights: make([]float64, a.p.n), Nearest: a.point(zone.best), Missing: make([]Number, a.p.n)}
	total := 0.0
	for q, l := range zone.prices {
		x.Weights[q] = float64(l) * float64(a.p.denom[q])
		total += x.Weights[q]
	}
	for q := range x.Weights {
		x.Weights[q] /= total
	}
	x.Best = float64(zone.dear) / total
	x.Searched = zone.dear >= 0
	for q, g := range zone.best.gains {
		if g < 0 {
			x.Missing[q] = Ratio(-g, a.p.denom[q])
		}
	}
	return x
}
