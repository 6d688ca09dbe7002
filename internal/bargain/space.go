package bargain

import (
	"context"
	"math/big"
	"slices"
)

// space is a problem taken apart into groups of issues that do not influence
// one another: the worth of a deal is the sum of what its groups bring. In
// each group only the choices remain that no other choice of the group equals
// or surpasses for every party; equal ones are counted. Every objective the
// engine knows prefers more to less, so no best deal is lost.
type space struct {
	n       int
	groups  []group
	reserve []int64
	lo, hi  []int64 // least and largest sums of what remains
	full    []int64 // range of the sums over all choices, those left out too
	limit   Limit   // why not every deal was seen
	simple  bool    // one group for each issue, so certificates can speak of it
}

// group is a set of issues settled together.
type group struct {
	issues []int
	vec    vectors    // worth of the choices that remain
	picks  []uint16   // their options, len(issues) each
	count  []*big.Int // how many choices have this very worth; nil: 1 each
}

func (g *group) len() int { return g.vec.len() }

func (g *group) pick(c int) []uint16 {
	return g.picks[c*len(g.issues) : (c+1)*len(g.issues)]
}

var one = big.NewInt(1)

func (g *group) ways(c int) *big.Int {
	if g.count == nil {
		return one
	}
	return g.count[c]
}

// space takes the problem apart, once.
func (p *Problem) space(ctx context.Context, o Options) (*space, error) {
	if p.coupled() {
		// Elimination can be long and can be cancelled, so its failure is not kept.
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.reduced == nil && p.part != nil && ctx.Err() != nil {
			return p.part, nil
		}
		if p.reduced == nil {
			s, err := p.takeApart(ctx, o)
			if err != nil {
				return nil, err
			}
			if s.limit != NoLimit {
				p.part = s // for those who ask when their time is already over
				return s, nil
			}
			p.keep(s)
		}
		return p.reduced, nil
	}
	p.once.Do(func() {
		s, err := p.takeApart(ctx, o)
		if p.fault = err; err == nil {
			p.keep(s)
		}
	})
	return p.reduced, p.fault
}

// keep remembers a space and what every question asks of it.
func (p *Problem) keep(s *space) {
	p.reduced, p.ready = s, newField(s)
	if s.simple {
		p.digest = p.Tables().Digest()
	}
}

// coupled says whether some issues influence one another.
func (p *Problem) coupled() bool {
	return len(p.pairs)+len(p.clauses) > 0 || slices.ContainsFunc(p.opaque, func(o *Opaque) bool { return o != nil })
}

func (p *Problem) takeApart(ctx context.Context, o Options) (*space, error) {
	s := &space{n: p.n, reserve: slices.Clone(p.reserve), simple: !p.coupled() && !p.bare}
	if slices.ContainsFunc(p.opaque, func(o *Opaque) bool { return o != nil }) {
		g, worst, limit, err := p.stream(ctx, o)
		if err != nil {
			return nil, err
		}
		s.groups, s.limit = []group{g}, limit
		for q, r := range s.reserve {
			if r == unknownReserve {
				s.reserve[q] = worst[q]
			}
		}
	} else {
		for _, issues := range p.components() {
			g, err := p.group(ctx, issues, o)
			if err != nil {
				return nil, err
			}
			s.groups = append(s.groups, g)
		}
	}
	s.measure()
	s.full = make([]int64, s.n)
	for q := range s.n {
		s.full[q] = s.span(q)
		if s.simple {
			s.full[q] = 1
			for i := range p.values {
				lo, hi := p.extremes(i, q)
				s.full[q] += hi - lo
			}
		}
	}
	return s, nil
}

func (p *Problem) group(ctx context.Context, issues []int, o Options) (group, error) {
	if len(issues) == 1 {
		return p.single(issues[0])
	}
	return p.eliminate(ctx, issues, o)
}

// single is the group of one issue, without the options its rules forbid.
func (p *Problem) single(i int) (group, error) {
	vec, picks := vectors{n: p.n}, []uint16(nil)
	d := make(Deal, len(p.t.Issues))
	for o := range p.t.Issues[i].Options {
		d[i] = uint16(o)
		allowed := true
		for _, c := range p.clauses {
			if within(c, i) && !holds(c, d) {
				allowed = false
			}
		}
		if allowed {
			vec.v = append(vec.v, p.values[i][o*p.n:(o+1)*p.n]...)
			picks = append(picks, uint16(o))
		}
	}
	if len(picks) == 0 {
		return group{}, &Refusal{Fault: NoDeal, Issue: p.t.Issues[i].ID, Why: "the rules forbid every option of issue \"" + p.t.Issues[i].ID + "\"; relax one of them"}
	}
	return sieve([]int{i}, vec, picks, nil), nil
}

// within says whether a clause speaks of issue i alone.
func within(c []literal, i int) bool {
	return !slices.ContainsFunc(c, func(l literal) bool { return l.issue != i })
}

// sieve makes a group of the choices no other surpasses, counting equal ones.
func sieve(issues []int, vec vectors, picks []uint16, count []*big.Int) group {
	order := vec.sorted()
	kept := vec.maxima(order)
	m := len(issues)
	g := group{issues: issues, vec: vectors{n: vec.n, v: make([]int64, 0, len(kept)*vec.n)}, picks: make([]uint16, 0, len(kept)*m)}
	tied := len(kept) < len(order) || count != nil
	next := 0
	for _, i := range kept {
		g.vec.v = append(g.vec.v, vec.at(i)...)
		g.picks = append(g.picks, picks[int(i)*m:(int(i)+1)*m]...)
		if !tied {
			continue
		}
		for order[next] != i {
			next++
		}
		ways := new(big.Int)
		for ; next < len(order) && slices.Equal(vec.at(order[next]), vec.at(i)); next++ {
			if count != nil {
				ways.Add(ways, count[order[next]])
			} else {
				ways.Add(ways, one)
			}
		}
		g.count = append(g.count, ways)
	}
	return g
}

// measure finds the range of each party's sums.
func (s *space) measure() {
	s.lo, s.hi = make([]int64, s.n), make([]int64, s.n)
	for _, g := range s.groups {
		for p := range s.n {
			lo, hi := g.vec.v[p], g.vec.v[p]
			for c := p; c < len(g.vec.v); c += s.n {
				lo, hi = min(lo, g.vec.v[c]), max(hi, g.vec.v[c])
			}
			s.lo[p] += lo
			s.hi[p] += hi
		}
	}
}

// span is how far apart a party's best and worst remaining sums are; at
// least 1.
func (s *space) span(p int) int64 { return max(1, s.hi[p]-s.lo[p]) }

// deal writes the options of a choice in every group into a deal.
func (s *space) deal(choice []int, issues int) Deal {
	d := make(Deal, issues)
	s.write(d, choice)
	return d
}

func (s *space) write(d Deal, choice []int) {
	for g, c := range choice {
		for x, o := range s.groups[g].pick(c) {
			d[s.groups[g].issues[x]] = o
		}
	}
}

// sum is what a choice in every group is worth.
func (s *space) sum(choice []int) []int64 {
	u := make([]int64, s.n)
	for g, c := range choice {
		for p, v := range s.groups[g].vec.at(int32(c)) {
			u[p] += v
		}
	}
	return u
}
